//! Error responses: `{success: false, error: {code, message}}`, to which [`envelope`](super::envelope) adds `meta`.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::base::SandboxError;
use crate::web::json_body::NotJson;

#[derive(Debug)]
pub(super) enum ApiError {
    /// 401: no valid credential for this call.
    Unauthorized(&'static str),
    /// 403: the key lacks this permission or scope.
    Missing(&'static str, &'static str),
    /// 402 with the price and the credits left.
    InsufficientCredits(i64, i64),
    /// 429 with the seconds to wait.
    RateLimited(i64),
    Invalid(StatusCode, String),
    /// 409: ten active keys exist. No source documents the code.
    TooManyKeys,
    /// 404.
    NotFound,
    Internal(SandboxError),
}

impl ApiError {
    /// 400.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(StatusCode::BAD_REQUEST, message.into())
    }
}

impl From<SandboxError> for ApiError {
    fn from(error: SandboxError) -> Self {
        Self::Internal(error)
    }
}

impl From<NotJson> for ApiError {
    fn from(NotJson { status, message }: NotJson) -> Self {
        Self::Invalid(status, message.to_owned())
    }
}

/// Stored in the response extensions for the envelope.
#[derive(Debug, Clone)]
pub(super) struct ErrorBody {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) retry_after: Option<i64>,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let retry_after = match &self {
            Self::RateLimited(seconds) => Some(*seconds),
            _ => None,
        };
        let (status, code, message) = match self {
            Self::Unauthorized(message) => {
                (StatusCode::UNAUTHORIZED, "UNAUTHORIZED", message.to_owned())
            }
            Self::Missing(what, name) => {
                let message = format!("This API key lacks the {name} {what}");
                (StatusCode::FORBIDDEN, "FORBIDDEN", message)
            }
            Self::InsufficientCredits(price, left) => {
                let text = format!("Not enough credits: this costs {price}, and {left} are left");
                (StatusCode::PAYMENT_REQUIRED, "INSUFFICIENT_CREDITS", text)
            }
            Self::RateLimited(_) => {
                let text = "Too many requests. Please slow down.".to_owned();
                (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMIT_EXCEEDED", text)
            }
            Self::Invalid(status, message) => (status, "VALIDATION_ERROR", message),
            Self::TooManyKeys => {
                let message = "There are 10 active API keys already; revoke one first".to_owned();
                (StatusCode::CONFLICT, "API_KEY_LIMIT_REACHED", message)
            }
            Self::NotFound => (StatusCode::NOT_FOUND, "NOT_FOUND", "Not found".to_owned()),
            Self::Internal(error) => return error.into_response(),
        };
        let error = ErrorBody {
            code,
            message,
            retry_after,
        };
        error_response(status, error)
    }
}

fn error_response(status: StatusCode, error: ErrorBody) -> Response {
    let mut response = status.into_response();
    response.extensions_mut().insert(error);
    response
}

/// Handles unknown paths, and known ones with a trailing slash.
pub(super) async fn not_found() -> Response {
    ApiError::NotFound.into_response()
}

pub(super) async fn method_not_allowed() -> Response {
    let error = ErrorBody {
        code: "METHOD_NOT_ALLOWED",
        message: "Method not allowed".to_owned(),
        retry_after: None,
    };
    error_response(StatusCode::METHOD_NOT_ALLOWED, error)
}
