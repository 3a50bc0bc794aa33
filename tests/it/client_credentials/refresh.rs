//! The next token, and a secret that the server does not accept any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use super::{SECRET, field, login, sent_to, serve};
use crate::support::{
    scripted_server::{
        AuthorizationServerScript, ScriptedResponse, ScriptedServer, token_response,
    },
    test_home::{TestHome, expire},
};

/// Returns a server, and a flag: when it is set, the server rejects the secret of the client.
fn serve_with_changed_secret() -> (ScriptedServer, Arc<AtomicBool>) {
    let is_changed = Arc::new(AtomicBool::new(false));
    let shared = Arc::clone(&is_changed);
    let server = AuthorizationServerScript {
        token: Box::new(move |_| {
            if shared.load(Ordering::SeqCst) {
                return ScriptedResponse::json(401, &json!({"error": "invalid_client"}));
            }
            ScriptedResponse::json(200, &token_response())
        }),
        ..AuthorizationServerScript::default()
    };
    (server.serve(), is_changed)
}

/// Expires the only stored credential.
fn expire_stored_credential(home: &TestHome) {
    let directory = home.data().join("credentials");
    let mut files = std::fs::read_dir(directory).unwrap();
    let file = files.find_map(|entry| {
        let path = entry.unwrap().path();
        path.extension()
            .is_some_and(|it| it == "json")
            .then_some(path)
    });
    expire(&file.unwrap());
}

#[test]
fn rfc6749_4_4_expired_token_is_replaced_by_the_same_request() {
    let server = serve(&[], |_| {});
    let home = TestHome::new();
    let options = ["--scope", "a", "--audience", "api"];
    login(&home, &server, &options, SECRET).expect(0);
    expire_stored_credential(&home);
    home.run(&["credential", "print"]).expect(0);
    home.run(&["credential", "print"]).expect(0);
    let requests = sent_to(&server, "/token");
    let [first, second] = <[_; 2]>::try_from(requests).unwrap();
    assert_eq!(first.body, second.body);
}

#[test]
fn changed_secret_is_named_and_the_stored_token_stays_usable() {
    let (server, is_changed) = serve_with_changed_secret();
    let home = TestHome::new();
    login(&home, &server, &[], SECRET).expect(0);
    is_changed.store(true, Ordering::SeqCst);
    let rejected = home.run(&["credential", "refresh", "--force"]).expect(4);
    for part in [
        "the server rejected the stored secret of client \"robot\"",
        "invalid_client",
        "login --client-credentials --client-secret-file FILE",
    ] {
        assert!(rejected.stderr.contains(part), "{rejected}");
    }
    assert!(!rejected.stderr.contains("c4n4ry"), "{rejected}");
    home.run(&["credential", "print"]).expect(0);
    expire_stored_credential(&home);
    let arguments = ["credential", "print", "--json"];
    let expired = home.run(&arguments).expect(4);
    assert_eq!(expired.error_code(), "LOGIN_EXPIRED");
    is_changed.store(false, Ordering::SeqCst);
    login(&home, &server, &["--client-secret-file", "-"], "n3w-secret").expect(0);
    let last = sent_to(&server, "/token").pop().unwrap();
    assert_eq!(field(&last, "client_secret").as_deref(), Some("n3w-secret"));
}

#[test]
fn token_that_the_api_rejects_is_replaced_once() {
    let home = TestHome::new();
    let issued = std::sync::atomic::AtomicUsize::new(0);
    let server = AuthorizationServerScript {
        token: Box::new(move |_| {
            let number = issued.fetch_add(1, Ordering::SeqCst);
            let mut body = token_response();
            body["access_token"] = format!("at_c4n4ry-{number}").into();
            ScriptedResponse::json(200, &body)
        }),
        other: Box::new(|received| {
            let is_first = received.header("authorization") == Some("Bearer at_c4n4ry-0");
            let status = if is_first { 401 } else { 200 };
            ScriptedResponse::json(status, &Value::Object(serde_json::Map::new()))
        }),
        ..AuthorizationServerScript::default()
    }
    .serve();
    login(&home, &server, &[], SECRET).expect(0);
    home.run(&["api", "GET", "/things"]).expect(0);
    assert_eq!(sent_to(&server, "/token").len(), 2);
}
