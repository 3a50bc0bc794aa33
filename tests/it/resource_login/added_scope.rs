//! `login --add-scope` in the profile of a resource.

use serde_json::{Value, json};

use super::{issuer_metadata, path, server_with, sign_in};
use crate::browser_login::Login;
use crate::support::{
    scripted_server::{ScriptedResponse, ScriptedServer, token},
    test_home::TestHome,
};

/// Issues the tokens that `issue` returns for the number of the request.
fn issuing(issue: impl Fn(usize) -> Value + Send + Sync + 'static) -> ScriptedServer {
    let count = std::sync::atomic::AtomicUsize::new(0);
    server_with(move |received, url| match path(received) {
        "/token" => {
            let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            Some(ScriptedResponse::json(200, &issue(number)))
        }
        super::ISSUER_METADATA => Some(ScriptedResponse::json(200, &issuer_metadata(url))),
        _ => None,
    })
}

fn granted(scope: &str, refresh_token: &str) -> Value {
    let mut granted = token();
    granted["scope"] = json!(scope);
    granted["refresh_token"] = json!(refresh_token);
    granted
}

fn add(home: &TestHome, scope: &str) -> Login {
    let command = ["login", "--add-scope", scope, "--no-browser", "--json"];
    Login::wait_for_page(home.start(&command))
}

#[test]
fn added_scope_is_requested_with_the_granted_ones() {
    let server = issuing(|number| match number {
        0 => granted("tools:read", "refresh-c4n4ry-0"),
        _ => granted("tools:read tools:write", "refresh-c4n4ry-1"),
    });
    let home = TestHome::new();
    sign_in(&home, &server, &[]);
    let login = add(&home, "tools:write");
    assert_eq!(login.parameter("scope"), "tools:read tools:write");
    login.approve("");
    let done = login.wait().expect(0).json();
    assert_eq!(done["scopes"], json!(["tools:read", "tools:write"]));
    assert_eq!(server.count("/revoke"), 1);
}

#[test]
fn repeated_refresh_token_is_not_revoked() {
    let server = issuing(|_| granted("tools:read tools:write", "refresh-c4n4ry"));
    let home = TestHome::new();
    sign_in(&home, &server, &[]);
    let login = add(&home, "tools:admin");
    login.approve("");
    let done = login.wait().expect(0);
    assert!(done.stderr.contains("tools:admin"), "{done}");
    assert_eq!(server.count("/revoke"), 0);
}

#[test]
fn session_is_kept_if_a_scope_is_not_granted() {
    let server = issuing(|number| granted("tools:read", &format!("refresh-c4n4ry-{number}")));
    let home = TestHome::new();
    sign_in(&home, &server, &[]);
    let login = add(&home, "tools:write");
    login.approve("");
    let done = login.wait().expect(0);
    assert!(done.stderr.contains("tools:write"), "{done}");
    assert_eq!(server.count("/revoke"), 0);
}
