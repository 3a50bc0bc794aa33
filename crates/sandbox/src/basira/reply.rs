//! How Basira says no: `{error}`, and no `Retry-After`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::SandboxError;
use crate::json_body::NotJson;

/// Every way in which Basira says no.
#[derive(Debug)]
pub(super) enum No {
    /// No credential, or one that does not work (any more): 401.
    Nobody(&'static str),
    /// A credential or an account that may not do this: 403.
    Forbidden(&'static str),
    /// Too often: 429.
    TooMany(&'static str),
    /// A request that makes no sense: 400 and its like.
    Bad(StatusCode, &'static str),
    /// Nothing there: 404.
    Missing,
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
        Self::Bad(status, words)
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        match self {
            Self::Nobody(words) => {
                let mut response = said(StatusCode::UNAUTHORIZED, words);
                let bearer = HeaderValue::from_static("Bearer");
                let headers = response.headers_mut();
                headers.insert(header::WWW_AUTHENTICATE, bearer);
                response
            }
            Self::Forbidden(words) => said(StatusCode::FORBIDDEN, words),
            Self::TooMany(words) => said(StatusCode::TOO_MANY_REQUESTS, words),
            Self::Bad(status, words) => said(status, words),
            Self::Missing => said(StatusCode::NOT_FOUND, "not found"),
            Self::Broken(error) => error.into_response(),
        }
    }
}

fn said(status: StatusCode, words: &str) -> Response {
    (status, Json(json!({"error": words}))).into_response()
}

/// Unknown paths, and known ones with a slash behind them.
pub(super) async fn nothing_here() -> Response {
    No::Missing.into_response()
}

pub(super) async fn wrong_method() -> Response {
    said(StatusCode::METHOD_NOT_ALLOWED, "method not allowed")
}
