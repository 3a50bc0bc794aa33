//! A credential is sent to its own origin only, even if an argument, a variable or a file names another one.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::support::{
    scripted_server::{AuthorizationServerScript, ScriptedResponse, ScriptedServer, device_login},
    test_home::TestHome,
};

const STORED: &str = "stored-c4n4ry-key";
const OTHER: &str = "other-c4n4ry-key";

/// A service that accepts every credential.
fn service() -> ScriptedServer {
    ScriptedServer::start(|_, _| {
        ScriptedResponse::json(200, &json!({ "email": "demo@example.org" }))
    })
}

/// A home with a stored key for `server`.
fn with_stored_key(server: &ScriptedServer) -> TestHome {
    let home = TestHome::new();
    home.run_with_input(
        &[
            "--api-url",
            &server.url,
            "login",
            "--with-token",
            "--no-verify",
        ],
        STORED,
    )
    .expect(0);
    home
}

fn write_env_file(home: &TestHome, text: &str) {
    let path = home.work().join(".env");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// Checks that the server received no request with a credential.
#[track_caller]
fn expect_no_credential(server: &ScriptedServer) {
    let carried = server.received().into_iter().find(|received| {
        received
            .headers
            .iter()
            .any(|(_, value)| value.contains("c4n4ry"))
            || received.body.contains("c4n4ry")
            || received.path.contains("c4n4ry")
    });
    assert!(carried.is_none(), "{carried:?}");
}

#[test]
fn an_api_url_option_does_not_redirect_a_stored_key() {
    let (owner, thief) = (service(), service());
    let home = with_stored_key(&owner);
    home.run(&["whoami"]).expect(0);
    assert_eq!(owner.count("/api/auth/me/"), 1);

    for other in [
        thief.url.clone(),
        thief.url.replace("localhost", "127.0.0.1"),
    ] {
        let outcome = home
            .run(&["whoami", "--api-url", &other, "--json"])
            .expect(4);
        assert_eq!(outcome.error_code(), "LOGIN_REQUIRED");
    }
    expect_no_credential(&thief);
}

#[test]
fn an_api_url_variable_does_not_redirect_a_stored_key() {
    let (owner, thief) = (service(), service());
    let mut home = with_stored_key(&owner);
    home.set("BRAINMAPS_API_URL", &thief.url);
    home.run(&["whoami", "--json"]).expect(4);
    expect_no_credential(&thief);
}

#[test]
fn a_url_in_an_env_file_applies_only_to_a_key_in_that_file() {
    let (owner, thief) = (service(), service());
    let mut home = with_stored_key(&owner);
    write_env_file(&home, &format!("BRAINMAPS_API_URL={}\n", thief.url));
    home.run(&["whoami"]).expect(0);
    expect_no_credential(&thief);
    assert!(
        owner.count("/api/auth/me/") >= 1,
        "the address of the file is ignored"
    );

    home.set("BRAINMAPS_API_KEY", OTHER);
    let _ = home.run(&["credential", "explain"]);
    let explained = home.run(&["credential", "print", "--header"]).expect(0);
    assert_eq!(
        explained.stdout.trim(),
        format!("Authorization: Token {OTHER}")
    );
    expect_no_credential(&thief);
}

#[test]
fn a_key_in_an_env_file_is_sent_to_the_url_in_that_file() {
    let server = service();
    let home = TestHome::new();
    write_env_file(
        &home,
        &format!(
            "BRAINMAPS_API_URL={}\nBRAINMAPS_API_KEY={OTHER}\n",
            server.url
        ),
    );
    home.run(&["whoami"]).expect(0);
    assert_eq!(
        server.received()[0].header("authorization"),
        Some(format!("Token {OTHER}").as_str())
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_refresh_token_is_sent_to_its_issuer_and_an_access_token_is_not() {
    let issuer = AuthorizationServerScript::default().serve();
    let api = service();
    let home = TestHome::new();
    let arguments = [
        &["--api-url", &api.url][..],
        &device_login(&issuer.url),
        &["--no-browser"],
    ]
    .concat();
    home.run(&arguments).expect(0);
    home.run(&["whoami"]).expect(0);
    home.run(&["logout"]).expect(0);
    let to_api = format!("{:?}", api.received());
    assert!(
        to_api.contains("access-c4n4ry") && !to_api.contains("refresh-c4n4ry"),
        "{to_api}"
    );
    let revoked: Vec<_> = issuer
        .received()
        .into_iter()
        .filter(|received| received.path == "/revoke")
        .collect();
    assert!(
        revoked[0].body.contains("refresh-c4n4ry"),
        "the refresh token first: {revoked:?}"
    );
}

#[test]
fn the_env_file_is_not_exported_and_not_changed() {
    let server = service();
    let home = TestHome::new();
    let text = format!(
        "# mine\nBRAINMAPS_API_URL={}\nBRAINMAPS_API_KEY='{OTHER}'\nUNRELATED=$(rm -rf /)\n",
        server.url
    );
    write_env_file(&home, &text);
    home.run(&["whoami"]).expect(0);
    assert_eq!(
        std::fs::read_to_string(home.work().join(".env")).unwrap(),
        text
    );
}
