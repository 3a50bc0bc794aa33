//! Invalid responses of a service to a request with a credential.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{ExpectedFailure, expect_failure, expect_no_faults, failure, mismatch};
use crate::support::{
    scripted_server::{ScriptedResponse, ScriptedServer},
    test_home::TestHome,
};

const KEY: &str = "key-c4n4ry-of-a-test";

/// Runs `whoami` with a key from the environment, at a server that responds with `reply` to everything.
fn whoami(reply: ScriptedResponse) -> (crate::support::test_home::CommandResult, ScriptedServer) {
    let server = ScriptedServer::start(move |_, _| reply.clone());
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", KEY)
        .set("BRAINMAPS_API_URL", &server.url);
    (home.run(&["whoami", "--json"]), server)
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn every_invalid_response_ends_with_the_documented_exit_status() {
    let detail = || json!({ "error": "some_code", "detail": "said the service" });
    let cases: Vec<(&str, ScriptedResponse, ExpectedFailure)> = vec![
        ("HTML", ScriptedResponse::html(200), failure(1, "")),
        ("half JSON", ScriptedResponse::half_json(), failure(1, "")),
        ("cut short", ScriptedResponse::cut_short(), failure(6, "")),
        (
            "50 MB",
            ScriptedResponse::stream(50 * 1024 * 1024),
            failure(1, "larger than"),
        ),
        (
            "400",
            ScriptedResponse::json(400, &detail()),
            failure(8, "said the service"),
        ),
        (
            "401",
            ScriptedResponse::json(401, &detail()),
            failure(4, "BRAINMAPS_API_KEY"),
        ),
        (
            "402",
            ScriptedResponse::json(402, &detail()),
            failure(3, ""),
        ),
        (
            "403",
            ScriptedResponse::json(403, &detail()),
            failure(3, "said the service"),
        ),
        (
            "404",
            ScriptedResponse::json(404, &detail()),
            failure(7, ""),
        ),
        (
            "409",
            ScriptedResponse::json(409, &detail()),
            failure(8, "said the service"),
        ),
        (
            "422",
            ScriptedResponse::json(422, &detail()),
            failure(8, "said the service"),
        ),
        (
            "429",
            ScriptedResponse::json(429, &detail()).header("retry-after", "120"),
            failure(6, "2 minutes"),
        ),
        (
            "500",
            ScriptedResponse::json(500, &detail()),
            failure(6, ""),
        ),
        ("502 HTML", ScriptedResponse::html(502), failure(6, "")),
        (
            "503 with Retry-After",
            ScriptedResponse::html(503).header("retry-after", "900"),
            failure(6, "15 minutes"),
        ),
    ];
    let mut faults = Vec::new();
    for (name, reply, ending) in cases {
        let (outcome, _server) = whoami(reply);
        faults.extend(mismatch(name, &outcome, &ending));
    }
    expect_no_faults(&faults);
}

#[test]
fn a_redirect_to_another_host_is_not_followed() {
    let other = ScriptedServer::start(|_, _| {
        ScriptedResponse::json(200, &json!({ "email": "thief@example.org" }))
    });
    // Another host name for the same address and port is another origin.
    let target = other.url.replace("localhost", "127.0.0.1");
    for status in [301, 302, 303, 307, 308] {
        let (outcome, _server) = whoami(ScriptedResponse::redirect(
            status,
            &format!("{target}/api/auth/me/"),
        ));
        expect_failure("redirect", &outcome, &failure(1, "redirect"));
    }
    assert!(
        other.received().is_empty(),
        "the other host was asked: {:?}",
        other.received()
    );
}

#[test]
fn rfc6750_2_the_key_is_sent_in_the_header_only() {
    let (outcome, server) = whoami(ScriptedResponse::json(
        200,
        &json!({ "email": "demo@example.org" }),
    ));
    outcome.expect(0);
    let received = server.received();
    assert_eq!(received.len(), 1, "one request: {received:?}");
    assert_eq!(
        received[0].header("authorization"),
        Some(format!("Token {KEY}").as_str())
    );
    assert!(!received[0].path.contains(KEY));
}

#[test]
fn a_refused_connection_exits_with_6() {
    let mut home = TestHome::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    home.set("BRAINMAPS_API_KEY", KEY)
        .set("BRAINMAPS_API_URL", &format!("http://localhost:{port}"));
    let outcome = home.run(&["whoami", "--json"]);
    expect_failure("closed port", &outcome, &failure(6, "connect"));
    assert_eq!(outcome.error_code(), "UNREACHABLE");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn an_endless_slow_response_exits_with_6_within_the_timeout() {
    let began = Instant::now();
    let (outcome, _server) = whoami(ScriptedResponse::drip());
    expect_failure("a drip", &outcome, &failure(6, "timed out"));
    assert!(
        began.elapsed() < Duration::from_secs(45),
        "{:?}",
        began.elapsed()
    );
}
