//! The headers that are passed on, in both directions.

use hyper::HeaderMap;
use hyper::header::{CONNECTION, HeaderName};

/// Headers of one connection (RFC 9110 §7.6.1). The HTTP library sets the length and the encoding of the next connection.
const HOP_BY_HOP: &[&str] = &[
    "connection",
    "content-length",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Request headers that belong to the client alone, or would change what the proxy has checked.
const REQUEST_ONLY: &[&str] = &[
    // Responses must be readable and whole, to find the credential in them.
    "accept-encoding",
    "if-range",
    "range",
    "authorization",
    "cookie",
    "cookie2",
    "expect",
    "forwarded",
    "host",
    "origin",
    // Has the secret path.
    "referer",
    "via",
    "true-client-ip",
    "cf-connecting-ip",
    "x-client-ip",
    "x-envoy-original-path",
    "x-http-method",
    "x-http-method-override",
    "x-http-path-override",
    "x-method",
    "x-method-override",
    "x-original-host",
    "x-original-method",
    "x-original-uri",
    "x-original-url",
    "x-real-ip",
    "x-rewrite-url",
    "x-waf-url",
];

/// Response headers that belong to a login, to a browser, or to another connection.
const RESPONSE_ONLY: &[&str] = &[
    "alt-svc",
    "authentication-info",
    "clear-site-data",
    "public-key-pins",
    "set-cookie",
    "set-cookie2",
    "strict-transport-security",
    "www-authenticate",
];

const REQUEST_PREFIXES: &[&str] = &["sec-fetch-", "access-control-", "x-forwarded-"];
const RESPONSE_PREFIXES: &[&str] = &["access-control-"];

/// Returns the headers of a request that are passed on, without those in `credential_headers`.
pub(super) fn headers_for_service(
    headers: &HeaderMap,
    credential_headers: &[HeaderName],
) -> HeaderMap {
    let is_kept = |name: &str| {
        // Many servers take `X_Api_Key` for `X-Api-Key`.
        let name = name.replace('_', "-");
        !REQUEST_ONLY.contains(&&*name)
            && !REQUEST_PREFIXES.iter().any(|it| name.starts_with(it))
            && !credential_headers
                .iter()
                .any(|it| it.as_str().replace('_', "-") == name)
            && !HOP_BY_HOP.contains(&&*name)
    };
    filter_headers(headers, is_kept)
}

/// Returns the headers of a response that are passed on.
pub(super) fn headers_for_client(headers: &HeaderMap) -> HeaderMap {
    let is_kept = |name: &str| {
        !RESPONSE_ONLY.contains(&name)
            && !RESPONSE_PREFIXES.iter().any(|it| name.starts_with(it))
            && !HOP_BY_HOP.contains(&name)
    };
    filter_headers(headers, is_kept)
}

/// Returns the headers for which `is_kept` is true, without those that `Connection` names (RFC 9110 §7.6.1).
fn filter_headers(headers: &HeaderMap, is_kept: impl Fn(&str) -> bool) -> HeaderMap {
    let connection_headers: Vec<Vec<u8>> = headers
        .get_all(CONNECTION)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .map(|option| option.trim_ascii().to_ascii_lowercase())
        .collect();
    let is_connection_header =
        |name: &str| connection_headers.iter().any(|it| it == name.as_bytes());
    headers
        .iter()
        .filter(|(name, _)| is_kept(name.as_str()) && !is_connection_header(name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let parse = |line: &&str| {
            let (name, value) = line.split_once(": ").unwrap();
            let name: HeaderName = name.parse().unwrap();
            (name, value.parse().unwrap())
        };
        lines.iter().map(parse).collect()
    }

    fn names(headers: &HeaderMap) -> Vec<String> {
        let lines = headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
        lines.collect()
    }

    #[test]
    fn the_credentials_of_the_client_and_headers_of_the_connection_are_dropped() {
        let sent = headers(&[
            "Host: 127.0.0.1:1",
            "Authorization: Bearer own",
            "Cookie: a=b",
            "Proxy-Authorization: Basic eA==",
            "X-API-Key: own",
            "X_Api_Key: own",
            "Connection: close, X-Hop",
            "X-Hop: 1",
            "Keep-Alive: 5",
            "TE: trailers",
            "Trailer: X-T",
            "Transfer-Encoding: chunked",
            "Content-Length: 4",
            "Upgrade: h2c",
            "HTTP2-Settings: x",
            "Expect: 100-continue",
            "Accept-Encoding: gzip",
            "Referer: http://127.0.0.1:1/secret/x",
            "Sec-Fetch-Mode: cors",
            "X-Forwarded-Host: evil.example",
            "X-HTTP-Method-Override: DELETE",
            "X_HTTP_Method_Override: DELETE",
            "X-Original-URL: /admin",
        ]);
        let key: HeaderName = "x-api-key".parse().unwrap();
        assert_eq!(names(&headers_for_service(&sent, &[key])), [""; 0]);
    }

    #[test]
    fn other_headers_are_passed_on_unchanged_and_repeated() {
        let lines = [
            "accept: text/event-stream",
            "content-type: application/json",
            "mcp-session-id: 7",
            "last-event-id: 3",
            "x-api-key: of another service",
            "accept-language: de",
            "user-agent: test",
        ];
        assert_eq!(names(&headers_for_service(&headers(&lines), &[])), lines);
        let repeated = headers(&["accept: a", "accept: b"]);
        assert_eq!(headers_for_service(&repeated, &[]), repeated);
    }

    #[test]
    fn cookies_and_cors_headers_of_the_service_are_not_passed_on() {
        let received = headers(&[
            "set-cookie: session=1",
            "www-authenticate: Bearer",
            "access-control-allow-origin: *",
            "alt-svc: h3=\":443\"",
            "strict-transport-security: max-age=1",
            "connection: x-hop",
            "x-hop: 1",
            "transfer-encoding: chunked",
            "content-length: 4",
            "content-type: text/plain",
            "etag: \"1\"",
        ]);
        let expected = ["content-type: text/plain", "etag: \"1\""];
        assert_eq!(names(&headers_for_client(&received)), expected);
    }
}
