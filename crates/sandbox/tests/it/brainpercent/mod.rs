//! BrainPercent's own API.

mod keys;
mod page;
mod resources;

use axum::body::Body;
use axum::http::{Method, header};
use brainmaps_sandbox::DEMO_EMAIL;
use serde_json::{Value, json};

use super::fixture::{Fixture, TestResponse, request};

const LOGIN: &str = "/brainpercent/login";
const KEYS: &str = "/brainpercent/api/v1/api-keys";
const ARTICLES: &str = "/brainpercent/api/v1/articles";
const GENERATE: &str = "/brainpercent/api/v1/articles/generate";
const SOCIAL: &str = "/brainpercent/api/v1/social/content";
const PROJECTS: &str = "/brainpercent/api/v1/projects";
const CREDITS: &str = "/brainpercent/api/v1/user/credits";
const USAGE: &str = "/brainpercent/api/v1/user/usage";

/// Returns the cookie of a new web session.
async fn cookie_of(fixture: &Fixture, email: &str) -> String {
    let body = format!("email={email}&password=demo");
    let mut received = request(Method::POST, LOGIN, "", body.into());
    let headers = received.headers_mut();
    let form = "application/x-www-form-urlencoded";
    headers.insert(header::CONTENT_TYPE, form.parse().unwrap());
    headers.insert(header::ACCEPT, "application/json".parse().unwrap());
    let reply = fixture.send(received).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.text("/cookie")
}

async fn cookie(fixture: &Fixture) -> String {
    cookie_of(fixture, DEMO_EMAIL).await
}

/// Sends a request with a cookie.
async fn by_cookie(
    fixture: &Fixture,
    method: Method,
    path: &str,
    cookie: &str,
    body: Value,
) -> TestResponse {
    let body = if body.is_null() {
        Body::empty()
    } else {
        body.to_string().into()
    };
    let mut received = request(method, path, "", body);
    let headers = received.headers_mut();
    headers.insert(header::COOKIE, cookie.parse().unwrap());
    headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    fixture.send(received).await
}

async fn create_key(fixture: &Fixture, cookie: &str, body: Value) -> TestResponse {
    by_cookie(fixture, Method::POST, KEYS, cookie, body).await
}

async fn list(fixture: &Fixture, cookie: &str, query: &str) -> TestResponse {
    let path = format!("{KEYS}{query}");
    by_cookie(fixture, Method::GET, &path, cookie, Value::Null).await
}

/// Returns the `Authorization` header with a new key of the demo account.
async fn key(fixture: &Fixture, cookie: &str, permissions: &[&str], scopes: &[&str]) -> String {
    let mut body = json!({"name": "key", "permissions": permissions});
    if !scopes.is_empty() {
        body["scopes"] = json!(scopes);
    }
    let reply = create_key(fixture, cookie, body).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    format!("Bearer {}", reply.text("/data/key"))
}

/// Sends a request with a key and a JSON body.
async fn send(
    fixture: &Fixture,
    method: Method,
    path: &str,
    key: &str,
    body: Value,
) -> TestResponse {
    let mut received = request(method, path, key, body.to_string().into());
    let headers = received.headers_mut();
    headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    fixture.send(received).await
}

/// Returns the status and code of an error response, and checks its envelope.
fn api_error(reply: &TestResponse) -> (u16, String) {
    assert_eq!(reply.json()["success"], false, "{reply:?}");
    assert!(!reply.text("/error/message").is_empty());
    assert!(reply.text("/meta/request_id").starts_with("req_"));
    let timestamp = reply.text("/meta/timestamp").parse::<jiff::Timestamp>();
    assert!(timestamp.is_ok());
    (reply.status.as_u16(), reply.text("/error/code"))
}

fn error_code(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}
