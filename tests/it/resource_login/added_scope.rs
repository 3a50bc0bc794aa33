//! `login --add-scope` in the profile of a resource.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{ISSUER_METADATA, issuer_metadata, path, server_with, sign_in};
use crate::browser_login::{Login, form};
use crate::support::{
    scripted_server::{ScriptedResponse, ScriptedServer, token_response},
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
        ISSUER_METADATA => Some(ScriptedResponse::json(200, &issuer_metadata(url))),
        _ => None,
    })
}

fn granted(scope: &str, refresh_token: &str) -> Value {
    let mut granted = token_response();
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

/// Issues a session of the account that `subject` returns for the number of the token request.
fn issuing_to(subject: fn(usize) -> &'static str) -> ScriptedServer {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let client = std::sync::Mutex::new(String::new());
    server_with(move |received, url| match path(received) {
        ISSUER_METADATA => Some(ScriptedResponse::json(200, &issuer_metadata(url))),
        "/token" => {
            let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let form = form(received);
            let mut client = client.lock().unwrap();
            if let Some(id) = form.get("client_id") {
                id.clone_into(&mut client);
            }
            let claims = json!({"iss": url, "aud": *client, "sub": subject(number)}).to_string();
            let mut issued = granted(
                "tools:read tools:write",
                &format!("refresh-c4n4ry-{number}"),
            );
            issued["access_token"] = format!("access-c4n4ry-{number}").into();
            issued["id_token"] = format!("e30.{}.c4n4ry", URL_SAFE_NO_PAD.encode(claims)).into();
            Some(ScriptedResponse::json(200, &issued))
        }
        _ => None,
    })
}

#[test]
fn another_account_does_not_extend_the_session() {
    let server = issuing_to(|number| if number == 1 { "eve" } else { "ada" });
    let home = TestHome::new();
    sign_in(&home, &server, &[]);
    let before = home.run(&["credential", "print"]).expect(0).stdout;

    let login = add(&home, "tools:admin");
    login.approve("");
    let refused = login.wait().expect(2);
    let message = refused.json()["error"]["message"].to_string();
    assert!(message.contains("another account"), "{refused}");
    assert_eq!(home.run(&["credential", "print"]).expect(0).stdout, before);
    let revoked = server.received();
    let revoked: Vec<_> = revoked.iter().filter(|it| it.path == "/revoke").collect();
    assert!(
        revoked
            .iter()
            .all(|it| !it.body.contains("refresh-c4n4ry-0")),
        "the old session stays valid"
    );
    home.run(&["credential", "refresh", "--force"]).expect(0);

    let replacing = [
        "login",
        "--add-scope",
        "tools:admin",
        "--replace",
        "--no-browser",
        "--json",
    ];
    let login = Login::wait_for_page(home.start(&replacing));
    login.approve("");
    login.wait().expect(0);
}
