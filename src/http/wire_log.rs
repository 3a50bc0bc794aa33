//! The log of requests and responses for `-v`: no body, no query string, and only a few headers without secrets.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ::http::HeaderMap;
use ::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};

use super::{HttpError, Request, Response, redact_url};
use crate::domain::{format_count, sanitize_line};

type Sink = dyn Fn(&str) + Send + Sync;

/// The receiver of the log's lines; silent by default.
#[derive(Clone, Default)]
pub struct WireLog(Option<Arc<Sink>>);

impl WireLog {
    /// Creates a log that discards its lines.
    pub fn silent() -> Self {
        Self(None)
    }

    /// Creates a log that passes each line, without a line feed, to `sink`.
    pub fn to(sink: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(sink)))
    }

    /// Logs a request with a body of `length` bytes; `None` for a stream of unknown length.
    pub(super) fn sent(&self, request: &Request, length: Option<u64>) {
        self.write_line(|| {
            let kind = || body_kind(request.headers());
            let body = match length {
                Some(0) => String::new(),
                Some(length) => {
                    let length = format_count(length, "byte");
                    format!(" ({}, {length})", kind())
                }
                None => format!(" ({}, a stream)", kind()),
            };
            format!("> {} {}{body}", request.method(), redact_url(request.url()))
        });
    }

    /// Logs a response that was read completely.
    pub(super) fn received(&self, response: &Response, took: Duration) {
        let size = || format_count(response.body.len(), "byte");
        self.response(response, took, size);
    }

    /// Logs a response whose body is still to be read.
    pub(super) fn opened(&self, head: &Response, took: Duration) {
        self.response(head, took, || {
            let length = head.header(CONTENT_LENGTH.as_str());
            length.map_or_else(|| "a stream".to_owned(), |length| format!("{length} bytes"))
        });
    }

    fn response(&self, response: &Response, took: Duration, size: impl FnOnce() -> String) {
        self.write_line(|| {
            let status = response.status.as_u16();
            let content_type = response.header(CONTENT_TYPE.as_str());
            let content_type = content_type.unwrap_or("(no content type)");
            let (size, took) = (size(), took.as_millis());
            let retry_after = response.header(RETRY_AFTER.as_str());
            let retry_after =
                retry_after.map_or_else(String::new, |value| format!(", retry-after {value}"));
            let id = response.request_id();
            let id = id.map_or_else(String::new, |id| format!(", request id {id}"));
            format!("< {status} {content_type} {size} in {took} ms{retry_after}{id}")
        });
    }

    pub(super) fn failed(&self, error: &HttpError, took: Duration) {
        self.write_line(|| format!("! {error} after {} ms", took.as_millis()));
    }

    pub(super) fn retry_scheduled(&self, wait: Duration) {
        self.write_line(|| format!("* retrying in {} ms", wait.as_millis()));
    }

    fn write_line(&self, text: impl FnOnce() -> String) {
        if let Some(sink) = &self.0 {
            sink(&sanitize_line(&text()));
        }
    }
}

impl fmt::Debug for WireLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.0.is_some() { "on" } else { "silent" };
        write!(f, "WireLog({state})")
    }
}

fn body_kind(headers: &HeaderMap) -> &str {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    match content_type {
        Some("application/x-www-form-urlencoded") => "form",
        Some("application/json") => "json",
        other => other.unwrap_or("body"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::Mutex;

    use crate::http::testing::{response_with_header, url};
    use crate::http::{Method, TimeoutPhase};

    fn logged(act: impl Fn(&WireLog)) -> String {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let sink = lines.clone();
        act(&WireLog::to(move |line| {
            sink.lock().unwrap().push(line.to_owned());
        }));
        lines.lock().unwrap().join("\n")
    }

    #[test]
    fn lines_describe_the_exchange_without_secrets() {
        let request = Request::new(Method::POST, url("https://a.b:8443/token?key=hunter2"))
            .form(&[("password", "hunter2")]);
        let line = logged(|log| log.sent(&request, Some(16)));
        assert_eq!(line, "> POST https://a.b:8443/token (form, 16 bytes)");

        let mut response = response_with_header(429, "x-request-id", "req\u{9}7");
        response.headers.insert(RETRY_AFTER, "30".parse().unwrap());
        response
            .headers
            .insert("set-cookie", "session=hunter2".parse().unwrap());
        let line = logged(|log| log.received(&response, Duration::from_millis(12)));
        assert_eq!(
            line,
            "< 429 application/json 2 bytes in 12 ms, retry-after 30, request id req 7"
        );

        let error = HttpError::Timeout {
            url: redact_url(request.url()),
            stage: TimeoutPhase::Waiting,
        };
        let line = logged(|log| log.failed(&error, Duration::from_secs(30)));
        assert_eq!(
            line,
            "! timed out waiting for the response (https://a.b:8443/token) after 30000 ms"
        );
    }

    #[test]
    fn silent_log_does_not_format() {
        WireLog::silent().write_line(|| panic!("formatted"));
    }
}
