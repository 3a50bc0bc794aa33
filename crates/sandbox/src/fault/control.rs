//! The endpoint that sets, lists and clears faults while the sandbox runs, for programs on this machine and not for
//! web pages: it is behind the door that turns other names away, and refuses whatever says that a page sent it.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{Fault, Faults};

pub(super) fn router(faults: &Faults) -> Router {
    let faults_of = get(list).post(add).put(replace).delete(clear);
    Router::new()
        .route("/_sandbox/faults", faults_of)
        .route("/_sandbox/requests", get(requests).delete(forget))
        .layer(middleware::from_fn(no_pages))
        .with_state(faults.clone())
}

/// A browser says where a request comes from: `Origin` with everything that changes something, `Sec-Fetch-Site` with
/// everything, `none` where a person typed the address.
async fn no_pages(request: Request, next: Next) -> Response {
    if is_of_a_page(request.headers()) {
        let detail = "this is for programs, not for web pages";
        return (StatusCode::FORBIDDEN, Json(json!({"detail": detail}))).into_response();
    }
    next.run(request).await
}

fn is_of_a_page(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    headers.contains_key("origin") || site.is_some_and(|site| site != "none")
}

async fn list(State(faults): State<Faults>) -> Json<Value> {
    Json(json!({"faults": faults.listed()}))
}

async fn add(State(faults): State<Faults>, body: String) -> Response {
    match read(&body) {
        Ok(more) => {
            faults.add(more);
            list(State(faults)).await.into_response()
        }
        Err(refusal) => refusal,
    }
}

async fn replace(State(faults): State<Faults>, body: String) -> Response {
    match read(&body) {
        Ok(all) => {
            faults.replace(all);
            list(State(faults)).await.into_response()
        }
        Err(refusal) => refusal,
    }
}

async fn clear(State(faults): State<Faults>) -> StatusCode {
    faults.clear();
    StatusCode::NO_CONTENT
}

async fn requests(State(faults): State<Faults>) -> Json<Value> {
    Json(json!({"requests": faults.requests()}))
}

async fn forget(State(faults): State<Faults>) -> StatusCode {
    faults.forget_requests();
    StatusCode::NO_CONTENT
}

/// One fault a line, whatever the `Content-Type`; empty lines and those that begin with `#` are none.
#[expect(
    clippy::result_large_err,
    reason = "the refusal is the answer, and is made once"
)]
fn read(body: &str) -> Result<Vec<Fault>, Response> {
    let lines = body.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let faults: Result<Vec<Fault>, _> = lines.map(str::parse).collect();
    faults.map_err(|error| {
        let detail = json!({"detail": error.to_string()});
        (StatusCode::BAD_REQUEST, Json(detail)).into_response()
    })
}
