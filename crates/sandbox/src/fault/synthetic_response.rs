//! Builds responses that no service produced.

use std::convert::Infallible;

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::gzip;
use super::kinds::SyntheticResponse;

const PAGE: &str = "<!DOCTYPE html><html><head><title>Please wait</title></head>\
    <body><h1>Injected by the sandbox</h1></body></html>\n";

/// Builds the response to a request for `target` (path and query).
pub(super) fn build(response: &SyntheticResponse, target: &str, now: Timestamp) -> Response {
    match response {
        SyntheticResponse::Error(status, code) => {
            with_status(*status, Json(error(code)).into_response())
        }
        SyntheticResponse::Json(status) => {
            with_status(*status, Json(error(oauth_code(*status))).into_response())
        }
        SyntheticResponse::Html(status) => with_status(*status, Html(PAGE).into_response()),
        SyntheticResponse::Empty(status) => with_status(*status, Body::empty().into_response()),
        SyntheticResponse::RetryAfter {
            seconds,
            status,
            is_date,
        } => retry_after(*seconds, *status, is_date.then_some(now)),
        SyntheticResponse::Redirect(status, location) => {
            redirect(*status, location.as_ref(), target)
        }
        SyntheticResponse::Big(megabytes) => big(*megabytes),
        SyntheticResponse::GzipBomb(megabytes) => gzip_bomb(*megabytes),
    }
}

fn with_status(status: u16, mut response: Response) -> Response {
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    response
}

/// Returns an error with the members of all services.
fn error(code: &str) -> Value {
    let text = "injected by the sandbox";
    json!({"error": code, "error_description": text, "detail": text})
}

/// Returns the OAuth error code that is closest to the status.
fn oauth_code(status: u16) -> &'static str {
    match status {
        429 | 503 => "temporarily_unavailable",
        500..=599 => "server_error",
        401 => "invalid_client",
        _ => "invalid_request",
    }
}

fn retry_after(seconds: u32, status: u16, date_from: Option<Timestamp>) -> Response {
    let mut response = with_status(status, Json(error(oauth_code(status))).into_response());
    let value = match date_from {
        Some(now) => now
            .saturating_add(SignedDuration::from_secs(seconds.into()))
            .ok()
            .and_then(http_date),
        None => Some(seconds.into()),
    };
    if let Some(value) = value {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// `Wed, 25 Nov 2026 19:00:00 GMT` (RFC 9110 §5.6.7).
pub(super) fn http_date(at: Timestamp) -> Option<HeaderValue> {
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    let date = printer.timestamp_to_rfc9110_string(&at).ok()?;
    HeaderValue::from_str(&date).ok()
}

fn redirect(status: u16, location: Option<&HeaderValue>, target: &str) -> Response {
    let mut response = with_status(status, Body::empty().into_response());
    let location = location.cloned().or_else(|| target.parse().ok());
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Streams JSON without `Content-Length`.
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
    match gzip::bomb(megabytes) {
        Ok(body) => (headers, body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
