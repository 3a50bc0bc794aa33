//! Answers that no service gave.

use std::convert::Infallible;

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::bomb;
use super::kinds::Canned;

const PAGE: &str = "<!DOCTYPE html><html><head><title>Please wait</title></head>\
    <body><h1>This is not what you asked for</h1></body></html>\n";

/// The answer `canned` to a request for `target` (path and query), at `now`.
pub(super) fn answer(canned: &Canned, target: &str, now: Timestamp) -> Response {
    match canned {
        Canned::Error(status, code) => with(*status, Json(error(code)).into_response()),
        Canned::Json(status) => with(*status, Json(error(word(*status))).into_response()),
        Canned::Html(status) => with(*status, Html(PAGE).into_response()),
        Canned::Empty(status) => with(*status, Body::empty().into_response()),
        Canned::RetryAfter {
            seconds,
            status,
            dated,
        } => later(*seconds, *status, dated.then_some(now)),
        Canned::Redirect(status, place) => redirect(*status, place.as_ref(), target),
        Canned::Big(megabytes) => big(*megabytes),
        Canned::GzipBomb(megabytes) => gzip_bomb(*megabytes),
    }
}

fn with(status: u16, mut answer: Response) -> Response {
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    answer
}

/// An error in the dialect of every service at once.
fn error(code: &str) -> Value {
    let text = "the sandbox was told to answer so";
    json!({"error": code, "error_description": text, "detail": text})
}

/// The code that OAuth has for such a status, or the nearest to one.
fn word(status: u16) -> &'static str {
    match status {
        429 | 503 => "temporarily_unavailable",
        500..=599 => "server_error",
        401 => "invalid_client",
        _ => "invalid_request",
    }
}

fn later(seconds: u32, status: u16, date_from: Option<Timestamp>) -> Response {
    let mut answer = with(status, Json(error(word(status))).into_response());
    let value = match date_from {
        Some(now) => now
            .saturating_add(SignedDuration::from_secs(seconds.into()))
            .ok()
            .and_then(http_date),
        None => Some(seconds.into()),
    };
    if let Some(value) = value {
        answer.headers_mut().insert(header::RETRY_AFTER, value);
    }
    answer
}

/// `Wed, 25 Nov 2026 19:00:00 GMT` (RFC 9110 §5.6.7).
pub(super) fn http_date(at: Timestamp) -> Option<HeaderValue> {
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    let date = printer.timestamp_to_rfc9110_string(&at).ok()?;
    HeaderValue::from_str(&date).ok()
}

fn redirect(status: u16, place: Option<&HeaderValue>, target: &str) -> Response {
    let mut answer = with(status, Body::empty().into_response());
    let place = place.cloned().or_else(|| target.parse().ok());
    if let Some(place) = place {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    answer
}

/// JSON without a length told in advance, made as it is sent.
fn big(megabytes: u64) -> Response {
    const BLOCK: [u8; 10_000] = [b'x'; 10_000];
    let blocks = megabytes * 100;
    let parts = stream::iter(0..blocks + 2).map(move |at| {
        Ok::<&[u8], Infallible>(match at {
            0 => b"{\"padding\":\"",
            at if at > blocks => b"\"}",
            _ => &BLOCK,
        })
    });
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, Body::from_stream(parts)).into_response()
}

fn gzip_bomb(megabytes: u64) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_ENCODING, "gzip"),
    ];
    (headers, bomb::gzip(megabytes)).into_response()
}
