//! Clients that change something at the service.

use super::prepare;
use super::service::HOST;
use super::table::{CARGO, DOCKER};

#[test]
#[ignore = "slow: run by ./tests/run"]
fn cargo_fetches_from_and_publishes_to_a_registry_that_requires_a_credential() {
    let Some(service) = prepare(&[&CARGO]) else {
        return;
    };
    let manifest = "[package]\nname = \"mine\"\nversion = \"1.0.0\"\nedition = \"2021\"\n\
        description = \"x\"\nlicense = \"MIT\"\n\n\
        [dependencies]\ndemo = { version = \"1\", registry = \"ours\" }\n";
    service.write("work/mine/Cargo.toml", manifest);
    service.write("work/mine/src/lib.rs", "");
    let path = ["--manifest-path", "mine/Cargo.toml"];
    let fetch = [&["fetch", "-vv"], &path[..]].concat();
    service.run(CARGO.program, &fetch).expect(0);
    service.expire();
    let publish = [
        "publish",
        "-vv",
        "--no-verify",
        "--allow-dirty",
        "--registry",
        "ours",
    ];
    let publish = [&publish, &path[..]].concat();
    service.run(CARGO.program, &publish).expect(0);
    assert!(service.has_upload());
    assert_eq!(service.issued(), 2, "the session was refreshed once");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn docker_login_and_logout_store_and_delete_nothing() {
    let Some(service) = prepare(&[&DOCKER]) else {
        return;
    };
    let config = service.read(".docker/config.json");
    let program = env!("CARGO_BIN_EXE_brainmaps");
    let login = "docker login --username me --password-stdin";
    let script = format!("'{program}' credential print | {login} {HOST}");
    let login = service.run("sh", &["-c", &script]).expect(1);
    assert!(login.stderr.contains("does not store passwords"), "{login}");
    service.run("docker", &["logout", HOST]);
    let after = service.read(".docker/config.json");
    let entries = |text: &str| {
        serde_json::from_str::<serde_json::Value>(text).unwrap()["credHelpers"].clone()
    };
    assert_eq!(entries(&after), entries(&config));
    service.home.run(&["credential", "print"]).expect(0);
}
