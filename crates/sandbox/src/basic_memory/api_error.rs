//! Error responses: `{detail}`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::base::SandboxError;
use crate::web::json_body::NotJson;

#[derive(Debug)]
pub(super) enum ApiError {
    /// 401: no credential.
    Unauthenticated,
    /// 401: the credential is not valid.
    InvalidCredential,
    /// 403 with the URL to subscribe at.
    SubscriptionRequired(String),
    /// A status with a message.
    Detail(StatusCode, &'static str),
    Internal(SandboxError),
}

impl From<SandboxError> for ApiError {
    fn from(error: SandboxError) -> Self {
        Self::Internal(error)
    }
}

impl From<NotJson> for ApiError {
    fn from(NotJson { status, message }: NotJson) -> Self {
        Self::Detail(status, message)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthenticated => with_challenge("Bearer", "Not authenticated"),
            Self::InvalidCredential => with_challenge(
                "Bearer error=\"invalid_token\"",
                "Invalid or expired credential",
            ),
            Self::SubscriptionRequired(subscribe_url) => detail(
                StatusCode::FORBIDDEN,
                &json!({
                    "error": "subscription_required",
                    "message": "An active subscription is required.",
                    "subscribe_url": subscribe_url,
                }),
            ),
            Self::Detail(status, message) => detail(status, &message.into()),
            Self::Internal(error) => error.into_response(),
        }
    }
}

fn detail(status: StatusCode, detail: &Value) -> Response {
    (status, Json(json!({"detail": detail}))).into_response()
}

fn with_challenge(challenge: &'static str, message: &str) -> Response {
    let mut response = detail(StatusCode::UNAUTHORIZED, &message.into());
    let headers = response.headers_mut();
    headers.insert(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static(challenge),
    );
    response
}

pub(super) async fn not_found() -> Response {
    ApiError::Detail(StatusCode::NOT_FOUND, "Not Found").into_response()
}

pub(super) async fn method_not_allowed() -> Response {
    ApiError::Detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed").into_response()
}
