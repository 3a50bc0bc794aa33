//! Wrong answers of a service to a request with a credential.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Ending, ends, expect_ending, expect_no_faults, fault};
use crate::support::{
    scripted_server::{Reply, ScriptedServer},
    test_home::TestHome,
};

const KEY: &str = "key-c4n4ry-of-a-test";

/// `whoami` at a server that answers everything alike, with a key from the environment.
fn who_am_i(reply: Reply) -> (crate::support::test_home::Outcome, ScriptedServer) {
    let server = ScriptedServer::start(move |_, _| reply.clone());
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", KEY)
        .set("BRAINMAPS_API_URL", &server.url);
    (home.run(&["whoami", "--json"]), server)
}

#[test]
fn each_answer_of_a_service_ends_with_the_documented_status() {
    let detail = || json!({ "error": "some_code", "detail": "said the service" });
    let cases: Vec<(&str, Reply, Ending)> = vec![
        ("HTML", Reply::html(200), ends(1, "")),
        ("half JSON", Reply::half_json(), ends(1, "")),
        ("cut short", Reply::cut_short(), ends(6, "")),
        (
            "50 MB",
            Reply::stream(50 * 1024 * 1024),
            ends(1, "larger than"),
        ),
        (
            "400",
            Reply::json(400, &detail()),
            ends(8, "said the service"),
        ),
        (
            "401",
            Reply::json(401, &detail()),
            ends(4, "BRAINMAPS_API_KEY"),
        ),
        ("402", Reply::json(402, &detail()), ends(3, "")),
        (
            "403",
            Reply::json(403, &detail()),
            ends(3, "said the service"),
        ),
        ("404", Reply::json(404, &detail()), ends(7, "")),
        (
            "409",
            Reply::json(409, &detail()),
            ends(8, "said the service"),
        ),
        (
            "422",
            Reply::json(422, &detail()),
            ends(8, "said the service"),
        ),
        (
            "429",
            Reply::json(429, &detail()).header("retry-after", "120"),
            ends(6, "120"),
        ),
        ("500", Reply::json(500, &detail()), ends(6, "")),
        ("502 HTML", Reply::html(502), ends(6, "")),
        (
            "503 with Retry-After",
            Reply::html(503).header("retry-after", "900"),
            ends(6, "900"),
        ),
    ];
    let mut faults = Vec::new();
    for (name, reply, ending) in cases {
        let (outcome, _server) = who_am_i(reply);
        faults.extend(fault(name, &outcome, &ending));
    }
    expect_no_faults(&faults);
}

#[test]
fn a_redirect_to_another_host_is_not_followed_with_the_key() {
    let other =
        ScriptedServer::start(|_, _| Reply::json(200, &json!({ "email": "thief@example.org" })));
    // The same port on another name of the same address: another origin.
    let target = other.url.replace("localhost", "127.0.0.1");
    for status in [301, 302, 303, 307, 308] {
        let (outcome, _server) =
            who_am_i(Reply::redirect(status, &format!("{target}/api/auth/me/")));
        expect_ending("redirect", &outcome, &ends(1, "redirect"));
    }
    assert!(
        other.asked().is_empty(),
        "the other host was asked: {:?}",
        other.asked()
    );
}

#[test]
fn rfc6750_2_the_key_travels_in_the_header_alone() {
    let (outcome, server) = who_am_i(Reply::json(200, &json!({ "email": "demo@example.org" })));
    outcome.expect(0);
    let asked = server.asked();
    assert_eq!(asked.len(), 1, "one request: {asked:?}");
    assert_eq!(
        asked[0].header("authorization"),
        Some(format!("Token {KEY}").as_str())
    );
    assert!(!asked[0].path.contains(KEY));
}

#[test]
fn nobody_listening_ends_with_6() {
    let mut home = TestHome::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    home.set("BRAINMAPS_API_KEY", KEY)
        .set("BRAINMAPS_API_URL", &format!("http://localhost:{port}"));
    let outcome = home.run(&["whoami", "--json"]);
    expect_ending("nobody", &outcome, &ends(6, "connect"));
    assert_eq!(outcome.error_code(), "UNREACHABLE");
}

#[test]
fn an_answer_that_drips_for_ever_ends_with_6_within_the_limit() {
    let began = Instant::now();
    let (outcome, _server) = who_am_i(Reply::drip());
    expect_ending("a drip", &outcome, &ends(6, "timed out"));
    assert!(
        began.elapsed() < Duration::from_secs(45),
        "{:?}",
        began.elapsed()
    );
}
