//! What is recorded about each request.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use tokio::time::Instant;

use crate::domain::{sanitize_line, sanitize_line_to};

/// Longer methods and paths are truncated, in characters.
const MAX_LENGTH: usize = 256;

/// One request, without query and without the secret path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRecord {
    pub method: String,
    /// Below the base URL; `None` for a request that is not for this proxy.
    pub path: Option<String>,
    /// `None` if the client went away before the response.
    pub status: Option<StatusCode>,
    /// The length of the response body that was passed on.
    pub bytes: u64,
    pub duration: Duration,
    /// Why the response is incomplete.
    pub interruption: Option<String>,
}

/// Receives a record at the end of each request.
pub type AuditSink = Arc<dyn Fn(&RequestRecord) + Send + Sync>;

impl fmt::Display for RequestRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.as_deref().unwrap_or("-");
        let status = self
            .status
            .map_or_else(|| "-".to_owned(), |it| it.as_u16().to_string());
        let (bytes, ms) = (self.bytes, self.duration.as_millis());
        write!(f, "{} {path} {status} {bytes} {ms}ms", self.method)?;
        match &self.interruption {
            Some(why) => write!(f, " ({why})"),
            None => Ok(()),
        }
    }
}

/// A request that is being handled; it is recorded when this is dropped.
pub(super) struct OpenRecord {
    record: RequestRecord,
    started: Instant,
    sink: AuditSink,
}

impl OpenRecord {
    pub(super) fn new(method: &str, sink: &AuditSink) -> Self {
        Self {
            record: RequestRecord {
                method: truncate(method),
                path: None,
                status: None,
                bytes: 0,
                duration: Duration::ZERO,
                interruption: Some("the client closed the connection".to_owned()),
            },
            started: Instant::now(),
            sink: Arc::clone(sink),
        }
    }

    pub(super) fn set_path(&mut self, path: &str) {
        let path = truncate(path);
        self.record.path = Some(if path.is_empty() {
            "/".to_owned()
        } else {
            path
        });
    }

    pub(super) fn set_status(&mut self, status: StatusCode) {
        self.record.status = Some(status);
    }

    pub(super) fn count(&mut self, bytes: usize) {
        self.record.bytes += bytes as u64;
    }

    /// The response was passed on completely.
    pub(super) fn complete(&mut self) {
        self.record.interruption = None;
    }

    pub(super) fn interrupt(&mut self, why: &str) {
        self.record.interruption = Some(sanitize_line(why));
    }
}

impl Drop for OpenRecord {
    fn drop(&mut self) {
        self.record.duration = self.started.elapsed();
        (self.sink)(&self.record);
    }
}

fn truncate(text: &str) -> String {
    sanitize_line_to(MAX_LENGTH, text)
}
