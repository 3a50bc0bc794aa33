//! An HTTP response: status, headers, body.

use std::fmt;
use std::time::Duration;

use ::http::header::{CONTENT_TYPE, DATE, RETRY_AFTER};
use ::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use zeroize::Zeroizing;

use crate::domain::{parse_json, sanitize_line};

/// The headers in which services return a request id.
const REQUEST_ID_HEADERS: [&str; 5] = [
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "cf-ray",
];

/// A server's response. `Debug` shows only the status and sizes, since headers and body may hold tokens.
#[derive(Clone)]
pub struct Response {
    pub status: StatusCode,
    /// The headers, unchanged.
    pub headers: HeaderMap,
    /// The body, at most [`super::BODY_LIMIT`] bytes, wiped on drop.
    pub body: Zeroizing<Vec<u8>>,
}

impl Response {
    /// Returns true if the status is 2xx.
    pub fn is_success(&self) -> bool {
        self.status.is_success()
    }

    /// Returns the body as JSON regardless of its content type; `None` if it is not JSON.
    pub fn json(&self) -> Option<serde_json::Value> {
        parse_json(&self.body).ok()
    }

    /// Returns true if the body is an HTML page, as gateways, firewalls and captive portals send it.
    pub fn is_html(&self) -> bool {
        let content_type = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        self.body.trim_ascii_start().starts_with(b"<") || content_type.starts_with("text/html")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the delay of `Retry-After` (RFC 9110 §10.2.3), given as seconds or as a date. A date is relative to the
    /// response's own `Date`, so that a wrong local clock does not matter, or to `now` without one.
    pub fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        self.parse_retry_after(self.date().or(Some(now)))
    }

    /// Returns [`Response::retry_after`] without a local clock: a date in a response without `Date` counts as never.
    pub(super) fn retry_delay(&self) -> Option<Duration> {
        let is_date = || self.parse_retry_after(Some(Timestamp::MIN)).is_some();
        let delay = self.parse_retry_after(self.date());
        delay.or_else(|| is_date().then_some(Duration::MAX))
    }

    fn parse_retry_after(&self, from: Option<Timestamp>) -> Option<Duration> {
        let text = self.header(RETRY_AFTER.as_str())?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let wait = parse_http_date(text)?.duration_since(from?);
        Some(Duration::try_from(wait).unwrap_or(Duration::ZERO))
    }

    /// Returns the `Date` header (RFC 9110 §6.6.1).
    pub fn date(&self) -> Option<Timestamp> {
        parse_http_date(self.header(DATE.as_str())?)
    }

    /// Returns the server's request id, safe for a terminal.
    pub fn request_id(&self) -> Option<String> {
        let id = REQUEST_ID_HEADERS
            .iter()
            .find_map(|name| self.header(name))?;
        let id: String = sanitize_line(id).chars().take(128).collect();
        (!id.is_empty()).then_some(id)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers.len())
            .field("body", &self.body.len())
            .finish()
    }
}

/// Returns true if a body that ended with an error is a whole JSON object or array, so that nothing of it is missing. A
/// truncated number, for example, cannot be detected.
pub(super) fn is_complete_json(body: &[u8]) -> bool {
    let value = parse_json::<serde_json::Value>(body);
    value.is_ok_and(|value| value.is_object() || value.is_array())
}

/// Parses an IMF-fixdate (RFC 9110 §5.6.7) and ignores a wrong day of the week.
fn parse_http_date(text: &str) -> Option<Timestamp> {
    const PARSER: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);
    PARSER.parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::http::testing::{response, response_with_header};

    fn retry_after_seconds(value: &str, now: &str) -> Option<u64> {
        let now = now.parse().unwrap();
        response_with_header(503, "retry-after", value)
            .retry_after(now)
            .map(|wait| wait.as_secs())
    }

    #[test]
    fn rfc9110_10_2_3_retry_after_is_read_as_seconds_and_as_a_date() {
        let now = "1994-11-06T08:49:00Z";
        assert_eq!(retry_after_seconds("120", now), Some(120));
        assert_eq!(retry_after_seconds(" 0 ", now), Some(0));
        assert_eq!(
            retry_after_seconds("Sun, 06 Nov 1994 08:49:37 GMT", now),
            Some(37)
        );
        assert_eq!(
            retry_after_seconds("Mon, 06 Nov 1994 08:49:37 GMT", now),
            Some(37),
            "a wrong weekday"
        );
        assert_eq!(
            retry_after_seconds("Sun, 06 Nov 1994 08:00:00 GMT", now),
            Some(0),
            "in the past"
        );
        for nonsense in [
            "",
            "soon",
            "-5",
            "1.5",
            "1994-11-06",
            "99999999999999999999999",
        ] {
            assert_eq!(retry_after_seconds(nonsense, now), None, "{nonsense}");
        }
        assert_eq!(response(503, "").retry_after(now.parse().unwrap()), None);
    }

    #[test]
    fn retry_after_date_is_relative_to_the_date_header() {
        let mut throttled =
            response_with_header(429, "retry-after", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(
            throttled.retry_delay(),
            Some(Duration::MAX),
            "no clock at all"
        );
        assert_eq!(
            response_with_header(429, "retry-after", "soon").retry_delay(),
            None
        );
        throttled
            .headers
            .insert(DATE, "Sun, 06 Nov 1994 08:49:30 GMT".parse().unwrap());
        assert_eq!(throttled.date(), "1994-11-06T08:49:30Z".parse().ok());
        let wrong_by_years: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(
            throttled.retry_after(wrong_by_years),
            Some(Duration::from_secs(7))
        );
        assert_eq!(throttled.retry_delay(), Some(Duration::from_secs(7)));
    }

    #[test]
    fn request_id_is_sanitized_and_truncated() {
        assert_eq!(
            response_with_header(500, "x-request-id", "req_1")
                .request_id()
                .as_deref(),
            Some("req_1")
        );
        let long = response_with_header(500, "cf-ray", &"x".repeat(5000)).request_id();
        assert_eq!(long.map(|id| id.len()), Some(128));
        assert_eq!(response(500, "").request_id(), None);
    }

    #[test]
    fn debug_omits_body_and_headers() {
        let mut response = response_with_header(200, "set-cookie", "session=hunter2");
        response.body = b"hunter2".to_vec().into();
        assert!(!format!("{response:?}").contains("hunter2"));
    }
}
