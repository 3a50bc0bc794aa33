//! The credential is refreshed for the requests of the proxy: once, and not because a client goes away.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::json;

use super::Proxy;
use crate::support::process::wait_until;
use crate::support::scripted_server::{
    AuthorizationServerScript, ReceivedRequest, ScriptedResponse, ScriptedServer, token_response,
};
use crate::support::test_home::{TestHome, expire};

/// A server with an API that accepts only the newest access token.
struct Service {
    server: ScriptedServer,
    newest: Arc<AtomicUsize>,
}

fn access_token(number: usize) -> String {
    format!("access-c4n4ry-{number}")
}

impl Service {
    fn start(refresh: impl Fn(usize) -> ScriptedResponse + Send + Sync + 'static) -> Self {
        let newest = Arc::new(AtomicUsize::new(1));
        let (issued, accepted) = (Arc::clone(&newest), Arc::clone(&newest));
        let scripted = AuthorizationServerScript {
            token: Box::new(move |received| {
                if !received.body.contains("grant_type=refresh_token") {
                    return ScriptedResponse::json(200, &token_response());
                }
                refresh(issued.fetch_add(1, Ordering::SeqCst) + 1)
            }),
            other: Box::new(move |received| respond(received, accepted.load(Ordering::SeqCst))),
            ..AuthorizationServerScript::default()
        };
        let server = scripted.serve();
        Self { server, newest }
    }

    fn refreshes(&self) -> usize {
        let received = self.server.received();
        let refreshes = received
            .iter()
            .filter(|it| it.body.contains("grant_type=refresh_token"));
        refreshes.count()
    }

    /// Invalidates the access token before its expiry.
    fn reject_all(&self) {
        self.newest.fetch_add(1, Ordering::SeqCst);
    }
}

fn respond(received: &ReceivedRequest, newest: usize) -> ScriptedResponse {
    let accepted = format!("Bearer {}", access_token(newest));
    if received.path == "/never" || received.header("authorization") != Some(&accepted) {
        return ScriptedResponse::json(401, &json!({ "detail": "the token is invalid" }));
    }
    ScriptedResponse::json(200, &json!({ "length": received.body.len() }))
}

fn refreshed(number: usize) -> ScriptedResponse {
    let mut response = token_response();
    response["access_token"] = json!(access_token(number));
    response["refresh_token"] = json!(format!("refresh-c4n4ry-{number}"));
    ScriptedResponse::json(200, &response)
}

fn signed_in(service: &Service) -> TestHome {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", &service.server.url);
    home.run(&["login", "--device", "--no-browser"]).expect(0);
    home
}

fn credential_file(home: &TestHome) -> std::path::PathBuf {
    home.data().join("credentials/brainmaps.json")
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn parallel_requests_on_an_expired_session_cost_one_refresh() {
    let service = Service::start(refreshed);
    let home = signed_in(&service);
    let proxy = Proxy::start(&home, &[]);
    // As far as the proxy can see, the session that it holds is valid.
    service.reject_all();
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                let reply = proxy.send("POST", "/x", &[], "body");
                assert_eq!(
                    (reply.status, reply.body.as_str()),
                    (200, r#"{"length":4}"#)
                );
            });
        }
    });
    assert_eq!(service.refreshes(), 1);
    let other = home.run(&["credential", "print"]).expect(0);
    assert!(other.stdout.contains("access-c4n4ry-3"), "it is stored");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn an_expired_session_is_refreshed_before_anything_listens() {
    let service = Service::start(refreshed);
    let home = signed_in(&service);
    expire(&credential_file(&home));
    let proxy = Proxy::start(&home, &[]);
    assert_eq!(service.refreshes(), 1);
    assert_eq!(proxy.get("/x").status, 200);
    assert_eq!(service.server.count("/x"), 1);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_long_body_is_not_repeated_and_the_next_request_succeeds() {
    let service = Service::start(refreshed);
    let home = signed_in(&service);
    let proxy = Proxy::start(&home, &[]);
    service.reject_all();
    let long = "x".repeat(65 * 1024);
    let reply = proxy.send("POST", "/x", &[], &long);
    assert_eq!(reply.status, 503, "{reply:?}");
    assert!(reply.body.contains("repeat the request"), "{reply:?}");
    assert_eq!(proxy.send("POST", "/x", &[], &long).status, 200);
    let just_short_enough = "x".repeat(64 * 1024);
    assert_eq!(
        proxy.send("POST", "/x", &[], &just_short_enough).status,
        200
    );
    assert_eq!(service.refreshes(), 1);
}

/// Some calls respond 401 whatever the credential.
#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_call_that_is_always_rejected_does_not_refresh_again_and_again() {
    let service = Service::start(refreshed);
    let home = signed_in(&service);
    let proxy = Proxy::start(&home, &[]);
    for _ in 0..5 {
        let reply = proxy.get("/never");
        assert_eq!(reply.status, 503, "{reply:?}");
        assert!(reply.body.contains("CREDENTIAL_REJECTED"), "{reply:?}");
        assert!(!reply.has_header("www-authenticate"));
    }
    assert_eq!(service.refreshes(), 1);
    assert_eq!(proxy.get("/x").status, 200);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn an_ended_session_names_the_command_and_the_next_login_is_used() {
    let service =
        Service::start(|_| ScriptedResponse::json(400, &json!({ "error": "invalid_grant" })));
    let home = signed_in(&service);
    let proxy = Proxy::start(&home, &[]);
    service.reject_all();
    for _ in 0..2 {
        let reply = proxy.get("/x");
        assert_eq!(reply.status, 503, "{reply:?}");
        assert!(reply.body.contains("LOGIN_EXPIRED"), "{reply:?}");
        assert!(reply.body.contains("brainmaps login"), "{reply:?}");
    }
    service.newest.store(1, Ordering::SeqCst);
    home.run(&["login", "--device", "--no-browser"]).expect(0);
    assert_eq!(proxy.get("/x").status, 200);
}

#[test]
fn a_replaced_key_is_used_without_a_restart() {
    let accepted = Arc::new(Mutex::new("key-c4n4ry-one"));
    let server = ScriptedServer::start({
        let accepted = Arc::clone(&accepted);
        move |received, _| {
            let expected = format!("Token {}", accepted.lock().unwrap());
            let is_accepted = received.header("authorization") == Some(&expected);
            ScriptedResponse::json(if is_accepted { 200 } else { 401 }, &json!({}))
        }
    });
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_URL", &server.url);
    let login = ["login", "--with-token", "--no-verify"];
    home.run_with_input(&login, "key-c4n4ry-one").expect(0);
    let proxy = Proxy::start(&home, &[]);
    assert_eq!(proxy.get("/x").status, 200);
    *accepted.lock().unwrap() = "key-c4n4ry-two";
    home.run_with_input(&login, "key-c4n4ry-two").expect(0);
    assert_eq!(proxy.get("/x").status, 200);
}

/// Otherwise the only copy of the new refresh token would be lost.
#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_client_that_goes_away_does_not_interrupt_the_refresh() {
    let (gate, open) = std::sync::mpsc::channel::<()>();
    let open = Mutex::new(open);
    let service = Service::start(move |number| {
        open.lock().unwrap().recv().unwrap();
        refreshed(number)
    });
    let home = signed_in(&service);
    let proxy = Proxy::start(&home, &[]);
    service.reject_all();
    let stream = proxy.start_get("/x");
    wait_until("the refresh is in progress", || service.refreshes() == 1);
    drop(stream);
    // Ctrl-C must not interrupt it either.
    proxy
        .running
        .running
        .wait_for_stderr_line(|line| line.starts_with("GET /x - ").then_some(()));
    proxy.running.running.signal(rustix::process::Signal::INT);
    gate.send(()).unwrap();
    proxy.running.wait().expect(0);
    let stored = std::fs::read_to_string(credential_file(&home)).unwrap();
    assert!(stored.contains("refresh-c4n4ry-3"));
}

#[test]
fn nothing_listens_without_a_usable_credential() {
    let home = TestHome::new();
    let refused = home.run(&["proxy"]).expect(4);
    assert!(refused.stderr.contains("brainmaps login"), "{refused}");
    assert_eq!(refused.stdout, "");
}
