//! Lists, adds, replaces and clears faults at run time. For programs on this machine only: [`host_guard`](crate::web::host_guard) rejects
//! other host names, and requests sent by a web page are rejected here.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{Fault, Faults};

pub(super) fn router(faults: &Faults) -> Router {
    let faults_methods = get(list).post(add).put(replace).delete(clear);
    Router::new()
        .route("/_sandbox/faults", faults_methods)
        .route("/_sandbox/requests", get(requests).delete(clear_requests))
        .layer(middleware::from_fn(reject_web_pages))
        .with_state(faults.clone())
}

/// Browsers send `Origin` with every request that changes something, and `Sec-Fetch-Site` with every request (`none` if a person
/// typed the address).
async fn reject_web_pages(request: Request, next: Next) -> Response {
    if is_from_web_page(request.headers()) {
        let detail = "this is for programs, not for web pages";
        return (StatusCode::FORBIDDEN, Json(json!({"detail": detail}))).into_response();
    }
    next.run(request).await
}

fn is_from_web_page(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    headers.contains_key("origin") || site.is_some_and(|site| site != "none")
}

async fn list(State(faults): State<Faults>) -> Json<Value> {
    Json(json!({"faults": faults.to_json()}))
}

async fn add(State(faults): State<Faults>, body: String) -> Response {
    match parse(&body) {
        Ok(added) => {
            faults.add(added);
            list(State(faults)).await.into_response()
        }
        Err(response) => response,
    }
}

async fn replace(State(faults): State<Faults>, body: String) -> Response {
    match parse(&body) {
        Ok(replacements) => {
            faults.replace(replacements);
            list(State(faults)).await.into_response()
        }
        Err(response) => response,
    }
}

async fn clear(State(faults): State<Faults>) -> StatusCode {
    faults.clear();
    StatusCode::NO_CONTENT
}

async fn requests(State(faults): State<Faults>) -> Json<Value> {
    Json(json!({"requests": faults.requests()}))
}

async fn clear_requests(State(faults): State<Faults>) -> StatusCode {
    faults.clear_requests();
    StatusCode::NO_CONTENT
}

/// Parses one fault per line, for any `Content-Type`. Skips empty lines and comments (`#`).
#[expect(
    clippy::result_large_err,
    reason = "the error is the response, created once per request"
)]
fn parse(body: &str) -> Result<Vec<Fault>, Response> {
    let lines = body.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let faults: Result<Vec<Fault>, _> = lines.map(str::parse).collect();
    faults.map_err(|error| {
        let detail = json!({"detail": error.to_string()});
        (StatusCode::BAD_REQUEST, Json(detail)).into_response()
    })
}
