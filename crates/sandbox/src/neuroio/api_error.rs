//! Error responses: `{error_codes, message, fields}`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::base::SandboxError;
use crate::web::json_body::NotJson;

/// Wrong user name or password: the only documented code.
const WRONG_PASSWORD: u16 = 602;

// The other codes are the sandbox's own.
const INVALID: u16 = 601;
const UNAUTHENTICATED: u16 = 603;
const FORBIDDEN: u16 = 604;
const NOT_FOUND: u16 = 605;
const TOO_MANY_TOKENS: u16 = 606;
const METHOD_NOT_ALLOWED: u16 = 607;

#[derive(Debug)]
pub(super) enum ApiError {
    /// 401: no valid credential.
    Unauthenticated(&'static str),
    /// 400: wrong user name or password.
    WrongPassword,
    /// 403: not allowed for this kind of token.
    Forbidden(&'static str),
    /// 400 with the name of the field and a message.
    InvalidField(&'static str, &'static str),
    /// A body that cannot be parsed.
    InvalidBody(StatusCode, &'static str),
    /// 404.
    NotFound,
    /// 400: five permanent tokens exist.
    TooManyTokens,
    Internal(SandboxError),
}

impl From<SandboxError> for ApiError {
    fn from(error: SandboxError) -> Self {
        Self::Internal(error)
    }
}

impl From<NotJson> for ApiError {
    fn from(NotJson { status, message }: NotJson) -> Self {
        Self::InvalidBody(status, message)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let bad = StatusCode::BAD_REQUEST;
        match self {
            Self::Unauthenticated(message) => with_challenge(error_response(
                StatusCode::UNAUTHORIZED,
                UNAUTHENTICATED,
                message,
                &[],
            )),
            Self::WrongPassword => {
                let message = "Unable to log in with the provided credentials.";
                error_response(bad, WRONG_PASSWORD, message, &["username", "password"])
            }
            Self::Forbidden(message) => {
                error_response(StatusCode::FORBIDDEN, FORBIDDEN, message, &[])
            }
            Self::InvalidField(name, message) => error_response(bad, INVALID, message, &[name]),
            Self::InvalidBody(status, message) => error_response(status, INVALID, message, &[]),
            Self::NotFound => error_response(StatusCode::NOT_FOUND, NOT_FOUND, "Not found.", &[]),
            Self::TooManyTokens => {
                let message = "No more than 5 permanent tokens are allowed.";
                error_response(bad, TOO_MANY_TOKENS, message, &["permanent"])
            }
            Self::Internal(error) => error.into_response(),
        }
    }
}

fn error_response(status: StatusCode, code: u16, message: &str, fields: &[&str]) -> Response {
    let body = json!({"error_codes": [code], "message": message, "fields": fields});
    (status, Json(body)).into_response()
}

fn with_challenge(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Token"));
    response
}

/// Handles unknown paths, and known ones without the trailing slash: there are no redirects.
pub(super) async fn not_found() -> Response {
    ApiError::NotFound.into_response()
}

pub(super) async fn method_not_allowed() -> Response {
    let status = StatusCode::METHOD_NOT_ALLOWED;
    error_response(status, METHOD_NOT_ALLOWED, "Method not allowed.", &[])
}
