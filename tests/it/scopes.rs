//! `login --add-scope`, `credential print --scope` and `exec --scope` with the real program and the sandbox.

use serde_json::Value;

use crate::support::sandbox::Sandbox;
use crate::support::test_home::TestHome;

/// A sandbox that approves each login.
fn serve(home: &TestHome, more: &[&str]) -> Sandbox {
    let options = ["--memory", "--auto-approve", "--interval", "1"];
    let sandbox = Sandbox::start(home, &[&options[..], more].concat());
    sandbox.wait_until_it_responds();
    sandbox
}

/// Signs in with these scopes.
fn sign_in(home: &TestHome, server: &Sandbox, scopes: &str) {
    let login = [
        "login",
        "--device",
        "--no-browser",
        "--api-url",
        &server.url,
        "--scope",
        scopes,
    ];
    home.run(&login).expect(0);
}

/// Asks the userinfo endpoint, which requires the scope.
fn has_openid(server: &Sandbox, token: &str) -> bool {
    let authorization = format!("authorization: Bearer {token}");
    let body = server.get("/oauth2/userinfo", &authorization);
    body.contains("\"sub\"")
}

fn stored(home: &TestHome) -> Value {
    let path = home.data().join("credentials/brainmaps.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn narrowed_token_is_printed_and_passed_but_not_stored() {
    let home = TestHome::new();
    let server = serve(&home, &[]);
    sign_in(&home, &server, "openid profile offline_access");
    let before = stored(&home);
    let printed = home
        .run(&["credential", "print", "--scope", "profile", "--json"])
        .expect(0)
        .json();
    let token = printed["token"].as_str().unwrap();
    assert!(!has_openid(&server, token));
    let after = stored(&home);
    assert_ne!(
        before["refresh_token"], after["refresh_token"],
        "it rotated"
    );
    assert_eq!(before["secret"], after["secret"]);
    assert_ne!(after["secret"].as_str().unwrap(), token);
    assert!(has_openid(&server, after["secret"].as_str().unwrap()));

    let wide = home
        .run(&[
            "credential",
            "print",
            "--scope",
            "openid",
            "--scope",
            "profile",
        ])
        .expect(0);
    assert!(has_openid(&server, wide.stdout.trim()));
    let missing = home
        .run(&["credential", "print", "--scope", "email", "--json"])
        .expect(3);
    assert_eq!(missing.error_code(), "FORBIDDEN");
    let hint = missing.json()["error"]["hint"].to_string();
    assert!(hint.contains("login --add-scope"), "{hint}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn token_of_a_server_that_ignores_the_scope_is_not_printed() {
    let home = TestHome::new();
    let server = serve(&home, &["--fault", "refresh=ignore:scope"]);
    sign_in(&home, &server, "openid profile offline_access");
    let ignored = home
        .run(&["credential", "print", "--scope", "profile"])
        .expect(1);
    assert_eq!(ignored.stdout, "");
    assert!(
        ignored
            .stderr
            .contains("it also has the scopes openid offline_access"),
        "{ignored}"
    );
    // The refresh token that the server rotated meanwhile is stored.
    home.run(&["credential", "refresh", "--force"]).expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn added_scope_extends_the_session_and_revokes_the_old_refresh_token() {
    let home = TestHome::new();
    let server = serve(&home, &[]);
    let add = ["login", "--add-scope", "email", "--no-browser", "--json"];
    assert_eq!(home.run(&add).expect(4).error_code(), "LOGIN_REQUIRED");
    sign_in(&home, &server, "openid offline_access");
    let before = stored(&home);
    assert_eq!(before["login_method"], "device");
    let done = home.run(&add).expect(0).json();
    let scopes = serde_json::json!(["openid", "offline_access", "email"]);
    assert_eq!(done["scopes"], scopes, "{done}");
    assert_eq!(stored(&home)["scopes"], scopes);
    let form = format!(
        "grant_type=refresh_token&client_id=brainmaps-cli&refresh_token={}",
        before["refresh_token"].as_str().unwrap()
    );
    let refused = server.post("/oauth2/token", "accept: application/json", &form);
    assert!(refused.contains("invalid_grant"), "{refused}");
    home.run(&["credential", "refresh", "--force"]).expect(0);
    // Nothing is missing now, so that nothing is requested.
    let again = home
        .run(&["login", "--add-scope", "email openid"])
        .expect(0);
    assert!(again.stdout.contains("has these scopes already"), "{again}");
}
