//! How BrainPercent says no: `{success: false, error: {code, message}}`, to which [`envelope`](super::envelope) adds
//! `meta`.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::SandboxError;
use crate::json_body::NotJson;

/// Every way in which BrainPercent says no.
#[derive(Debug)]
pub(super) enum No {
    /// No credential that works here (401).
    Unauthorized(&'static str),
    /// A key without this permission or this scope (403).
    Lacks(&'static str, &'static str),
    /// Too little credit left: the price and what is there (402).
    Poor(i64, i64),
    /// Too many requests: in how many seconds there may be another (429).
    TooFast(i64),
    /// A request that makes no sense (400 and its like).
    Invalid(StatusCode, String),
    /// Ten active keys exist (409). No source says which code that has.
    TooManyKeys,
    /// Nothing there (404).
    Missing,
    /// The sandbox itself failed.
    Broken(SandboxError),
}

impl No {
    /// A bad request.
    pub(super) fn invalid(words: impl Into<String>) -> Self {
        Self::Invalid(StatusCode::BAD_REQUEST, words.into())
    }
}

impl From<SandboxError> for No {
    fn from(error: SandboxError) -> Self {
        Self::Broken(error)
    }
}

impl From<NotJson> for No {
    fn from((status, words): NotJson) -> Self {
        Self::Invalid(status, words.to_owned())
    }
}

/// A refusal on its way to the envelope.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) retry_after: Option<i64>,
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let retry_after = match &self {
            Self::TooFast(seconds) => Some(*seconds),
            _ => None,
        };
        let (status, code, message) = match self {
            Self::Unauthorized(words) => {
                (StatusCode::UNAUTHORIZED, "UNAUTHORIZED", words.to_owned())
            }
            Self::Lacks(what, name) => {
                let words = format!("This API key lacks the {name} {what}");
                (StatusCode::FORBIDDEN, "FORBIDDEN", words)
            }
            Self::Poor(price, left) => {
                let words = format!("Not enough credits: this costs {price}, and {left} are left");
                (StatusCode::PAYMENT_REQUIRED, "INSUFFICIENT_CREDITS", words)
            }
            Self::TooFast(_) => {
                let words = "Too many requests. Please slow down.".to_owned();
                (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMIT_EXCEEDED", words)
            }
            Self::Invalid(status, words) => (status, "VALIDATION_ERROR", words),
            Self::TooManyKeys => {
                let words = "There are 10 active API keys already; revoke one first".to_owned();
                (StatusCode::CONFLICT, "API_KEY_LIMIT_REACHED", words)
            }
            Self::Missing => (StatusCode::NOT_FOUND, "NOT_FOUND", "Not found".to_owned()),
            Self::Broken(error) => return error.into_response(),
        };
        let refusal = Refusal {
            code,
            message,
            retry_after,
        };
        refused(status, refusal)
    }
}

fn refused(status: StatusCode, refusal: Refusal) -> Response {
    let mut response = status.into_response();
    response.extensions_mut().insert(refusal);
    response
}

/// Unknown paths, and known ones with a slash behind them.
pub(super) async fn nothing_here() -> Response {
    No::Missing.into_response()
}

pub(super) async fn wrong_method() -> Response {
    let refusal = Refusal {
        code: "METHOD_NOT_ALLOWED",
        message: "Method not allowed".to_owned(),
        retry_after: None,
    };
    refused(StatusCode::METHOD_NOT_ALLOWED, refusal)
}
