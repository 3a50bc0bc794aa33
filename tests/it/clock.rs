//! A wrong or adjusted clock: the user is warned, and sessions expire neither early nor late.

use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::{Value, json};

use crate::support::scripted_server::{
    AuthorizationServerScript, ScriptedResponse, ScriptedServer, device_login, token_response,
};
use crate::support::test_home::TestHome;

const KEY: &str = "clock-c4n4ry-key";

/// Returns the local time plus some hours.
fn hours_from_now(hours: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_hours(hours)
}

/// Sets the `Date` header of `reply`.
fn dated(reply: ScriptedResponse, date: Timestamp) -> ScriptedResponse {
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&date);
    reply.header("date", &date.unwrap())
}

fn me() -> ScriptedResponse {
    ScriptedResponse::json(200, &json!({ "email": "demo@example.org" }))
}

#[test]
fn a_clock_that_is_wrong_by_hours_is_reported_once_per_command() {
    let mut home = TestHome::new();
    // Two services, so that the warning has two occasions.
    home.set("BRAINMAPS_API_KEY", KEY);
    home.set("BASIRA_API_KEY", "dbm_ak_c4n4ry_c4n4ry");
    for (minutes, expected) in [
        (184, Some("3 hours behind the clock of ")),
        (-184, Some("3 hours ahead of the clock of ")),
        (4, None),
        (-4, None),
    ] {
        let server = ScriptedServer::start(move |_, _| {
            // Half a minute of margin for a slow machine.
            let side = SignedDuration::from_secs(30 * i64::signum(minutes));
            dated(me(), Timestamp::now() + minutes.minutes() + side)
        });
        for flag in ["-v", "-q", "--json"] {
            let outcome = home
                .run(&["--api-url", &server.url, "status", "--check", "--all", flag])
                .expect(0);
            let printed: Vec<_> = outcome
                .stderr
                .lines()
                .filter(|line| line.contains("clock"))
                .collect();
            match expected {
                Some(text) => assert!(
                    printed.len() == 1 && printed[0].contains(&format!("{text}{}", server.url)),
                    "{text}: {outcome}"
                ),
                None => assert!(printed.is_empty(), "{outcome}"),
            }
        }
    }
}

#[test]
fn a_login_with_several_requests_reports_the_clock_once() {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", KEY);
    // The key is rejected, then the authorization server is asked.
    let server = ScriptedServer::start(|received, _| {
        let status = if received.header("authorization").is_some() {
            401
        } else {
            404
        };
        dated(
            ScriptedResponse::json(status, &json!({})),
            hours_from_now(3),
        )
    });
    let outcome = home.run(&["--api-url", &server.url, "login"]);
    assert!(server.received().len() > 1, "{outcome}");
    assert!(outcome.stderr.contains("rejected the key"), "{outcome}");
    assert_eq!(outcome.stderr.matches("clock is").count(), 1, "{outcome}");
}

#[test]
fn a_rejected_credential_is_reported_with_the_clock_difference() {
    let mut home = TestHome::new();
    home.set("BRAINMAPS_API_KEY", KEY);
    let server = ScriptedServer::start(|_, _| {
        dated(
            ScriptedResponse::json(401, &json!({ "detail": "expired" })),
            hours_from_now(-9),
        )
    });
    let outcome = home.run(&["--api-url", &server.url, "whoami"]).expect(4);
    let (clock, error) = (outcome.stderr.find("clock"), outcome.stderr.find("error:"));
    assert!(clock.is_some() && clock < error, "{outcome}");
}

#[test]
fn an_expires_at_from_the_server_is_corrected_by_the_clock_difference() {
    for hours in [-8, 8] {
        let server = ScriptedServer::start(move |received, _| {
            let now = hours_from_now(hours);
            let token = json!({
                "id": 7, "key": "session-c4n4ry-key", "is_active": true,
                "created": now, "expires": now + 2.hours(),
            });
            let body = json!({ "user": { "username": "demo" }, "token": token });
            assert_eq!(received.method, "POST");
            dated(ScriptedResponse::json(200, &body), now)
        });
        let home = TestHome::new();
        let there = ["--profile", "neuroio", "--api-url", &server.url];
        let login = [
            &there[..],
            &["login", "--username", "demo", "--password-stdin"],
        ]
        .concat();
        home.run_with_input(&login, "pass-c4n4ry-word").expect(0);
        let status = [&there[..], &["status", "--json"]].concat();
        let status = home.run(&status).expect(0).json();
        assert_eq!(status["profiles"][0]["state"], "valid");
        let end: Timestamp =
            serde_json::from_value(status["profiles"][0]["expires_at"].clone()).unwrap();
        let left = end.duration_since(Timestamp::now()).as_mins();
        assert!((110..=120).contains(&left), "{hours}: {left} min");
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_session_is_refreshed_once_after_the_clock_was_set_back() {
    let script = AuthorizationServerScript {
        other: Box::new(|_| me()),
        ..AuthorizationServerScript::default()
    };
    let server = script.serve();
    let home = TestHome::new();
    let login = [
        &["--api-url", &server.url][..],
        &device_login(&server.url),
        &["--no-browser"],
    ]
    .concat();
    home.run(&login).expect(0);
    assert_eq!(server.count("/token"), 1);
    home.run(&["whoami"]).expect(0);
    assert_eq!(server.count("/token"), 1, "a fresh session is left alone");

    let path = home.data().join("credentials/brainmaps.json");
    let mut stored: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for member in ["issued_at", "expires_at"] {
        let time: Timestamp = serde_json::from_value(stored[member].clone()).unwrap();
        stored[member] = json!(time + 5.hours());
    }
    std::fs::write(&path, stored.to_string()).unwrap();
    for _ in 0..3 {
        home.run(&["whoami"]).expect(0);
    }
    assert_eq!(server.count("/token"), 2, "refreshed by the first of three");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_session_that_has_expired_by_the_servers_clock_is_refreshed_once() {
    // At login, the clocks agree; then the computer is suspended for three hours, and its clock with it.
    let script = AuthorizationServerScript {
        token: Box::new(|received| {
            let slept = if received.body.contains("refresh_token") {
                3
            } else {
                0
            };
            dated(
                ScriptedResponse::json(200, &token_response()),
                hours_from_now(slept),
            )
        }),
        other: Box::new(|received| {
            let page = received
                .path
                .split("page=")
                .nth(1)
                .map_or(1, |page| page.parse().unwrap());
            let host = received.header("host").unwrap();
            let next = (page < 4).then(|| format!("http://{host}/api/tokens/?page={}", page + 1));
            let body = json!({ "next": next, "results": [{ "id": page, "is_revoked": false }] });
            dated(ScriptedResponse::json(200, &body), hours_from_now(3))
        }),
        ..AuthorizationServerScript::default()
    };
    let server = script.serve();
    let home = TestHome::new();
    let login = [
        &["--api-url", &server.url][..],
        &device_login(&server.url),
        &["--no-browser"],
    ]
    .concat();
    home.run(&login).expect(0);
    let list = home.run(&["token", "list", "--all", "--json"]).expect(0);
    assert_eq!(list.json()["tokens"].as_array().unwrap().len(), 4);
    let calls: Vec<_> = server
        .received()
        .into_iter()
        .map(|received| received.path)
        .collect();
    let after_login = &calls[calls.len() - 5..];
    let page = |number| format!("/api/tokens/?page={number}");
    assert_eq!(
        after_login,
        ["/api/tokens/", "/token", &page(2), &page(3), &page(4)]
    );

    home.run(&["token", "list", "--all"]).expect(0);
    assert_eq!(
        server.count("/token"),
        2,
        "the clock difference is measured again after a refresh"
    );
}
