//! Extracts a JSON object from a request body.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

/// The members of a JSON object. Each service converts [`NotJson`] to its own error format.
pub(crate) struct JsonBody(pub(crate) Map<String, Value>);

impl JsonBody {
    /// Returns the member if it is a non-blank string.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let text = self.0.get(name)?.as_str()?;
        Some(text).filter(|text| !text.trim().is_empty())
    }
}

/// Why a request has no JSON object.
pub(crate) struct NotJson {
    pub(crate) status: StatusCode,
    pub(crate) message: &'static str,
}

impl IntoResponse for NotJson {
    fn into_response(self) -> Response {
        (self.status, self.message).into_response()
    }
}

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = NotJson;

    async fn from_request(request: Request, state: &S) -> Result<Self, NotJson> {
        if !is_json(request.headers()) {
            return Err(NotJson {
                status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
                message: "the body must be application/json",
            });
        }
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|rejection| NotJson {
            status: rejection.status(),
            message: "the body cannot be read",
        })?;
        let members = serde_json::from_slice(&bytes).map_err(|_| NotJson {
            status: StatusCode::BAD_REQUEST,
            message: "the body must be a JSON object",
        })?;
        Ok(Self(members))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    media_type(headers).is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"))
}

/// Returns the `Content-Type` without parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    value.split(';').next().map(str::trim)
}
