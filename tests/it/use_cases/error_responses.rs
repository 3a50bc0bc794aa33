//! Documented error responses of each service, and the resulting errors.

use std::time::Duration;

use brainmaps::actions::{ActionError, AuthenticatedClient, ListOptions, Purpose};
use brainmaps::http::Response;
use brainmaps::service::{ApiError, ApiErrorKind, ServiceError};
use serde_json::{Value, json};

use super::fixture::{API, Fixture, canary, error_chain, key, secret, target};
use super::network;

const CLOUD: &str = "https://cloud.basicmemory.com";

/// Returns the error of `token list` for this response.
async fn token_list_error(profile: &str, response: Response) -> (ApiError, String) {
    let origin = if profile == "brainmaps" { API } else { CLOUD };
    let fixture = Fixture::new();
    fixture.store(profile, &key(profile, origin, "key")).await;
    fixture
        .network
        .add_script(move |_| Some(Ok(response.clone())));
    let context = fixture.profile(profile);
    let error = context
        .session(&target(&context))
        .list_tokens(&ListOptions::default())
        .await;
    let error = error.unwrap_err();
    let text = error_chain(&error);
    match error {
        ActionError::Service(ServiceError::Api(api_error))
        | ActionError::CredentialRejected { api_error, .. } => (*api_error, text),
        other => panic!("{other}"),
    }
}

#[tokio::test(start_paused = true)]
async fn every_http_status_has_its_error_code() {
    use ApiErrorKind as Kind;
    for profile in ["brainmaps", "basic-memory"] {
        for (status, kind) in [
            (400, Kind::Rejected),
            (401, Kind::CredentialRejected),
            (402, Kind::PaymentRequired),
            (403, Kind::Forbidden),
            (404, Kind::NotFound),
            (405, Kind::Rejected),
            (409, Kind::Rejected),
            (410, Kind::NotFound),
            (418, Kind::Rejected),
            (422, Kind::Rejected),
            (429, Kind::RateLimited),
            (500, Kind::Unavailable),
            (502, Kind::Unavailable),
            (503, Kind::Unavailable),
            (304, Kind::Rejected),
        ] {
            let (api_error, text) =
                token_list_error(profile, network::json(status, &json!({}))).await;
            assert_eq!(
                (api_error.status, api_error.kind),
                (status, kind),
                "{profile}"
            );
            let shown =
                kind == Kind::CredentialRejected || text.contains(&format!("HTTP {status}"));
            assert!(shown, "{text}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn code_and_message_are_read_from_the_documented_members() {
    #[rustfmt::skip]
    let rows: [(&str, Value, Option<&str>, Option<&str>); 9] = [
        ("brainmaps", json!({"error": "limit", "detail": "One at a time."}), Some("limit"), Some("One at a time.")),
        ("brainmaps", json!({"detail": "No."}), None, Some("No.")),
        ("brainmaps", json!({"error": "only"}), Some("only"), Some("only")),
        ("brainmaps", json!({"name": ["required"]}), None, None),
        ("basic-memory", json!({"detail": "No."}), None, Some("No.")),
        ("basic-memory", json!({"detail": {"error": "code", "message": "No."}}), Some("code"), Some("No.")),
        ("basic-memory", json!({"error": "code", "error_description": "No."}), Some("code"), Some("No.")),
        ("basic-memory", json!({"detail": [{"loc": ["body"], "msg": "field required"}]}), None, None),
        ("basic-memory", json!({"detail": {"detail": {"error": "deep"}}}), None, None),
    ];
    for (profile, body, code, message) in rows {
        let (api_error, _) = token_list_error(profile, network::json(400, &body)).await;
        assert_eq!(
            (api_error.code.as_deref(), api_error.message.as_deref()),
            (code, message),
            "{body}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_missing_subscription_is_payment_required_with_a_link() {
    let inner = json!({"error": "subscription_required", "message": "Pay.", "subscribe_url": "https://pay.test/"});
    for body in [
        inner.clone(),
        json!({"detail": inner}),
        json!({"detail": {"detail": inner}}),
    ] {
        let (api_error, text) = token_list_error("basic-memory", network::json(403, &body)).await;
        assert_eq!(api_error.kind, ApiErrorKind::PaymentRequired, "{body}");
        assert_eq!(
            api_error.link.as_deref(),
            Some("https://pay.test/"),
            "{body}"
        );
        assert!(text.contains("requires payment"), "{text}");
    }
    let (api_error, _) =
        token_list_error("basic-memory", network::json(403, &json!({"detail": "no"}))).await;
    assert_eq!(
        (api_error.kind, api_error.link),
        (ApiErrorKind::Forbidden, None)
    );
    let body = json!({"detail": {"error": "subscription_required", "subscribe_url": 5}});
    let (api_error, _) = token_list_error("basic-memory", network::json(401, &body)).await;
    assert_eq!(
        api_error.kind,
        ApiErrorKind::CredentialRejected,
        "only a 403 can mean payment required"
    );
}

#[tokio::test(start_paused = true)]
async fn an_html_error_page_is_not_printed() {
    for status in [400, 403, 404, 500, 502] {
        let page = format!("<html><script>{}</script></html>", canary("page"));
        let (api_error, text) =
            token_list_error("brainmaps", network::text(status, "text/html", &page)).await;
        assert_eq!((api_error.code, api_error.message), (None, None));
        assert!(!text.contains('<'), "{text}");
        assert_eq!(
            text.contains("gateway or firewall"),
            status == 403,
            "{text}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn rfc9110_10_2_3_a_429_error_contains_the_waiting_time() {
    let rows = [
        ("3600", Some(3600)),
        ("Fri, 15 Jan 2027 08:01:00 GMT", None),
        ("soon", None),
        ("-1", None),
    ];
    for (value, seconds) in rows {
        let response = network::with_header(network::json(429, &json!({})), "retry-after", value);
        let (api_error, _) = token_list_error("brainmaps", response).await;
        assert_eq!(api_error.kind, ApiErrorKind::RateLimited);
        let waits = api_error.retry_after.filter(|wait| !wait.is_zero());
        assert_eq!(waits, seconds.map(Duration::from_secs), "{value}");
    }
    let dated = network::with_header(
        network::json(429, &json!({})),
        "retry-after",
        "Fri, 15 Jan 2027 09:01:00 GMT",
    );
    let dated = network::with_header(dated, "date", "Fri, 15 Jan 2027 08:00:00 GMT");
    let (api_error, _) = token_list_error("brainmaps", dated).await;
    assert_eq!(
        api_error.retry_after,
        Some(Duration::from_mins(61)),
        "the wait is computed from the server's Date header"
    );
}

#[tokio::test(start_paused = true)]
async fn error_messages_are_sanitized_and_truncated() {
    let words = format!("a\u{1b}[2Jb\u{202e}c\nd{}", "x".repeat(5000));
    let response = network::json(400, &json!({"error": words, "detail": words}));
    let response = network::with_header(response, "x-request-id", "req-1");
    let (api_error, text) = token_list_error("brainmaps", response).await;
    assert!(
        text.chars().all(|c| !c.is_control() && c != '\u{202e}'),
        "{text}"
    );
    assert!(text.chars().count() < 1000, "{}", text.len());
    assert_eq!(api_error.request_id.as_deref(), Some("req-1"));
}

#[tokio::test(start_paused = true)]
async fn a_credential_quoted_by_the_service_is_redacted() {
    for status in [400, 401, 403, 404, 422, 500] {
        let quoted = format!("bad token {}", canary("key"));
        let body = json!({"error": quoted, "detail": {"message": quoted, "error": quoted}, "message": quoted});
        let response =
            network::with_header(network::json(status, &body), "x-request-id", &canary("key"));
        for profile in ["brainmaps", "basic-memory"] {
            let (api_error, _) = token_list_error(profile, response.clone()).await;
            let shown = format!("{api_error:?} {api_error}");
            assert!(!shown.contains("c4n4ry"), "{shown}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_credential_with_a_slash_is_redacted_in_both_spellings() {
    let fixture = Fixture::new();
    let mut stored = key("brainmaps", API, "key");
    stored.credential.secret = secret("a/b+c=");
    fixture.store("brainmaps", &stored).await;
    let body = format!(r#"{{"detail": "bad {}"}}"#, canary("a\\/b+c="));
    fixture.network.add_response(
        &format!("GET {API}/api/auth/me/"),
        network::text(403, "application/json", &body),
    );
    let context = fixture.context();
    let target = target(&context);
    let access = AuthenticatedClient::open(context.session(&target), Purpose::Read).unwrap();
    let error = access.service().await.whoami().await.unwrap_err();
    assert!(error_chain(&error).contains("bad [secret]"), "{error}");
}
