//! Extracts a JSON object from a request body.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
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

/// The response status and the reason.
pub(crate) type NotJson = (StatusCode, &'static str);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = NotJson;

    async fn from_request(request: Request, state: &S) -> Result<Self, NotJson> {
        if !is_json(request.headers()) {
            return Err((
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "the body must be application/json",
            ));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| (rejection.status(), "the body cannot be read"))?;
        let members = serde_json::from_slice(&bytes)
            .map_err(|_| (StatusCode::BAD_REQUEST, "the body must be a JSON object"))?;
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
