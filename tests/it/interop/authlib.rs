//! `authlib` of `PyPI`, an authorization server that compares the whole redirect URI.

use serde_json::{Value, json};

use crate::browser_login::Login;
use crate::support::{
    peer::{self, Peer, can_run_peers},
    test_home::{CommandResult, TestHome, wait_until_all_expire},
    unused_port,
};

/// The same as in `authlib-server.py`.
const SECRET: &str = "canary:client-secret";

/// `None` if a program is missing.
fn start(home: &TestHome, mut options: Value) -> Option<Peer> {
    if !can_run_peers("authlib", false) {
        return None;
    }
    peer::python("authlib")?;
    options["script"] = json!("authlib-server.py");
    options["access_ttl"] = json!(2);
    Some(Peer::start("python.mjs", &options, home.record()))
}

fn home() -> TestHome {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_LOG", "trace");
    home
}

/// Waits until the access token has expired, and returns the next one.
fn next_token(home: &TestHome) -> String {
    wait_until_all_expire(home);
    let printed = home.run(&["credential", "print"]).expect(0);
    printed.stdout.trim().to_owned()
}

/// Signs out; the server must have accepted each revocation.
fn sign_out(home: &TestHome, server: &Peer, token: &str) {
    let is_active = || server.ask(&json!({ "do": "active", "token": token }));
    assert_eq!(is_active(), true);
    let ended = home.run(&["logout"]).expect(0);
    assert!(ended.stdout.contains("session revoked"), "{ended}");
    assert_eq!(is_active(), false);
}

/// Returns the path, the grant and whether the client used HTTP Basic of each request, all of which succeeded.
fn requests(server: &Peer) -> Vec<(String, String, bool)> {
    let seen = server.ask(&json!({ "do": "seen" }));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let request = |it: &Value| {
        assert_eq!(it["status"], 200, "{seen}");
        let basic = it["basic"].as_bool().unwrap();
        (text(&it["path"]), text(&it["grant_type"]), basic)
    };
    seen.as_array().unwrap().iter().map(request).collect()
}

fn expected(requests: &[(&str, &str)], basic: bool) -> Vec<(String, String, bool)> {
    let request = |(path, grant): &(&str, &str)| ((*path).to_owned(), (*grant).to_owned(), basic);
    requests.iter().map(request).collect()
}

/// Signs in by a browser; the server acts as the browser.
fn browser_login(home: &TestHome, server: &Peer, port: &str, decision: &str) -> CommandResult {
    let issuer = server.ready["issuer"].as_str().unwrap();
    #[rustfmt::skip]
    let arguments = ["login", "--browser", "--issuer", issuer, "--client-id", "native", "--scope", "maps:read",
        "--callback-port", port, "--no-open", "--json"];
    let login = Login::wait_for_page(home.start(&arguments));
    let request = json!({ "do": "browse", "url": login.url.as_str(), "decision": decision });
    let page = server.ask(&request);
    assert_eq!(page["status"], 200, "{page}");
    login.wait()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn browser_login_refreshes_with_rotation_and_logs_out() {
    let home = home();
    let port = unused_port().to_string();
    let redirect_uri = format!("http://127.0.0.1:{port}/callback");
    let Some(server) = start(&home, json!({ "redirect_uri": redirect_uri })) else {
        return;
    };
    let denied = browser_login(&home, &server, &port, "deny").expect(3);
    assert_eq!(denied.error_code(), "DENIED");
    let done = browser_login(&home, &server, &port, "approve").expect(0);
    let done = done.json();
    assert_eq!(done["refreshable"], true, "{done}");
    assert_eq!(done["scopes"], json!(["maps:read"]));
    let first = next_token(&home);
    let second = next_token(&home);
    assert_ne!(first, second);
    sign_out(&home, &server, &second);
    let all = [
        ("/token", "authorization_code"),
        ("/token", "refresh_token"),
        ("/token", "refresh_token"),
        ("/revoke", ""),
        ("/revoke", ""),
    ];
    assert_eq!(requests(&server), expected(&all, false));
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn client_credentials_are_accepted_in_the_header_and_in_the_form() {
    for method in ["client_secret_basic", "client_secret_post"] {
        let home = home();
        let Some(server) = start(&home, json!({ "auth_methods": [method, "none"] })) else {
            return;
        };
        let issuer = server.ready["issuer"].as_str().unwrap();
        #[rustfmt::skip]
        let arguments = ["--no-input", "login", "--client-credentials", "--issuer", issuer, "--client-id", method,
            "--scope", "maps:read", "--client-secret-file", "-"];
        home.run_with_input(&arguments, SECRET).expect(0);
        let token = next_token(&home);
        sign_out(&home, &server, &token);
        let all = [
            ("/token", "client_credentials"),
            ("/token", "client_credentials"),
            ("/revoke", ""),
        ];
        let basic = method == "client_secret_basic";
        assert_eq!(requests(&server), expected(&all, basic));
    }
}
