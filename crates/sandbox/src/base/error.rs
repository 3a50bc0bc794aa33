//! Errors of the sandbox itself, as opposed to the error responses of its services.

use std::path::PathBuf;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rusqlite::ErrorCode;
use serde_json::json;

/// An error of the sandbox itself.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The user code does not exist, or expired long ago and was deleted.
    #[error("no sign-in has this code")]
    UnknownCode,
    /// The sign-in was already approved or denied.
    #[error("this sign-in was already approved or denied")]
    AlreadyDecided,
    /// The code expired before a decision.
    #[error("this code has expired")]
    CodeExpired,
    /// The database cannot be read or written.
    #[error("the sandbox state cannot be used")]
    Storage(#[from] rusqlite::Error),
    /// The file or its directory cannot be created or opened.
    #[error("cannot use {path} as the sandbox state")]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The file belongs to another program and was not changed.
    #[error("{0} is not a sandbox state")]
    NotASandbox(PathBuf),
    /// A newer version of this program created the file.
    #[error("the sandbox state was created by a newer version of this program")]
    Newer,
    /// The operating system returned no random bytes.
    #[error("the operating system returned no random bytes")]
    Random(#[from] getrandom::Error),
    /// The key of ID tokens cannot be created or used.
    #[error("the key that signs ID tokens cannot be used")]
    SigningKey,
    /// The simulated CI system cannot use its port or its files.
    #[error("cannot run the simulated CI system")]
    Ci(#[source] std::io::Error),
}

impl SandboxError {
    /// Returns true if another process held the database lock for too long.
    fn is_busy(&self) -> bool {
        let Self::Storage(error) = self else {
            return false;
        };
        let code = error.sqlite_error_code();
        matches!(
            code,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
        )
    }
}

/// 503 if retrying helps, else 500. The body has the error members of all services and no internal details.
impl IntoResponse for SandboxError {
    fn into_response(self) -> Response {
        let status = if self.is_busy() {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::INTERNAL_SERVER_ERROR
        };
        let text = "the sandbox state cannot be used";
        let body = json!({"error": "server_error", "error_description": text, "detail": text});
        let mut response = (status, Json(body)).into_response();
        if self.is_busy() {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
