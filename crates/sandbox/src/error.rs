//! What can go wrong with the sandbox itself, as opposed to what it refuses on the wire.

use std::path::PathBuf;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rusqlite::ErrorCode;
use serde_json::json;

/// Why the sandbox could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// No such user code, or one that was swept away long after its end.
    #[error("no request with that code is waiting")]
    UnknownCode,
    /// Approved or denied before.
    #[error("that request was approved or denied before")]
    AlreadyDecided,
    /// The code ran out before anybody decided.
    #[error("that code has expired")]
    CodeExpired,
    /// The state could not be read or written.
    #[error("the sandbox state cannot be used")]
    Storage(#[from] rusqlite::Error),
    /// The file or its folder could not be made.
    #[error("cannot use {path} as the sandbox state")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file belongs to another program; it was left alone.
    #[error("{0} is not a sandbox state")]
    NotASandbox(PathBuf),
    /// A newer version of this program made the file.
    #[error("the sandbox state was made by a newer version of this program")]
    Newer,
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random(#[from] getrandom::Error),
}

impl SandboxError {
    /// Whether another process merely held the state for too long.
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

/// A failure of the sandbox is a failure of the server: 503 when trying again helps, else 500. The body speaks every
/// dialect at once, and tells nothing about the inside.
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
