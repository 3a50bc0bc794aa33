//! How NeuroIO says no: `{error_codes, message, fields}`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::SandboxError;
use crate::json_body::NotJson;

/// A user name and a password that do not belong together: the one code that is documented.
const WRONG_PAIR: u16 = 602;

// The rest is the sandbox's own.
const INVALID: u16 = 601;
const UNAUTHENTICATED: u16 = 603;
const FORBIDDEN: u16 = 604;
const MISSING: u16 = 605;
const TOO_MANY: u16 = 606;
const WRONG_METHOD: u16 = 607;

/// Every way in which NeuroIO says no.
#[derive(Debug)]
pub(super) enum No {
    /// No credential, or one that does not work (any more): 401.
    Nobody(&'static str),
    /// Not that user's password: 400.
    WrongPair,
    /// A token of a kind that may not do this: 403.
    Forbidden(&'static str),
    /// A field that will not do: 400. Its name and why.
    Field(&'static str, &'static str),
    /// A body that cannot be read: 400 and its like.
    Body(StatusCode, &'static str),
    /// Nothing there: 404.
    Missing,
    /// Five permanent tokens exist: 400.
    TooMany,
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
        Self::Body(status, words)
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let bad = StatusCode::BAD_REQUEST;
        match self {
            Self::Nobody(words) => {
                challenged(said(StatusCode::UNAUTHORIZED, UNAUTHENTICATED, words, &[]))
            }
            Self::WrongPair => {
                let words = "Unable to log in with the provided credentials.";
                said(bad, WRONG_PAIR, words, &["username", "password"])
            }
            Self::Forbidden(words) => said(StatusCode::FORBIDDEN, FORBIDDEN, words, &[]),
            Self::Field(name, words) => said(bad, INVALID, words, &[name]),
            Self::Body(status, words) => said(status, INVALID, words, &[]),
            Self::Missing => said(StatusCode::NOT_FOUND, MISSING, "Not found.", &[]),
            Self::TooMany => {
                let words = "No more than 5 permanent tokens are allowed.";
                said(bad, TOO_MANY, words, &["permanent"])
            }
            Self::Broken(error) => error.into_response(),
        }
    }
}

fn said(status: StatusCode, code: u16, message: &str, fields: &[&str]) -> Response {
    let body = json!({"error_codes": [code], "message": message, "fields": fields});
    (status, Json(body)).into_response()
}

fn challenged(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Token"));
    response
}

/// Unknown paths, and known ones without their final slash: this API sends nobody elsewhere.
pub(super) async fn nothing_here() -> Response {
    No::Missing.into_response()
}

pub(super) async fn wrong_method() -> Response {
    let status = StatusCode::METHOD_NOT_ALLOWED;
    said(status, WRONG_METHOD, "Method not allowed.", &[])
}
