//! Retries of the real program: the table in docs/reference/retry-and-clocks.md.

use std::sync::Mutex;

use serde_json::json;

use crate::support::scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer};
use crate::support::test_home::TestHome;

/// A server that sends the `replies` in order, and repeats the last one.
fn one_after_another(replies: Vec<ScriptedResponse>) -> ScriptedServer {
    let left = Mutex::new(replies.into_iter().rev().collect::<Vec<_>>());
    ScriptedServer::start(move |_, _| {
        let mut left = left.lock().unwrap();
        let next = left.last().unwrap().clone();
        if left.len() > 1 {
            left.pop();
        }
        next
    })
}

fn down() -> ScriptedResponse {
    ScriptedResponse::json(503, &json!({ "error": "down" }))
}

fn gone() -> ScriptedResponse {
    ScriptedResponse::json(404, &json!({ "error": "no such key" }))
}

fn with_key() -> TestHome {
    let mut home = TestHome::new();
    home.set("BASIRA_API_KEY", "dbm_ak_c4n4ry_c4n4ry");
    home
}

fn methods(server: &ScriptedServer) -> Vec<String> {
    let method = |received: ReceivedRequest| received.method;
    server.received().into_iter().map(method).collect()
}

/// A whole id: nothing is listed to find it.
const ID: &str = "3f9a1c52-0b6e-4d71-9c58-2f1e7a8b4d10";

#[test]
fn a_404_after_a_lost_response_counts_as_revoked() {
    let home = with_key();
    let revoke = |server: &ScriptedServer| {
        let there = ["--profile", "basira", "--api-url", &server.url];
        home.run(&[&there[..], &["token", "revoke", ID, "--yes"]].concat())
    };
    for lost in [ScriptedResponse::cut_short(), ScriptedResponse::html(504)] {
        let server = one_after_another(vec![lost, gone()]);
        revoke(&server).expect(0);
        assert_eq!(methods(&server), ["DELETE", "DELETE"]);
    }
    let server = one_after_another(vec![gone()]);
    revoke(&server).expect(7);
    assert_eq!(methods(&server), ["DELETE"]);
    let server = one_after_another(vec![down(), gone()]);
    revoke(&server).expect(7);
}

#[test]
fn reads_are_tried_three_times_and_creations_once() {
    let home = with_key();
    let server = one_after_another(vec![down()]);
    let there = ["--profile", "basira", "--api-url", &server.url];
    home.run(&[&there[..], &["token", "list"]].concat())
        .expect(6);
    assert_eq!(methods(&server), ["GET"; 3]);
    home.run(&[&there[..], &["token", "create", "ci"]].concat())
        .expect(6);
    assert_eq!(methods(&server), ["GET", "GET", "GET", "POST"]);
}

#[test]
fn a_login_is_never_retried() {
    let home = TestHome::new();
    for reply in [
        down(),
        ScriptedResponse::cut_short(),
        ScriptedResponse::json(429, &json!({})).header("retry-after", "0"),
    ] {
        let server = one_after_another(vec![reply]);
        let there = ["--profile", "basira", "--api-url", &server.url];
        let login = ["login", "--username", "me@example.org", "--password-stdin"];
        home.run_with_input(&[&there[..], &login].concat(), "pass-c4n4ry-word")
            .expect(6);
        assert_eq!(methods(&server), ["POST"]);
    }
}

#[test]
fn a_login_with_a_lost_response_reports_that_a_session_may_exist() {
    let home = TestHome::new();
    let server = one_after_another(vec![ScriptedResponse::cut_short()]);
    let there = ["--profile", "basira", "--api-url", &server.url];
    let login = ["login", "--username", "me@example.org", "--password-stdin"];
    let lost = home
        .run_with_input(&[&there[..], &login].concat(), "pass-c4n4ry-word")
        .expect(6);
    assert!(lost.stderr.contains("may have created a session"), "{lost}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_retry_after_date_is_honoured_and_a_long_one_is_reported() {
    let home = with_key();
    let date = |seconds: &str| format!("Sun, 06 Nov 1994 08:49:{seconds} GMT");
    let asks = |until: &str, now: Option<&str>| {
        let reply = down().header("retry-after", &date(until));
        now.map_or(reply.clone(), |now| reply.header("date", &date(now)))
    };
    let keys = ScriptedResponse::json(200, &json!({ "api_keys": [] }));
    for (reply, tries) in [
        (asks("31", Some("30")), 2),
        (asks("50", Some("30")), 1),
        (asks("31", None), 1),
    ] {
        let server = one_after_another(vec![reply, keys.clone()]);
        let there = ["--profile", "basira", "--api-url", &server.url];
        let _ = home.run(&[&there[..], &["token", "list"]].concat());
        assert_eq!(methods(&server).len(), tries);
    }
}
