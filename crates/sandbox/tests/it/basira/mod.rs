//! Basira's own API.

mod keys;
mod sessions;

use axum::body::Body;
use axum::http::Method;
use brainmaps_sandbox::DEMO_EMAIL;
use serde_json::json;

use super::fixture::{Fixture, TestResponse, Tokens, request};

const LOGIN: &str = "/basira/api/v1/auth/login";
const REFRESH: &str = "/basira/api/v1/auth/refresh";
const RESEND: &str = "/basira/api/v1/auth/resend-verification";
const KEYS: &str = "/basira/api/v1/api-keys";
const DATABASES: &str = "/basira/api/v1/databases";
const BILLING: &str = "/basira/api/v1/billing";

async fn log_in_as(fixture: &Fixture, email: &str) -> Tokens {
    let body = json!({"email": email, "password": "demo"});
    let reply = fixture.post(LOGIN, "", body).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    Tokens::of(&reply)
}

async fn log_in(fixture: &Fixture) -> Tokens {
    log_in_as(fixture, DEMO_EMAIL).await
}

async fn refresh(fixture: &Fixture, token: &str) -> TestResponse {
    fixture
        .post(REFRESH, "", json!({"refresh_token": token}))
        .await
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// Sends a request with the header `X-API-Key`.
async fn by_key(fixture: &Fixture, method: Method, path: &str, key: &str) -> TestResponse {
    let mut received = request(method, path, "", Body::empty());
    let headers = received.headers_mut();
    headers.insert("x-api-key", key.parse().unwrap());
    fixture.send(received).await
}

/// Returns the status of an error response, and checks its form: `{error: text}` and no `Retry-After`.
fn api_error(reply: &TestResponse) -> u16 {
    assert!(!reply.text("/error").is_empty());
    assert_eq!(reply.json().as_object().unwrap().len(), 1, "{reply:?}");
    assert_eq!(reply.header("retry-after"), "");
    reply.status.as_u16()
}
