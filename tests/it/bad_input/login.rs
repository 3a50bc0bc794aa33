//! Wrong answers while signing in. Every attempt is made in a home that is signed in already, and stays so.

use serde_json::{Value, json};

use super::{
    Ending, ends, expect_ending, expect_no_control_characters, expect_no_faults, fault, good,
    login, signed_in, with,
};
use crate::support::{
    scripted_server::{Reply, Scripted, device, metadata, token},
    test_home::TestHome,
};

const FIFTY_MEGABYTES: usize = 50 * 1024 * 1024;

fn metadata_reply(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Scripted {
    Scripted {
        metadata: Box::new(answer),
        ..Scripted::default()
    }
}

fn device_reply(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Scripted {
    Scripted {
        device: Box::new(answer),
        ..Scripted::default()
    }
}

fn token_reply(answer: impl Fn() -> Reply + Send + Sync + 'static) -> Scripted {
    Scripted {
        token: Box::new(move |_| answer()),
        ..Scripted::default()
    }
}

fn device_with(member: &'static str, value: Value) -> Scripted {
    device_reply(move |url| Reply::json(200, &with(device(url), member, value.clone())))
}

fn metadata_with(member: &'static str, value: Value) -> Scripted {
    metadata_reply(move |url| Reply::json(200, &with(metadata(url), member, value.clone())))
}

fn token_with(member: &'static str, value: Value) -> Scripted {
    token_reply(move || Reply::json(200, &with(token(), member, value.clone())))
}

/// Runs each wrong server against a home that is signed in, and looks that it still is.
fn each_ends(cases: Vec<(&str, Scripted, Ending)>) {
    let first = good();
    let home = signed_in(&first);
    let mut faults = Vec::new();
    for (name, scripted, ending) in cases {
        let server = scripted.serve();
        let outcome = login(&home, &server);
        faults.extend(fault(name, &outcome, &ending));
        let kept = home.run(&["credential", "print"]).expect(0);
        assert_eq!(
            kept.stdout.trim(),
            token()["access_token"],
            "{name}: the session before is lost"
        );
    }
    expect_no_faults(&faults);
}

#[test]
fn wrong_metadata_ends_the_login_and_loses_nothing() {
    each_ends(vec![
        (
            "HTML",
            metadata_reply(|_| Reply::html(200)),
            ends(1, "no OAuth2 server"),
        ),
        (
            "not there",
            metadata_reply(|_| Reply::html(404)),
            ends(1, "no OAuth2 server"),
        ),
        (
            "half JSON",
            metadata_reply(|_| Reply::half_json()),
            ends(1, ""),
        ),
        (
            "cut short",
            metadata_reply(|_| Reply::cut_short()),
            ends(6, ""),
        ),
        (
            "50 MB",
            metadata_reply(|_| Reply::stream(FIFTY_MEGABYTES)),
            ends(1, "larger than"),
        ),
        (
            "an array",
            metadata_reply(|_| Reply::json(200, &json!([1]))),
            ends(1, ""),
        ),
        (
            "another issuer",
            metadata_with("issuer", json!("https://evil.example")),
            ends(1, "issuer"),
        ),
        (
            "no issuer",
            metadata_with("issuer", Value::Null),
            ends(1, "issuer"),
        ),
        (
            "no device endpoint",
            metadata_with("device_authorization_endpoint", Value::Null),
            ends(2, "no device sign-in"),
        ),
        (
            "device endpoint is a number",
            metadata_with("device_authorization_endpoint", json!(7)),
            ends(1, "device"),
        ),
        (
            "endpoint on plain http elsewhere",
            metadata_with("token_endpoint", json!("http://evil.example/token")),
            ends(1, "token_endpoint"),
        ),
        (
            "redirect to another host",
            metadata_reply(|_| Reply::redirect(302, "https://evil.example/metadata")),
            ends(1, "evil.example"),
        ),
    ]);
}

#[test]
fn a_wrong_device_answer_ends_the_login_and_loses_nothing() {
    each_ends(vec![
        ("HTML", device_reply(|_| Reply::html(200)), ends(1, "")),
        (
            "HTML error",
            device_reply(|_| Reply::html(400)),
            ends(8, "400"),
        ),
        (
            "half JSON",
            device_reply(|_| Reply::half_json()),
            ends(1, ""),
        ),
        (
            "cut short",
            device_reply(|_| Reply::cut_short()),
            ends(6, ""),
        ),
        (
            "50 MB",
            device_reply(|_| Reply::stream(FIFTY_MEGABYTES)),
            ends(1, "larger than"),
        ),
        (
            "no device_code",
            device_with("device_code", Value::Null),
            ends(1, "device_code"),
        ),
        (
            "no user_code",
            device_with("user_code", Value::Null),
            ends(1, "user_code"),
        ),
        (
            "no verification_uri",
            device_with("verification_uri", Value::Null),
            ends(1, "verification_uri"),
        ),
        (
            "no expires_in",
            device_with("expires_in", Value::Null),
            ends(1, "expires_in"),
        ),
        (
            "user_code is a number",
            device_with("user_code", json!(12)),
            ends(1, "user_code"),
        ),
        (
            "javascript:",
            device_with("verification_uri", json!("javascript:alert(1)")),
            ends(1, "verification_uri"),
        ),
        (
            "file:",
            device_with("verification_uri", json!("file:///etc/passwd")),
            ends(1, "verification_uri"),
        ),
        (
            "redirect",
            device_reply(|_| Reply::redirect(307, "https://evil.example/")),
            ends(1, "evil.example"),
        ),
        (
            "unavailable",
            device_reply(|_| Reply::html(503)),
            ends(6, ""),
        ),
        (
            "expires_in is text",
            device_with("expires_in", json!("soon")),
            ends(1, "expires_in"),
        ),
        (
            "expires_in is 0",
            device_with("expires_in", json!(0)),
            ends(1, "expires_in"),
        ),
        (
            "expires_in is negative",
            device_with("expires_in", json!(-5)),
            ends(1, "expires_in"),
        ),
    ]);
}

#[test]
fn a_wrong_token_answer_ends_the_login_and_loses_nothing() {
    let refused =
        |error: &'static str| token_reply(move || Reply::json(400, &json!({ "error": error })));
    each_ends(vec![
        ("HTML", token_reply(|| Reply::html(200)), ends(1, "")),
        (
            "HTML error",
            token_reply(|| Reply::html(400)),
            ends(8, "400"),
        ),
        (
            "empty error",
            token_reply(|| Reply::text(400, "text/plain", "")),
            ends(8, "400"),
        ),
        ("half JSON", token_reply(Reply::half_json), ends(1, "")),
        (
            "50 MB",
            token_reply(|| Reply::stream(FIFTY_MEGABYTES)),
            ends(1, "larger than"),
        ),
        (
            "no access_token",
            token_with("access_token", Value::Null),
            ends(1, "access_token"),
        ),
        (
            "access_token is a number",
            token_with("access_token", json!(5)),
            ends(1, "access_token"),
        ),
        (
            "access_token is empty",
            token_with("access_token", json!("")),
            ends(1, "access_token"),
        ),
        (
            "unknown token_type",
            token_with("token_type", json!("mac")),
            ends(1, "token_type"),
        ),
        (
            "redirect",
            token_reply(|| Reply::redirect(307, "https://evil.example/")),
            ends(1, "evil.example"),
        ),
        ("unknown error", refused("teapot"), ends(8, "teapot")),
        (
            "unknown device code",
            refused("invalid_grant"),
            ends(8, "invalid_grant"),
        ),
        ("denied", refused("access_denied"), ends(3, "declined")),
        ("expired", refused("expired_token"), ends(5, "expired")),
    ]);
}

#[test]
fn rfc6749_5_1_lifetimes_as_text_and_absurdly_long_ones_are_taken() {
    for (name, scripted) in [
        (
            "device expires_in as text",
            device_with("expires_in", json!("600")),
        ),
        (
            "device expires_in huge",
            device_with("expires_in", json!(9_223_372_036_854_775_807_i64)),
        ),
        (
            "device expires_in beyond 64 bits",
            device_with("expires_in", json!(1e30)),
        ),
        ("interval as text", device_with("interval", json!("1"))),
        (
            "token expires_in as text",
            token_with("expires_in", json!("3600")),
        ),
        (
            "token expires_in huge",
            token_with("expires_in", json!(9_223_372_036_854_775_807_i64)),
        ),
        (
            "token expires_in beyond 64 bits",
            token_with("expires_in", json!(1e30)),
        ),
        (
            "token expires_in absent",
            token_with("expires_in", Value::Null),
        ),
        (
            "token_type in lower case",
            token_with("token_type", json!("bearer")),
        ),
        ("no refresh token", token_with("refresh_token", Value::Null)),
    ] {
        let home = TestHome::new();
        let server = scripted.serve();
        let outcome = login(&home, &server);
        assert_eq!(outcome.code, Some(0), "{name}: {outcome}");
        let printed = home.run(&["credential", "print"]);
        assert_eq!(
            printed.stdout.trim(),
            token()["access_token"],
            "{name}: {printed}"
        );
    }
}

#[test]
fn a_token_that_is_dead_on_arrival_is_told_and_not_printed() {
    for lifetime in [json!(0), json!(-3600)] {
        let home = TestHome::new();
        let without_refresh = move || {
            Reply::json(
                200,
                &with(
                    with(token(), "expires_in", lifetime.clone()),
                    "refresh_token",
                    Value::Null,
                ),
            )
        };
        let server = token_reply(without_refresh).serve();
        login(&home, &server);
        let printed = home.run(&["credential", "print", "--json"]).expect(4);
        assert_eq!(printed.error_code(), "LOGIN_EXPIRED");
    }
}

#[test]
fn control_characters_of_a_server_never_reach_the_terminal() {
    const EVIL: &str = "a\u{1b}]0;owned\u{7}\u{1b}[31m\r\nb\u{202e}c\u{0}";
    let servers: Vec<(&str, Scripted)> = vec![
        ("user_code", device_with("user_code", json!(EVIL))),
        (
            "verification_uri",
            device_reply(|url| {
                Reply::json(
                    200,
                    &with(
                        device(url),
                        "verification_uri",
                        json!(format!("{url}/{EVIL}")),
                    ),
                )
            }),
        ),
        ("scope", token_with("scope", json!(EVIL))),
        ("issuer", metadata_with("issuer", json!(EVIL))),
        (
            "error",
            token_reply(|| Reply::json(400, &json!({ "error": EVIL, "error_description": EVIL }))),
        ),
        (
            "device error",
            device_reply(|_| {
                Reply::json(400, &json!({ "error": EVIL, "error_description": EVIL }))
            }),
        ),
        (
            "content type",
            device_reply(|_| Reply::text(400, "text/\u{9b}x", EVIL)),
        ),
    ];
    for (name, scripted) in servers {
        let server = scripted.serve();
        for form in [&[][..], &["--json"], &["-v"]] {
            let home = TestHome::new();
            let mut arguments = vec![
                "login",
                "--device",
                "--issuer",
                &server.url,
                "--client-id",
                "native",
                "--no-browser",
            ];
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
fn rfc8628_3_1a_an_issuer_on_plain_http_off_loopback_is_refused_before_any_request() {
    let home = TestHome::new();
    let arguments = [
        "login",
        "--device",
        "--issuer",
        "http://id.example.test",
        "--client-id",
        "native",
        "--no-browser",
        "--json",
    ];
    let outcome = home.run(&arguments);
    expect_ending("plain http", &outcome, &ends(2, "https"));
}
