//! NeuroIO's own API.

mod kinds;
mod tokens;

use axum::http::{Method, header};
use serde_json::{Value, json};

use super::fixture::{Fixture, TestResponse, request};

const LOGIN: &str = "/neuroio/v1/auth/token/";
const WHOAMI: &str = "/neuroio/v1/whoami/";
const TOKENS: &str = "/neuroio/v1/tokens/";
const STREAM_TOKENS: &str = "/neuroio/v1/streams/tokens/";
const SOURCES: &str = "/neuroio/v1/sources/";
const STREAMS: &str = "/neuroio/v1/streams/";

async fn log_in(fixture: &Fixture, username: &str) -> String {
    let body = json!({"username": username, "password": "demo"});
    let reply = fixture.post(LOGIN, "", body).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    format!("Token {}", reply.text("/token/key"))
}

async fn create_token(
    fixture: &Fixture,
    root: &str,
    authorization: &str,
    permanent: bool,
) -> TestResponse {
    let body = json!({"permanent": permanent});
    let reply = fixture.post(root, authorization, body).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply
}

async fn patch(
    fixture: &Fixture,
    path: &str,
    authorization: &str,
    kind: &str,
    body: &str,
) -> TestResponse {
    let mut received = request(Method::PATCH, path, authorization, body.to_owned().into());
    let headers = received.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
    fixture.send(received).await
}

const FORM: &str = "application/x-www-form-urlencoded";

fn id(reply: &TestResponse) -> i64 {
    reply.json()["id"].as_i64().unwrap()
}

fn ids(reply: &TestResponse) -> Vec<i64> {
    let json = reply.json();
    let list = json.as_array().unwrap_or_else(|| panic!("{reply:?}"));
    list.iter()
        .map(|token| token["id"].as_i64().unwrap())
        .collect()
}

/// Returns the status, the only error code, and the messages by field.
fn api_error(reply: &TestResponse) -> (u16, i64, Value) {
    let body = reply.json();
    assert!(!reply.text("/message").is_empty());
    assert_eq!(body["error_codes"].as_array().unwrap().len(), 1);
    let code = body["error_codes"][0].as_i64().unwrap();
    (reply.status.as_u16(), code, body["fields"].clone())
}
