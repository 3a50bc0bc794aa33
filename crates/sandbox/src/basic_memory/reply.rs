//! How Basic Memory says no: `{detail}`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::SandboxError;
use crate::json_body::NotJson;

/// Every way in which Basic Memory says no.
#[derive(Debug)]
pub(super) enum No {
    /// No credential (401).
    Nobody,
    /// A credential that is none (401).
    Invalid,
    /// Nobody paid for this account (403).
    Unpaid(String),
    /// A bad request, or nothing there.
    Detail(StatusCode, &'static str),
    /// The sandbox itself failed.
    Broken(SandboxError),
}

impl From<SandboxError> for No {
    fn from(error: SandboxError) -> Self {
        Self::Broken(error)
    }
}

impl From<NotJson> for No {
    fn from((status, words): NotJson) -> Self {
        Self::Detail(status, words)
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        match self {
            Self::Nobody => challenged("Bearer", "Not authenticated"),
            Self::Invalid => challenged(
                "Bearer error=\"invalid_token\"",
                "Invalid or expired credential",
            ),
            Self::Unpaid(subscribe_url) => detail(
                StatusCode::FORBIDDEN,
                &json!({
                    "error": "subscription_required",
                    "message": "An active subscription is required.",
                    "subscribe_url": subscribe_url,
                }),
            ),
            Self::Detail(status, words) => detail(status, &words.into()),
            Self::Broken(error) => error.into_response(),
        }
    }
}

fn detail(status: StatusCode, detail: &Value) -> Response {
    (status, Json(json!({"detail": detail}))).into_response()
}

fn challenged(challenge: &'static str, words: &str) -> Response {
    let mut response = detail(StatusCode::UNAUTHORIZED, &words.into());
    let headers = response.headers_mut();
    headers.insert(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static(challenge),
    );
    response
}

pub(super) async fn nothing_here() -> Response {
    No::Detail(StatusCode::NOT_FOUND, "Not Found").into_response()
}

pub(super) async fn wrong_method() -> Response {
    No::Detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed").into_response()
}
