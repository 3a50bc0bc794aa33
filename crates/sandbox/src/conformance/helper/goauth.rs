//! go: blocks of URLs and headers.

use super::exchange::{FoundCredential, HelperRequest, HelperResponse};

/// The call before the first request.
pub(super) fn first_request() -> HelperRequest {
    HelperRequest::default()
}

/// The call after a failed request.
pub(super) fn repeated_request(url: &str) -> HelperRequest {
    with_response(url, "401 Unauthorized")
}

pub(super) fn with_response(url: &str, status: &str) -> HelperRequest {
    HelperRequest::with_input(
        &[url],
        format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n"),
    )
}

/// Reads blocks of URL lines, an empty line, header lines, and an empty line.
pub(super) fn read(stdout: &str) -> HelperResponse {
    if stdout.is_empty() {
        return HelperResponse::default();
    }
    let Some(text) = stdout.strip_suffix("\n\n") else {
        return HelperResponse::fault("it does not end with an empty line");
    };
    let parts: Vec<&str> = text.split("\n\n").collect();
    let mut found = None;
    for block in parts.chunks(2) {
        let [urls, headers] = block else {
            return HelperResponse::fault("a block of URLs has no headers");
        };
        if !urls.lines().all(|url| url.starts_with("https://")) {
            return HelperResponse::fault("a line in front of headers is not an https URL");
        }
        for line in headers.lines() {
            let Some((_, value)) = line.split_once(": ") else {
                return HelperResponse::fault("a header is not of the form `Name: value`");
            };
            found.get_or_insert(value.to_owned());
        }
    }
    found.map_or_else(
        || HelperResponse::fault("it has no header"),
        |secret| {
            HelperResponse::of(FoundCredential {
                secret,
                ..FoundCredential::default()
            })
        },
    )
}
