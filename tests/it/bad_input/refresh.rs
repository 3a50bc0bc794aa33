//! Invalid responses to a refresh: only `invalid_grant` ends a session.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{ExpectedFailure, expect_no_faults, failure, mismatch, signed_in, with_member};
use crate::support::{
    scripted_server::{
        AuthorizationServerScript, ReceivedRequest, ScriptedResponse, ScriptedServer,
        token_response,
    },
    test_home::{TestHome, expire},
};

/// A server whose access tokens expire after a second; `response` returns its response to a refresh.
fn serve_expiring_tokens(
    response: impl Fn(&ReceivedRequest) -> ScriptedResponse + Send + Sync + 'static,
) -> ScriptedServer {
    let scripted = AuthorizationServerScript {
        token: Box::new(move |received| {
            if received.body.contains("grant_type=refresh_token") {
                response(received)
            } else {
                ScriptedResponse::json(200, &with_member(token_response(), "expires_in", json!(1)))
            }
        }),
        ..AuthorizationServerScript::default()
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
    let cases: Vec<(&str, ScriptedResponse, ExpectedFailure)> = vec![
        ("HTML", ScriptedResponse::html(200), failure(1, "")),
        ("HTML 502", ScriptedResponse::html(502), failure(6, "")),
        (
            "500",
            ScriptedResponse::json(500, &json!({ "error": "server_error" })),
            failure(6, ""),
        ),
        ("half JSON", ScriptedResponse::half_json(), failure(1, "")),
        ("cut short", ScriptedResponse::cut_short(), failure(6, "")),
        (
            "50 MB",
            ScriptedResponse::stream(50 * 1024 * 1024),
            failure(1, "larger than"),
        ),
        (
            "wrong type",
            ScriptedResponse::json(
                200,
                &with_member(token_response(), "access_token", json!([1])),
            ),
            failure(1, "access_token"),
        ),
        (
            "no access_token",
            ScriptedResponse::json(
                200,
                &with_member(token_response(), "access_token", Value::Null),
            ),
            failure(1, "access_token"),
        ),
        (
            "redirect",
            ScriptedResponse::redirect(307, "https://evil.example/token"),
            failure(1, "evil.example"),
        ),
        (
            "invalid_client",
            ScriptedResponse::json(401, &json!({ "error": "invalid_client" })),
            failure(8, "invalid_client"),
        ),
        (
            "too many",
            ScriptedResponse::json(429, &json!({})).header("retry-after", "3600"),
            failure(6, "1 hour"),
        ),
    ];
    let mut faults = Vec::new();
    for (name, reply, ending) in cases {
        let server = serve_expiring_tokens(move |_| reply.clone());
        let home = signed_in(&server);
        expire(&credential_file(&home));
        let before = stored(&home);
        let outcome = home.run(&["credential", "print", "--json"]);
        faults.extend(mismatch(name, &outcome, &ending));
        assert_eq!(
            stored(&home),
            before,
            "{name}: the stored session was changed"
        );
    }
    expect_no_faults(&faults);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn invalid_grant_removes_the_session() {
    let server = serve_expiring_tokens(|_| {
        ScriptedResponse::json(400, &json!({ "error": "invalid_grant" }))
    });
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
    assert_eq!(refreshes, 1, "the rejected refresh token is not sent again");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_refresh_token_is_replaced_only_if_the_response_has_one() {
    let responses = |received: &ReceivedRequest| {
        let second = received.body.contains("refresh-c4n4ry-2");
        let response = with_member(
            with_member(token_response(), "expires_in", json!(1)),
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
    let server = serve_expiring_tokens(responses);
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
    let server = serve_expiring_tokens(|_| ScriptedResponse::cut_short());
    let home = signed_in(&server);
    expire(&credential_file(&home));
    let before = stored(&home);
    home.run(&["credential", "print", "--json"]).expect(6);
    assert_eq!(stored(&home), before);
}
