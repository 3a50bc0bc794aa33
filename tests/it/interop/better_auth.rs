//! npm `better-auth`, whose issuer has a path, and which registers clients and protects an API.

use serde_json::{Value, json};

use crate::browser_login::Login;
use crate::support::{
    peer::{Peer, can_run_peers},
    test_home::{RunningCommand, TestHome},
};

/// A server, and a home without a session whose commands log everything; `None` if a program is missing.
fn start() -> Option<(TestHome, Peer)> {
    start_with(&json!({}))
}

fn start_with(options: &Value) -> Option<(TestHome, Peer)> {
    if !can_run_peers("better_auth", false) {
        return None;
    }
    let mut home = TestHome::new();
    home.set("BRAINMAPS_LOG", "trace");
    let server = Peer::start("better-auth.mjs", options, home.record());
    Some((home, server))
}

fn issuer(server: &Peer) -> &str {
    server.ready["issuer"].as_str().unwrap()
}

/// Starts a login with the device flow; returns it with the user code.
fn device_login(home: &TestHome, server: &Peer) -> (RunningCommand, String) {
    let client_id = server.ready["client_id"].as_str().unwrap();
    #[rustfmt::skip]
    let arguments = ["login", "--device", "--issuer", issuer(server), "--client-id", client_id,
        "--scope", "openid profile offline_access", "--no-open", "--json"];
    let login = home.start(&arguments);
    let code = login.running.wait_for_stderr_line(|line| {
        let event: Value = serde_json::from_str(line).ok()?;
        event["user_code"].as_str().map(str::to_owned)
    });
    (login, code)
}

/// Starts a browser login without a client id.
fn browser_login(home: &TestHome, server: &Peer, more: &[&str]) -> Login {
    #[rustfmt::skip]
    let arguments = ["login", "--browser", "--issuer", issuer(server),
        "--scope", "openid profile offline_access", "--no-open", "--json"];
    Login::wait_for_page(home.start(&[&arguments, more].concat()))
}

/// Returns how often the server responded with this status to requests for `path` below the issuer.
fn count(server: &Peer, path: &str, status: u16) -> usize {
    let seen = server.ask(&json!({ "do": "seen" }));
    let seen = seen.as_array().unwrap().iter();
    let path = format!("/api/auth{path}");
    seen.filter(|it| it["path"] == path.as_str() && it["status"] == status)
        .count()
}

/// Refreshes the session twice, asks for the account, and signs out.
fn use_session(home: &TestHome, server: &Peer) {
    let mut tokens = Vec::new();
    for _ in 0..2 {
        home.run(&["credential", "refresh", "--force"]).expect(0);
        let printed = home.run(&["credential", "print"]).expect(0);
        tokens.push(printed.stdout.trim().to_owned());
    }
    assert_ne!(tokens[0], tokens[1]);
    let account = home.run(&["whoami"]).expect(0);
    assert_eq!(account.stdout, "Ada\n");
    let status = home.run(&["status", "--check", "--json"]).expect(0).json();
    assert_eq!(status["profiles"][0]["state"], "valid", "{status}");
    let is_active = || server.ask(&json!({ "do": "is_active", "token": tokens[1] }));
    assert_eq!(is_active(), true);
    let ended = home.run(&["logout"]).expect(0);
    assert!(ended.stdout.contains("revoked"), "{ended}");
    assert_eq!(is_active(), false);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn device_login_refreshes_with_rotation_and_logs_out() {
    let Some((home, server)) = start() else {
        return;
    };
    let (login, code) = device_login(&home, &server);
    server.ask(&json!({ "do": "approve", "user_code": code }));
    let done = login.wait().expect(0).json();
    assert_eq!(done["refreshable"], true, "{done}");
    assert_eq!(done["missing_scopes"], json!([]));
    use_session(&home, &server);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn declined_logins_exit_with_3() {
    let Some((home, server)) = start() else {
        return;
    };
    let (login, code) = device_login(&home, &server);
    server.ask(&json!({ "do": "deny", "user_code": code }));
    assert_eq!(login.wait().expect(3).error_code(), "DENIED");
    let login = browser_login(&home, &server, &[]);
    server.ask(&json!({ "do": "browse", "url": login.url.as_str(), "deny": true }));
    assert_eq!(login.wait().expect(3).error_code(), "DENIED");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn browser_login_registers_a_client_and_uses_it_again() {
    let Some((home, server)) = start() else {
        return;
    };
    let registered =
        count(&server, "/oauth2/register", 201) + count(&server, "/oauth2/register", 200);
    for more in [&[][..], &["--replace"]] {
        let login = browser_login(&home, &server, more);
        let page = server.ask(&json!({ "do": "browse", "url": login.url.as_str() }));
        let text = page["text"].as_str().unwrap();
        assert!(text.contains("Sign-in approved"), "{page}");
        let done = login.wait().expect(0).json();
        assert_eq!(done["refreshable"], true, "{done}");
    }
    let now = count(&server, "/oauth2/register", 201) + count(&server, "/oauth2/register", 200);
    assert_eq!(now, registered + 1);
    use_session(&home, &server);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn resource_accepts_the_session_and_names_the_scope_to_add() {
    if let Some((home, server)) = start() {
        use_resource(&home, &server);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn mcp_plugin_accepts_the_session_and_names_the_scope_to_add() {
    let Some((home, server)) = start_with(&json!({ "mcp": true })) else {
        return;
    };
    use_resource(&home, &server);
    // The userinfo endpoint is not a part of the resource.
    let refused = home.run(&["whoami"]).expect(2);
    assert!(refused.stderr.contains("is only for"), "{refused}");
    let header = ["credential", "print", "--format", "header-json"];
    let header = home.run(&header).expect(0).json();
    let header = header["Authorization"].as_str().unwrap();
    assert!(header.starts_with("Bearer "), "{header}");
    home.run(&["logout"]).expect(0);
    home.run(&["api", "read"]).expect(4);
}

/// Signs in to the API, uses it, refreshes, and adds a scope.
fn use_resource(home: &TestHome, server: &Peer) {
    let resource = server.ready["resource"].as_str().unwrap();
    let login = ["login", "--resource", resource, "--no-open", "--json"];
    let login = Login::wait_for_page(home.start(&login));
    server.ask(&json!({ "do": "browse", "url": login.url.as_str() }));
    let done = login.wait().expect(0).json();
    assert_eq!(done["issuer"], server.ready["issuer"]);
    assert_eq!(done["resource"], resource);
    assert_eq!(done["refreshable"], true, "{done}");
    home.run(&["api", "read"]).expect(0);
    home.run(&["credential", "refresh", "--force"]).expect(0);
    home.run(&["api", "read"]).expect(0);
    let refused = home.run(&["api", "write"]).expect(3);
    let command = "brainmaps login --add-scope 'maps:write'";
    assert!(refused.stderr.contains(command), "{refused}");

    let add = ["login", "--add-scope", "maps:write", "--no-open", "--json"];
    let login = Login::wait_for_page(home.start(&add));
    server.ask(&json!({ "do": "browse", "url": login.url.as_str() }));
    login.wait().expect(0);
    home.run(&["api", "write"]).expect(0);
    home.run(&["api", "read"]).expect(0);
}
