//! How an OAuth endpoint says no (RFC 6749 §5.2, RFC 8628 §3.5).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::SandboxError;

/// An error answer: the code a program reads and the words a person reads.
#[derive(Debug)]
pub(super) enum Refusal {
    /// A code of the protocol.
    Code(&'static str, &'static str),
    /// Nothing the client did.
    Broken(SandboxError),
}

impl Refusal {
    pub(super) const UNKNOWN_CLIENT: Self =
        Self::Code("invalid_client", "no such client is registered here");

    pub(super) fn request(description: &'static str) -> Self {
        Self::Code("invalid_request", description)
    }

    pub(super) fn grant(description: &'static str) -> Self {
        Self::Code("invalid_grant", description)
    }
}

impl From<SandboxError> for Refusal {
    fn from(error: SandboxError) -> Self {
        Self::Broken(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (error, description) = match self {
            Self::Code(error, description) => (error, description),
            Self::Broken(error) => return error.into_response(),
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
