//! Invalid responses during a login. Each attempt runs with a stored session, which must survive.

use serde_json::{Value, json};

use super::{
    ExpectedFailure, expect_failure, expect_no_control_characters, expect_no_faults, failure,
    login, mismatch, signed_in, valid_server, with_member,
};
use crate::support::{
    scripted_server::{
        AuthorizationServerScript, ScriptedResponse, device_login, device_response, metadata,
        token_response,
    },
    test_home::TestHome,
};

const FIFTY_MEGABYTES: usize = 50 * 1024 * 1024;

fn with_metadata_response(
    response: impl Fn(&str) -> ScriptedResponse + Send + Sync + 'static,
) -> AuthorizationServerScript {
    AuthorizationServerScript {
        metadata: Box::new(response),
        ..AuthorizationServerScript::default()
    }
}

fn with_device_response(
    response: impl Fn(&str) -> ScriptedResponse + Send + Sync + 'static,
) -> AuthorizationServerScript {
    AuthorizationServerScript {
        device: Box::new(response),
        ..AuthorizationServerScript::default()
    }
}

fn with_token_response(
    response: impl Fn() -> ScriptedResponse + Send + Sync + 'static,
) -> AuthorizationServerScript {
    AuthorizationServerScript {
        token: Box::new(move |_| response()),
        ..AuthorizationServerScript::default()
    }
}

fn with_device_member(member: &'static str, value: Value) -> AuthorizationServerScript {
    with_device_response(move |url| {
        ScriptedResponse::json(
            200,
            &with_member(device_response(url), member, value.clone()),
        )
    })
}

fn with_metadata_member(member: &'static str, value: Value) -> AuthorizationServerScript {
    with_metadata_response(move |url| {
        ScriptedResponse::json(200, &with_member(metadata(url), member, value.clone()))
    })
}

fn with_token_member(member: &'static str, value: Value) -> AuthorizationServerScript {
    with_token_response(move || {
        ScriptedResponse::json(200, &with_member(token_response(), member, value.clone()))
    })
}

/// Logs in at each server with a session in store, and checks that the session is unchanged.
fn expect_failures(cases: Vec<(&str, AuthorizationServerScript, ExpectedFailure)>) {
    let first = valid_server();
    let home = signed_in(&first);
    let mut faults = Vec::new();
    for (name, scripted, ending) in cases {
        let server = scripted.serve();
        let outcome = login(&home, &server);
        faults.extend(mismatch(name, &outcome, &ending));
        let kept = home.run(&["credential", "print"]).expect(0);
        assert_eq!(
            kept.stdout.trim(),
            token_response()["access_token"],
            "{name}: the session before is lost"
        );
    }
    expect_no_faults(&faults);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn invalid_metadata_fails_the_login_and_keeps_the_session() {
    expect_failures(vec![
        (
            "HTML",
            with_metadata_response(|_| ScriptedResponse::html(200)),
            failure(1, "no OAuth 2.0 metadata"),
        ),
        (
            "not there",
            with_metadata_response(|_| ScriptedResponse::html(404)),
            failure(1, "no OAuth 2.0 metadata"),
        ),
        (
            "half JSON",
            with_metadata_response(|_| ScriptedResponse::half_json()),
            failure(1, ""),
        ),
        (
            "cut short",
            with_metadata_response(|_| ScriptedResponse::cut_short()),
            failure(6, ""),
        ),
        (
            "50 MB",
            with_metadata_response(|_| ScriptedResponse::stream(FIFTY_MEGABYTES)),
            failure(1, "larger than"),
        ),
        (
            "an array",
            with_metadata_response(|_| ScriptedResponse::json(200, &json!([1]))),
            failure(1, ""),
        ),
        (
            "another issuer",
            with_metadata_member("issuer", json!("https://evil.example")),
            failure(1, "issuer"),
        ),
        (
            "no issuer",
            with_metadata_member("issuer", Value::Null),
            failure(1, "issuer"),
        ),
        (
            "no device endpoint",
            with_metadata_member("device_authorization_endpoint", Value::Null),
            failure(2, "does not support the device flow"),
        ),
        (
            "device endpoint is a number",
            with_metadata_member("device_authorization_endpoint", json!(7)),
            failure(1, "device"),
        ),
        (
            "endpoint on plain http elsewhere",
            with_metadata_member("token_endpoint", json!("http://evil.example/token")),
            failure(1, "token_endpoint"),
        ),
        (
            "redirect to another host",
            with_metadata_response(|_| {
                ScriptedResponse::redirect(302, "https://evil.example/metadata")
            }),
            failure(1, "evil.example"),
        ),
    ]);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn an_invalid_device_response_fails_the_login_and_keeps_the_session() {
    expect_failures(vec![
        (
            "HTML",
            with_device_response(|_| ScriptedResponse::html(200)),
            failure(1, ""),
        ),
        (
            "HTML error",
            with_device_response(|_| ScriptedResponse::html(400)),
            failure(8, "400"),
        ),
        (
            "half JSON",
            with_device_response(|_| ScriptedResponse::half_json()),
            failure(1, ""),
        ),
        (
            "cut short",
            with_device_response(|_| ScriptedResponse::cut_short()),
            failure(6, ""),
        ),
        (
            "50 MB",
            with_device_response(|_| ScriptedResponse::stream(FIFTY_MEGABYTES)),
            failure(1, "larger than"),
        ),
        (
            "no device_code",
            with_device_member("device_code", Value::Null),
            failure(1, "device_code"),
        ),
        (
            "no user_code",
            with_device_member("user_code", Value::Null),
            failure(1, "user_code"),
        ),
        (
            "no verification_uri",
            with_device_member("verification_uri", Value::Null),
            failure(1, "verification_uri"),
        ),
        (
            "no expires_in",
            with_device_member("expires_in", Value::Null),
            failure(1, "expires_in"),
        ),
        (
            "user_code is a number",
            with_device_member("user_code", json!(12)),
            failure(1, "user_code"),
        ),
        (
            "javascript:",
            with_device_member("verification_uri", json!("javascript:alert(1)")),
            failure(1, "verification_uri"),
        ),
        (
            "file:",
            with_device_member("verification_uri", json!("file:///etc/passwd")),
            failure(1, "verification_uri"),
        ),
        (
            "redirect",
            with_device_response(|_| ScriptedResponse::redirect(307, "https://evil.example/")),
            failure(1, "evil.example"),
        ),
        (
            "unavailable",
            with_device_response(|_| ScriptedResponse::html(503)),
            failure(6, ""),
        ),
        (
            "expires_in is text",
            with_device_member("expires_in", json!("soon")),
            failure(1, "expires_in"),
        ),
        (
            "expires_in is 0",
            with_device_member("expires_in", json!(0)),
            failure(1, "expires_in"),
        ),
        (
            "expires_in is negative",
            with_device_member("expires_in", json!(-5)),
            failure(1, "expires_in"),
        ),
    ]);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn an_invalid_token_response_fails_the_login_and_keeps_the_session() {
    let refused = |error: &'static str| {
        with_token_response(move || ScriptedResponse::json(400, &json!({ "error": error })))
    };
    expect_failures(vec![
        (
            "HTML",
            with_token_response(|| ScriptedResponse::html(200)),
            failure(1, ""),
        ),
        (
            "HTML error",
            with_token_response(|| ScriptedResponse::html(400)),
            failure(8, "400"),
        ),
        (
            "empty error",
            with_token_response(|| ScriptedResponse::text(400, "text/plain", "")),
            failure(8, "400"),
        ),
        (
            "half JSON",
            with_token_response(ScriptedResponse::half_json),
            failure(1, ""),
        ),
        (
            "50 MB",
            with_token_response(|| ScriptedResponse::stream(FIFTY_MEGABYTES)),
            failure(1, "larger than"),
        ),
        (
            "no access_token",
            with_token_member("access_token", Value::Null),
            failure(1, "access_token"),
        ),
        (
            "access_token is a number",
            with_token_member("access_token", json!(5)),
            failure(1, "access_token"),
        ),
        (
            "access_token is empty",
            with_token_member("access_token", json!("")),
            failure(1, "access_token"),
        ),
        (
            "unknown token_type",
            with_token_member("token_type", json!("mac")),
            failure(1, "token_type"),
        ),
        (
            "redirect",
            with_token_response(|| ScriptedResponse::redirect(307, "https://evil.example/")),
            failure(1, "evil.example"),
        ),
        ("unknown error", refused("teapot"), failure(8, "teapot")),
        (
            "unknown device code",
            refused("invalid_grant"),
            failure(8, "invalid_grant"),
        ),
        ("denied", refused("access_denied"), failure(3, "declined")),
        ("expired", refused("expired_token"), failure(5, "expired")),
    ]);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn rfc6749_5_1_lifetimes_as_strings_and_huge_lifetimes_are_accepted() {
    let cases = [
        (
            "device expires_in as text",
            with_device_member("expires_in", json!("600")),
        ),
        (
            "device expires_in huge",
            with_device_member("expires_in", json!(9_223_372_036_854_775_807_i64)),
        ),
        (
            "device expires_in beyond 64 bits",
            with_device_member("expires_in", json!(1e30)),
        ),
        (
            "interval as text",
            with_device_member("interval", json!("1")),
        ),
        (
            "token expires_in as text",
            with_token_member("expires_in", json!("3600")),
        ),
        (
            "token expires_in huge",
            with_token_member("expires_in", json!(9_223_372_036_854_775_807_i64)),
        ),
        (
            "token expires_in beyond 64 bits",
            with_token_member("expires_in", json!(1e30)),
        ),
        (
            "token expires_in absent",
            with_token_member("expires_in", Value::Null),
        ),
        (
            "token_type in lower case",
            with_token_member("token_type", json!("bearer")),
        ),
        (
            "no refresh token",
            with_token_member("refresh_token", Value::Null),
        ),
    ];
    // Each login waits a second before it polls.
    std::thread::scope(|scope| {
        for (name, scripted) in cases {
            scope.spawn(move || {
                let home = TestHome::new();
                let server = scripted.serve();
                let outcome = login(&home, &server);
                assert_eq!(outcome.code, Some(0), "{name}: {outcome}");
                let printed = home.run(&["credential", "print"]);
                let expected = &token_response()["access_token"];
                assert_eq!(printed.stdout.trim(), expected, "{name}: {printed}");
            });
        }
    });
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn control_characters_from_a_server_are_not_printed() {
    const EVIL: &str = "a\u{1b}]0;owned\u{7}\u{1b}[31m\r\nb\u{202e}c\u{0}";
    let servers: Vec<(&str, AuthorizationServerScript)> = vec![
        ("user_code", with_device_member("user_code", json!(EVIL))),
        (
            "verification_uri",
            with_device_response(|url| {
                ScriptedResponse::json(
                    200,
                    &with_member(
                        device_response(url),
                        "verification_uri",
                        json!(format!("{url}/{EVIL}")),
                    ),
                )
            }),
        ),
        ("scope", with_token_member("scope", json!(EVIL))),
        ("issuer", with_metadata_member("issuer", json!(EVIL))),
        (
            "error",
            with_token_response(|| {
                ScriptedResponse::json(400, &json!({ "error": EVIL, "error_description": EVIL }))
            }),
        ),
        (
            "device error",
            with_device_response(|_| {
                ScriptedResponse::json(400, &json!({ "error": EVIL, "error_description": EVIL }))
            }),
        ),
        (
            "content type",
            with_device_response(|_| ScriptedResponse::text(400, "text/\u{9b}x", EVIL)),
        ),
    ];
    for (name, scripted) in servers {
        let server = scripted.serve();
        for form in [&[][..], &["--json"], &["-v"]] {
            let home = TestHome::new();
            let mut arguments = [&device_login(&server.url)[..], &["--no-browser"]].concat();
            arguments.extend(form);
            let outcome = home.run(&arguments);
            expect_no_control_characters(name, &outcome);
            assert!(
                !outcome.stderr.contains('\u{202e}'),
                "{name}: text direction is turned: {outcome:?}"
            );
        }
    }
}

#[test]
fn rfc8628_3_1a_a_plain_http_issuer_off_loopback_is_rejected_before_any_request() {
    let home = TestHome::new();
    let arguments = [
        &device_login("http://id.example.test")[..],
        &["--no-browser", "--json"],
    ]
    .concat();
    let outcome = home.run(&arguments);
    expect_failure("plain http", &outcome, &failure(2, "https"));
}
