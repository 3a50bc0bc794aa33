//! Error responses: `{error}`, without `Retry-After`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::base::SandboxError;
use crate::web::json_body::NotJson;

#[derive(Debug)]
pub(super) enum ApiError {
    /// 401: no valid credential.
    Unauthenticated(&'static str),
    /// 403: not allowed for this credential or account.
    Forbidden(&'static str),
    /// 429.
    RateLimited(&'static str),
    BadRequest(StatusCode, &'static str),
    /// 404.
    NotFound,
    Internal(SandboxError),
}

impl From<SandboxError> for ApiError {
    fn from(error: SandboxError) -> Self {
        Self::Internal(error)
    }
}

impl From<NotJson> for ApiError {
    fn from(NotJson { status, message }: NotJson) -> Self {
        Self::BadRequest(status, message)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthenticated(message) => {
                let mut response = error_response(StatusCode::UNAUTHORIZED, message);
                let bearer = HeaderValue::from_static("Bearer");
                let headers = response.headers_mut();
                headers.insert(header::WWW_AUTHENTICATE, bearer);
                response
            }
            Self::Forbidden(message) => error_response(StatusCode::FORBIDDEN, message),
            Self::RateLimited(message) => error_response(StatusCode::TOO_MANY_REQUESTS, message),
            Self::BadRequest(status, message) => error_response(status, message),
            Self::NotFound => error_response(StatusCode::NOT_FOUND, "not found"),
            Self::Internal(error) => error.into_response(),
        }
    }
}

fn error_response(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"error": message}))).into_response()
}

/// Handles unknown paths, and known ones with a trailing slash.
pub(super) async fn not_found() -> Response {
    ApiError::NotFound.into_response()
}

pub(super) async fn method_not_allowed() -> Response {
    error_response(StatusCode::METHOD_NOT_ALLOWED, "method not allowed")
}
