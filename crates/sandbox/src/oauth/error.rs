//! OAuth error responses (RFC 6749 §5.2, RFC 8628 §3.5).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::base::SandboxError;

/// An error response.
#[derive(Debug)]
pub(super) enum OauthError {
    /// The error code and its description.
    Code(&'static str, &'static str),
    /// The same with values of the request in the description.
    Described(&'static str, String),
    Internal(SandboxError),
}

impl OauthError {
    pub(super) const UNKNOWN_CLIENT: Self =
        Self::Code("invalid_client", "no such client is registered here");

    pub(super) fn request(description: &'static str) -> Self {
        Self::Code("invalid_request", description)
    }

    pub(super) fn grant(description: &'static str) -> Self {
        Self::Code("invalid_grant", description)
    }
}

impl From<SandboxError> for OauthError {
    fn from(error: SandboxError) -> Self {
        Self::Internal(error)
    }
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let (error, description) = match self {
            Self::Code(error, description) => (error, description.to_owned()),
            Self::Described(error, description) => (error, description),
            Self::Internal(error) => return error.into_response(),
        };
        let body = Json(json!({"error": error, "error_description": description}));
        if error != "invalid_client" {
            return (StatusCode::BAD_REQUEST, body).into_response();
        }
        // RFC 9110 §11.6.1: a 401 names a scheme.
        let challenge = HeaderValue::from_static("Basic realm=\"sandbox\"");
        let headers = [(header::WWW_AUTHENTICATE, challenge)];
        (StatusCode::UNAUTHORIZED, headers, body).into_response()
    }
}
