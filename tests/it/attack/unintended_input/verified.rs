//! A key is verified before it is stored; a rejected key replaces nothing.

use serde_json::json;

use crate::support::{
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};

const GOOD: &str = "key-c4n4ry-that-works";
const BAD: &str = "key-c4n4ry-that-was-revoked";

/// A server that accepts one key, and responds to others with `status`.
fn server(status: u16) -> ScriptedServer {
    ScriptedServer::start(move |received: &ReceivedRequest, _: &str| {
        if received.header("authorization") == Some(&format!("Token {GOOD}")) {
            return ScriptedResponse::json(200, &json!({ "email": "me@example.com" }));
        }
        ScriptedResponse::json(status, &json!({ "detail": "Invalid token." }))
    })
}

fn signed_in(server: &ScriptedServer) -> TestHome {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", &server.url);
    let stored = home
        .run_with_input(&["login", "--with-token", "--json"], GOOD)
        .expect(0)
        .json();
    assert_eq!(stored["account"], "me@example.com");
    assert_eq!(stored["verified"], true);
    assert_eq!(server.received().len(), 1);
    home
}

const STORING: &[&[&str]] = &[&["login", "--with-token"], &["config", "set-token"]];

#[track_caller]
fn still_there(home: &TestHome) {
    let printed = home.run(&["credential", "print"]).expect(0);
    assert_eq!(printed.stdout.trim(), GOOD);
}

#[test]
fn a_rejected_key_replaces_nothing() {
    for (status, exit, code) in [
        (401, 4, "CREDENTIAL_REJECTED"),
        (403, 3, "FORBIDDEN"),
        (500, 6, "UNAVAILABLE"),
    ] {
        let server = server(status);
        let home = signed_in(&server);
        for command in STORING {
            let arguments = [*command, &["--json"]].concat();
            let outcome = home.run_with_input(&arguments, BAD).expect(exit);
            assert_eq!(outcome.error_code(), code, "{outcome}");
            assert!(!outcome.stdout.contains(BAD), "{outcome}");
            assert!(!outcome.stdout.contains("stored credential"), "{outcome}");
            assert!(!outcome.stdout.contains("replace or remove"), "{outcome}");
            assert_eq!(
                outcome.stdout.contains("--no-verify"),
                status != 401,
                "{outcome}"
            );
            still_there(&home);
        }
    }
}

#[test]
fn no_key_is_stored_if_the_service_is_unreachable() {
    let server = server(401);
    let home = signed_in(&server);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nowhere = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let login = [
        "--api-url",
        &nowhere,
        "login",
        "--with-token",
        "--replace",
        "--json",
    ];
    let outcome = home.run_with_input(&login, BAD).expect(6);
    assert_eq!(outcome.error_code(), "UNREACHABLE", "{outcome}");
    assert!(outcome.stdout.contains("--no-verify"), "{outcome}");
    still_there(&home);
}

#[test]
fn no_verify_stores_a_key_without_a_request() {
    for command in STORING {
        let server = server(401);
        let home = signed_in(&server);
        let before = server.received().len();
        let arguments = [*command, &["--no-verify"]].concat();
        let outcome = home.run_with_input(&arguments, BAD).expect(0);
        assert!(outcome.stderr.contains("status --check"), "{outcome}");
        assert_eq!(server.received().len(), before);
        let printed = home.run(&["credential", "print"]).expect(0);
        assert_eq!(printed.stdout.trim(), BAD);
    }
}

#[test]
fn a_rejected_cookie_replaces_nothing() {
    let server = ScriptedServer::start(|received: &ReceivedRequest, _: &str| {
        let is_good = received.header("cookie") == Some("web=c4n4ry-good");
        let status = if is_good { 200 } else { 401 };
        ScriptedResponse::json(status, &json!({ "success": is_good, "data": [] }))
    });
    let home = TestHome::new();
    let login = |cookie: &str, exit| {
        let at = ["--profile", "brainpercent", "--api-url", &server.url];
        let arguments = [&at[..], &["login", "--with-cookie", "--json"]].concat();
        home.run_with_input(&arguments, cookie).expect(exit)
    };
    login("web=c4n4ry-good", 0);
    let refused = login("web=c4n4ry-bad", 4);
    assert_eq!(refused.error_code(), "CREDENTIAL_REJECTED", "{refused}");
    let printed = home
        .run(&["--profile", "brainpercent", "credential", "print"])
        .expect(0);
    assert_eq!(printed.stdout.trim(), "web=c4n4ry-good");
}
