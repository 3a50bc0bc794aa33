//! Invalid responses to a refresh: only `invalid_grant` ends a session.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Ending, ending, expect_no_faults, mismatch, signed_in, with_member};
use crate::support::{
    scripted_server::{ReceivedRequest, Scripted, ScriptedResponse, ScriptedServer, token},
    test_home::{TestHome, expire},
};

/// A server whose access tokens expire after a second; `answer` is its response to a refresh.
fn refreshing(
    response: impl Fn(&ReceivedRequest) -> ScriptedResponse + Send + Sync + 'static,
) -> ScriptedServer {
    let scripted = Scripted {
        token: Box::new(move |received| {
            if received.body.contains("grant_type=refresh_token") {
                response(received)
            } else {
                ScriptedResponse::json(200, &with_member(token(), "expires_in", json!(1)))
            }
        }),
        ..Scripted::default()
    };
    scripted.serve()
}

/// Returns the only credential file.
fn credential_file(home: &TestHome) -> PathBuf {
    let folder = home.data().join("credentials");
    let mut files = std::fs::read_dir(folder).unwrap().flatten();
    let file = files.find(|it| it.path().extension().is_some_and(|it| it == "json"));
    file.unwrap().path()
}

fn stored(home: &TestHome) -> Vec<u8> {
    std::fs::read(credential_file(home)).unwrap()
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn only_invalid_grant_ends_a_session() {
    let cases: Vec<(&str, ScriptedResponse, Ending)> = vec![
        ("HTML", ScriptedResponse::html(200), ending(1, "")),
        ("HTML 502", ScriptedResponse::html(502), ending(6, "")),
        (
            "500",
            ScriptedResponse::json(500, &json!({ "error": "server_error" })),
            ending(6, ""),
        ),
        ("half JSON", ScriptedResponse::half_json(), ending(1, "")),
        ("cut short", ScriptedResponse::cut_short(), ending(6, "")),
        (
            "50 MB",
            ScriptedResponse::stream(50 * 1024 * 1024),
            ending(1, "larger than"),
        ),
        (
            "wrong type",
            ScriptedResponse::json(200, &with_member(token(), "access_token", json!([1]))),
            ending(1, "access_token"),
        ),
        (
            "no access_token",
            ScriptedResponse::json(200, &with_member(token(), "access_token", Value::Null)),
            ending(1, "access_token"),
        ),
        (
            "redirect",
            ScriptedResponse::redirect(307, "https://evil.example/token"),
            ending(1, "evil.example"),
        ),
        (
            "invalid_client",
            ScriptedResponse::json(401, &json!({ "error": "invalid_client" })),
            ending(8, "invalid_client"),
        ),
        (
            "too many",
            ScriptedResponse::json(429, &json!({})).header("retry-after", "3600"),
            ending(6, "1 hour"),
        ),
    ];
    let mut faults = Vec::new();
    for (name, reply, ending) in cases {
        let server = refreshing(move |_| reply.clone());
        let home = signed_in(&server);
        expire(&credential_file(&home));
        let before = stored(&home);
        let outcome = home.run(&["credential", "print", "--json"]);
        faults.extend(mismatch(name, &outcome, &ending));
        assert_eq!(
            stored(&home),
            before,
            "{name}: the session is not as it was"
        );
    }
    expect_no_faults(&faults);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn invalid_grant_removes_the_session() {
    let server = refreshing(|_| ScriptedResponse::json(400, &json!({ "error": "invalid_grant" })));
    let home = signed_in(&server);
    expire(&credential_file(&home));
    let ended = home.run(&["credential", "print", "--json"]).expect(4);
    assert_eq!(ended.error_code(), "LOGIN_EXPIRED");
    let status = home.run(&["status", "--json"]).expect(4).json();
    assert_eq!(status["profiles"][0]["state"], "expired");
    let again = home.run(&["credential", "print", "--json"]).expect(4);
    assert_eq!(again.error_code(), "LOGIN_EXPIRED");
    let refreshes = server
        .received()
        .iter()
        .filter(|received| received.body.contains("grant_type=refresh_token"))
        .count();
    assert_eq!(refreshes, 1, "a dead session is not tried again");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_refresh_token_is_replaced_only_if_the_response_has_one() {
    let responses = |received: &ReceivedRequest| {
        let second = received.body.contains("refresh-c4n4ry-2");
        let response = with_member(
            with_member(token(), "expires_in", json!(1)),
            "access_token",
            json!(if second {
                "access-c4n4ry-3"
            } else {
                "access-c4n4ry-2"
            }),
        );
        ScriptedResponse::json(
            200,
            &with_member(
                response,
                "refresh_token",
                if second {
                    Value::Null
                } else {
                    json!("refresh-c4n4ry-2")
                },
            ),
        )
    };
    let server = refreshing(responses);
    let home = signed_in(&server);
    for expected in ["access-c4n4ry-2", "access-c4n4ry-3", "access-c4n4ry-3"] {
        expire(&credential_file(&home));
        assert_eq!(
            home.run(&["credential", "print"]).expect(0).stdout.trim(),
            expected
        );
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn a_network_failure_keeps_the_session() {
    let server = refreshing(|_| ScriptedResponse::cut_short());
    let home = signed_in(&server);
    expire(&credential_file(&home));
    let before = stored(&home);
    home.run(&["credential", "print", "--json"]).expect(6);
    assert_eq!(stored(&home), before);
}
