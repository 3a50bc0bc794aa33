use std::sync::Arc;

use super::*;
use crate::domain::{Scopes, Secret};
use crate::http::testing::{Stub, response, response_with_header, url};
use crate::http::{ConnectFailure, HttpError, Response, TimeoutPhase};

const PENDING: &str = r#"{"error":"authorization_pending"}"#;
const SLOW_DOWN: &str = r#"{"error":"slow_down"}"#;
const GRANTED: &str =
    r#"{"access_token":"at","token_type":"bearer","expires_in":"3600","refresh_token":"rt","x":1}"#;

struct Waited {
    result: Result<TokenResponse, OauthError>,
    events: Vec<PollEvent>,
    /// Seconds from the start to each poll, and to the result.
    polls: Vec<u64>,
    end: u64,
    stub: Arc<Stub>,
}

/// Waits with an interval of 5 s for a code with a lifetime of 60 s.
async fn wait(
    handler: impl Fn(usize) -> Result<Response, HttpError> + Send + Sync + 'static,
) -> Waited {
    let (http, stub) = Stub::client(move |before, _| handler(before));
    let client = DeviceClient {
        http: &http,
        server: &crate::oauth::verified_server::example(),
        scopes: &Scopes::default(),
    };
    let started = Instant::now();
    let mut events = Vec::new();
    let result = client
        .wait_for_approval(authorization(), &mut |event| events.push(event))
        .await;
    Waited {
        result,
        events,
        polls: stub.seconds_since(started),
        end: started.elapsed().as_secs(),
        stub,
    }
}

fn authorization() -> DeviceAuthorization {
    DeviceAuthorization {
        user_code: "WDJB-MJHT".to_owned(),
        verification_uri: url("https://auth.example.com/device"),
        verification_uri_complete: None,
        expires_in: Duration::from_mins(1),
        device_code: Secret::new("secret-device-code"),
        code_verifier: Secret::new("secret-verifier"),
        interval: Duration::from_secs(5),
        obtained_at: Instant::now(),
    }
}

fn connection_refused() -> HttpError {
    HttpError::Connect {
        url: "https://auth.example.com/token".to_owned(),
        kind: ConnectFailure::Refused,
        cause: "connection refused".to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn rfc8628_3_4_every_poll_sends_grant_type_device_code_client_and_verifier() {
    let waited = wait(|before| Ok(response(400, [PENDING, GRANTED][before]))).await;
    assert!(waited.result.is_err(), "a token in a 400 is not used");
    let waited = wait(|before| Ok(response([400, 200][before], [PENDING, GRANTED][before]))).await;
    for form in waited.stub.forms() {
        let form: Vec<_> = form
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let expected = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", "secret-device-code"),
            ("client_id", "brainmaps-cli"),
            ("code_verifier", "secret-verifier"),
        ];
        assert_eq!(form, expected);
    }
    let grant = waited.result.unwrap();
    assert_eq!(grant.access_token.expose(), "at");
    assert_eq!(grant.refresh_token, Some(Secret::new("rt")));
    assert_eq!(
        (grant.expires_in, grant.token_type.as_deref()),
        (Some(3600), Some("bearer"))
    );
}

#[tokio::test(start_paused = true)]
async fn rfc8628_3_5b_slow_down_keeps_its_interval_and_success_stops_polling() {
    let script = [PENDING, SLOW_DOWN, PENDING, SLOW_DOWN, GRANTED];
    let waited = wait(move |before| {
        Ok(response(
            if before == 4 { 200 } else { 400 },
            script[before],
        ))
    })
    .await;
    assert!(waited.result.is_ok());
    assert_eq!(waited.polls, [5, 10, 20, 30, 45]);
    assert_eq!(waited.end, 45);
    let slowed = |interval| PollEvent::SlowedDown {
        interval: Duration::from_secs(interval),
    };
    assert!(waited.events.contains(&slowed(10)) && waited.events.contains(&slowed(15)));
}

#[tokio::test(start_paused = true)]
async fn error_code_in_a_200_is_an_error() {
    let waited = wait(|before| Ok(response(200, [PENDING, SLOW_DOWN, GRANTED][before]))).await;
    assert!(waited.result.is_ok());
    assert_eq!(waited.polls, [5, 10, 20]);
}

#[tokio::test(start_paused = true)]
async fn rfc8628_3_5e_expiry_is_reported_on_time() {
    let waited = wait(|_| Ok(response(400, PENDING))).await;
    assert_eq!(
        waited.result,
        Err(OauthError::CodeExpired { last_problem: None })
    );
    assert_eq!(waited.polls, (1..12).map(|n| 5 * n).collect::<Vec<_>>());
    assert_eq!(waited.end, 60);
    let remaining: Vec<_> = waited
        .events
        .iter()
        .map(|event| match event {
            PollEvent::Waiting { remaining } => remaining.as_secs(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(remaining, (1..=60).rev().collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn rfc8628_3_5c_failures_back_off_and_the_cause_is_reported() {
    let waited = wait(|_| Err(connection_refused())).await;
    assert_eq!(waited.polls, [5, 15, 35], "the client must not retry");
    assert_eq!(waited.end, 60);
    let text = waited.result.unwrap_err().to_string();
    assert!(
        text.contains("could not connect to https://auth.example.com/token: connection refused"),
        "{text}"
    );
    let retries = waited
        .events
        .iter()
        .filter(|event| matches!(event, PollEvent::Retrying { .. }))
        .count();
    assert_eq!(retries, 3);
}

#[tokio::test(start_paused = true)]
async fn transient_failure_does_not_stop_polling() {
    let waited = wait(|before| match before {
        0 => Err(HttpError::Timeout {
            url: "https://a.b/".to_owned(),
            stage: TimeoutPhase::Waiting,
        }),
        1 => Ok(response(502, "<html>bad gateway</html>")),
        2 => Ok(response(503, r#"{"error":"temporarily_unavailable"}"#)),
        _ => Ok(response(200, GRANTED)),
    })
    .await;
    assert!(
        waited.result.is_err(),
        "polls at 5, 15 and 35 s, then the code expires"
    );
    let waited = wait(|before| match before {
        0 => Ok(response(502, "<html>bad gateway</html>")),
        _ => Ok(response(200, GRANTED)),
    })
    .await;
    assert_eq!((waited.result.is_ok(), waited.polls), (true, vec![5, 15]));
}

#[tokio::test(start_paused = true)]
async fn rfc9110_10_2_3_retry_after_of_a_429_is_respected() {
    for body in ["", r#"{"error":"rate_limited"}"#, SLOW_DOWN, PENDING] {
        let waited = wait(move |before| {
            let mut throttled = response_with_header(429, "retry-after", "33");
            throttled.body = body.as_bytes().to_vec().into();
            Ok([throttled, response(200, GRANTED)][before].clone())
        });
        let waited = waited.await;
        let expected = if body == PENDING { 10 } else { 38 };
        assert_eq!(
            (waited.result.is_ok(), waited.polls),
            (true, vec![5, expected]),
            "{body}"
        );
    }
}

const FINAL: &[(u16, &str, &str)] = &[
    (
        400,
        r#"{"error":"access_denied"}"#,
        "the sign-in was declined",
    ),
    (
        400,
        r#"{"error":"expired_token"}"#,
        "the code expired before the sign-in was approved",
    ),
    (
        400,
        r#"{"error":"invalid_grant"}"#,
        "(invalid_grant, HTTP 400)",
    ),
    (
        400,
        r#"{"error":"invalid_request"}"#,
        "(invalid_request, HTTP 400)",
    ),
    (
        404,
        r#"{"error":"device_not_found"}"#,
        "(device_not_found, HTTP 404)",
    ),
    (
        401,
        r#"{"error":"invalid_client"}"#,
        "(invalid_client, HTTP 401)",
    ),
    (
        400,
        r#"{"error":"made_up","error_description":"why"}"#,
        "(made_up, HTTP 400): why",
    ),
    (
        400,
        r#"{"error":"x","error_description":"no secret-device-code"}"#,
        "(x, HTTP 400): no [secret]",
    ),
    (400, "", "(HTTP 400 Bad Request)"),
    (
        403,
        "<html>no</html>",
        "probably of a gateway or firewall (HTTP 403)",
    ),
    (403, "no", "(HTTP 403 Forbidden)"),
    (
        400,
        r#"{"error":"authorization_declined"}"#,
        "the sign-in was declined",
    ),
    (
        400,
        r#"{"message":"access_denied"}"#,
        "the sign-in was declined",
    ),
    (200, "<html>hello</html>", "it is an HTML page"),
    (200, "{}", "has no `access_token`"),
    (200, r#"{"access_token":""}"#, "has no `access_token`"),
    (200, r#"{"access_token":7}"#, "has no `access_token`"),
];

#[tokio::test(start_paused = true)]
async fn rfc8628_3_5d_any_other_response_stops_immediately_with_its_reason() {
    for &(status, body, expected) in FINAL {
        let waited = wait(move |_| Ok(response(status, body))).await;
        let text = waited.result.unwrap_err().to_string();
        assert!(
            text.contains(expected) && !text.contains("secret-"),
            "{text}"
        );
        assert_eq!(waited.polls, [5], "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn pending_is_found_in_other_fields_and_after_a_408() {
    for (status, body) in [
        (400, r#"{"status":400,"message":"authorization_pending"}"#),
        (
            400,
            r#"{"error":"invalid_request","error_description":"authorization_pending"}"#,
        ),
        (428, r#"{"error":{"code":"authorization_pending"}}"#),
        (408, PENDING),
    ] {
        let waited = wait(move |before| match before {
            0 => Ok(response(status, body)),
            _ => Ok(response(200, GRANTED)),
        })
        .await;
        assert_eq!(
            (waited.result.is_ok(), waited.polls),
            (true, vec![5, 10]),
            "{body}"
        );
    }
    let waited = wait(|before| Ok(response([408, 200][before], ["", GRANTED][before]))).await;
    assert_eq!((waited.result.is_ok(), waited.polls), (true, vec![5, 15]));
}

#[tokio::test(start_paused = true)]
async fn lost_body_of_a_200_stops_polling() {
    let stages = [
        HttpError::Interrupted {
            url: String::new(),
            status: Some(crate::http::StatusCode::OK),
            cause: "closed".to_owned(),
        },
        HttpError::Timeout {
            url: String::new(),
            stage: TimeoutPhase::Reading(crate::http::StatusCode::OK),
        },
    ];
    for error in stages {
        let waited = wait(move |_| Err(error.clone())).await;
        assert!(matches!(waited.result, Err(OauthError::GrantLost(_))));
        assert_eq!(waited.polls, [5]);
    }
}

#[tokio::test(start_paused = true)]
async fn permanent_transport_errors_stop_polling() {
    let waited = wait(|_| {
        Ok(response_with_header(
            307,
            "location",
            "https://evil.net/token",
        ))
    })
    .await;
    assert!(matches!(
        waited.result,
        Err(OauthError::Http(HttpError::Redirected { .. }))
    ));
    assert_eq!(waited.polls, [5]);
    let waited = wait(|_| {
        Err(HttpError::Tls {
            url: String::new(),
            kind: crate::http::TlsFailure::Issuer,
            cause: String::new(),
        })
    })
    .await;
    assert!(matches!(
        waited.result,
        Err(OauthError::Http(HttpError::Tls { .. }))
    ));
}
