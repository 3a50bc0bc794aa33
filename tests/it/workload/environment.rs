//! `BRAINMAPS_LOGIN=workload`: the identity of a job is used without a login.

use super::{PROGRAM, SYSTEMS, assert_no_identity_in_files, home, json, run, run_job};
use crate::support::test_home::TestHome;

fn home_with_variable() -> TestHome {
    let mut home = home();
    home.set("BRAINMAPS_LOGIN", "workload");
    home
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn commands_of_a_job_need_no_login_and_store_nothing() {
    for system in SYSTEMS {
        let home = home_with_variable();
        let done = run(&home, &[system], &["api", "/api/brains/"]);
        assert_eq!(done.code, Some(0), "{system} {done:?}");
        let done = run(&home, &[system], &["credential", "print"]);
        assert!(done.stdout.starts_with("at_c4n4ry"), "{system} {done:?}");
        let test = "test -n \"$BRAINMAPS_API_KEY\"";
        let done = run(&home, &[system], &["exec", "--", "/bin/sh", "-c", test]);
        assert_eq!(done.code, Some(0), "{system} {done:?}");
        assert!(!home.data().join("sandbox/credentials").exists());
        assert!(!home.data().join("sandbox/profiles.json").exists());
        assert_no_identity_in_files(home.path());
    }
}

#[test]
fn helper_uses_the_identity() {
    let home = home_with_variable();
    let request = "protocol=http\\nhost=localhost:8000\\n\\n";
    let script = format!("printf '{request}' | {PROGRAM} helper git get | /bin/grep -c ^password=");
    let done = run_job(&home, &["github"], &["/bin/sh", "-c", &script]);
    assert_eq!(done.stdout, "1\n", "{done:?}");
}

#[test]
fn one_process_exchanges_the_identity_once() {
    let home = home_with_variable();
    let done = run(
        &home,
        &["github"],
        &["-v", "api", "/api/brains/", "--paginate"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    let requests = done.stderr.matches("/api/brains/").count();
    assert!(requests > 1, "{}", done.stderr);
    assert_eq!(
        done.stderr.matches("/oauth2/token").count(),
        1,
        "{}",
        done.stderr
    );
}

#[test]
fn explanation_and_status_show_the_identity_as_the_last_source() {
    let home = home_with_variable();
    let sources = |done| {
        let document = json(&done);
        let rows = document["candidates"].as_array().unwrap().clone();
        rows.last().unwrap().clone()
    };
    let explain = ["--json", "credential", "explain"];
    let last = sources(run(&home, &["gitlab"], &explain));
    assert_eq!(last["source"], "the workload identity");
    assert_eq!(last["verdict"], "used");
    let done = run(&home, &["gitlab"], &["--json", "status"]);
    let profile = json(&done)["profiles"][0].clone();
    assert_eq!(profile["source"], "workload", "{done:?}");
    assert_eq!(profile["state"], "expired_refreshable");
    assert_eq!(profile["expires_at"], serde_json::Value::Null);
    let done = run(&home, &["gitlab"], &["login", "--workload"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let last = sources(run(&home, &["gitlab"], &explain));
    assert_eq!(last["verdict"], "shadowed");
}

#[test]
fn settings_come_from_the_profile() {
    let mut home = home_with_variable();
    let add = [
        "profile",
        "add",
        "ci",
        "--provider",
        "brainmaps",
        "--scope",
        "brains:read",
    ];
    let more = [
        "--grant",
        "jwt-bearer",
        "--subject-token-audience",
        "http://localhost:8000/oauth2/token",
    ];
    home.run(&[&add[..], &more].concat()).expect(0);
    home.set("BRAINMAPS_PROFILE", "ci");
    let done = run(&home, &["github"], &["api", "/api/brains/"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let done = run(&home, &["github"], &["api", "/api/tokens/"]);
    assert_eq!(
        done.code,
        Some(3),
        "the scope of the profile is narrow: {done:?}"
    );
    let done = run(&home, &["gitlab"], &["--json", "api", "/api/brains/"]);
    assert_eq!(
        json(&done)["error"]["code"],
        "CONFIG",
        "another audience: {done:?}"
    );
}

#[test]
fn key_of_the_job_takes_precedence() {
    let mut home = home_with_variable();
    home.set("BRAINMAPS_API_KEY", "key-of-a-test");
    let done = run(&home, &["gitlab"], &["credential", "print"]);
    assert_eq!(done.stdout, "key-of-a-test\n", "{done:?}");
}

#[test]
fn token_is_not_sent_to_an_api_url_that_the_profile_does_not_have() {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_LOGIN", "workload");
    home.set("BRAINMAPS_ID_TOKEN", "e30.e30.c2ln");
    let add = [
        "profile",
        "add",
        "ci",
        "--provider",
        "oauth2",
        "--client-id",
        "x",
    ];
    let issuer = ["--issuer", "https://id.example.com"];
    home.run(&[&add[..], &issuer].concat()).expect(0);
    home.set("BRAINMAPS_PROFILE", "ci");
    let status = home.run(&["status"]).expect(0);
    assert!(status.stdout.contains("https://id.example.com"), "{status}");
    assert!(status.stdout.contains("not requested yet"), "{status}");
    let other = ["--api-url", "http://localhost:1", "api", "/me"];
    let refused = home.run(&other).expect(4);
    assert!(refused.stderr.contains("is not sent to"), "{refused}");
}

#[test]
fn blank_scopes_and_audiences_are_usage_errors() {
    let home = TestHome::new();
    home.run(&["credential", "print", "--scope", ""]).expect(2);
    home.run(&["exec", "--scope", " ", "--", "true"]).expect(2);
    home.run(&["login", "--add-scope", ""]).expect(2);
    home.run(&["login", "--audience", ""]).expect(2);
}
