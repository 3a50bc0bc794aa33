//! Middleware: adds CORS headers to every response, and `meta` with an id and the time to every error.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::api_error::ErrorBody;
use crate::base::{SandboxError, rfc3339, secrets};
use crate::state::Sandbox;

const CORS: [(HeaderName, &str); 4] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (
        header::ACCESS_CONTROL_ALLOW_METHODS,
        "GET, POST, PUT, DELETE, OPTIONS",
    ),
    (
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        "Authorization, Content-Type, X-Request-Id",
    ),
    (header::ACCESS_CONTROL_MAX_AGE, "86400"),
];

pub(super) async fn wrap(State(sandbox): State<Sandbox>, request: Request, next: Next) -> Response {
    // A CORS preflight request has no credential.
    let mut response = if request.method() == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    };
    if let Some(error) = response.extensions_mut().remove::<ErrorBody>() {
        let status = response.status();
        response = match meta(&sandbox, &error) {
            Ok(meta) => error_response(status, &error, &meta),
            Err(error) => error.into_response(),
        };
    }
    let headers = response.headers_mut();
    for (name, value) in CORS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn meta(sandbox: &Sandbox, error: &ErrorBody) -> Result<Value, SandboxError> {
    let id = secrets::uuid()?.replace('-', "");
    let mut meta = json!({
        "request_id": format!("req_{id}"),
        "timestamp": rfc3339(sandbox.now()),
    });
    if let Some(seconds) = error.retry_after {
        meta["retry_after"] = seconds.into();
    }
    Ok(meta)
}

fn error_response(status: StatusCode, error: &ErrorBody, meta: &Value) -> Response {
    let body = json!({
        "success": false,
        "error": {"code": error.code, "message": error.message},
        "meta": meta,
    });
    let mut response = (status, Json(body)).into_response();
    if let Some(seconds) = error.retry_after {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
