//! Rejects requests that the proxy must not pass on, above all those that a web page makes a browser send.

use hyper::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, CONNECTION, HOST, HeaderName,
    ORIGIN, UPGRADE,
};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use hyper::{HeaderMap, Method, StatusCode, Version};

use super::rejection::Rejection;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// A browser that requests the private network access of a page.
const PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");

/// The hosts in the `Host` header of requests that are meant for this listener. A page whose name an attacker points to
/// loopback (DNS rebinding) sends another one.
#[derive(Debug, Clone)]
pub(super) struct OwnHosts {
    /// `None` for a Unix socket: a program that forwards it chooses the port.
    port: Option<u16>,
}

impl OwnHosts {
    pub(super) fn with_port(port: u16) -> Self {
        Self { port: Some(port) }
    }

    pub(super) fn with_any_port() -> Self {
        Self { port: None }
    }

    fn contains(&self, host: &str) -> bool {
        let (name, port) = match host.rsplit_once(':') {
            // The colon may be in an address: `[::1]`.
            Some((name, port)) if !port.contains(']') => (name, port.parse().ok()),
            _ => (host, Some(80)),
        };
        let is_own_port = match (self.port, port) {
            (Some(own), Some(port)) => own == port,
            (None, port) => port.is_some(),
            (Some(_), None) => false,
        };
        is_own_port && is_loopback_name(name)
    }
}

fn is_loopback_name(name: &str) -> bool {
    ["127.0.0.1", "[::1]"].contains(&name) || name.eq_ignore_ascii_case("localhost")
}

/// # Errors
/// [`Rejection`] for a request that the proxy must not pass on.
pub(super) fn check_request(head: &Parts, own: &OwnHosts) -> Result<(), Rejection> {
    if head.version != Version::HTTP_11 {
        let status = StatusCode::HTTP_VERSION_NOT_SUPPORTED;
        return Err(Rejection::unsupported(status, "only HTTP/1.1 is supported"));
    }
    check_host(head, own)?;
    reject_web_page(&head.headers)?;
    if matches!(head.method, Method::TRACE | Method::CONNECT) {
        let message = format!("{} is not supported", head.method);
        return Err(Rejection::unsupported(
            StatusCode::METHOD_NOT_ALLOWED,
            message,
        ));
    }
    if is_upgrade(&head.headers) {
        let message = "upgrades of the connection, such as WebSocket, are not supported";
        return Err(Rejection::unsupported(StatusCode::NOT_IMPLEMENTED, message));
    }
    Ok(())
}

fn check_host(head: &Parts, own: &OwnHosts) -> Result<(), Rejection> {
    let mut hosts = head.headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(Rejection::malformed("expected one Host header"));
    };
    let is_own = |host: &str| own.contains(host);
    // The target may be a whole URL, which takes precedence over the header (RFC 9112 §3.2.2).
    let authority = head.uri.authority().map(Authority::as_str);
    let is_plain = head.uri.scheme_str().is_none_or(|scheme| scheme == "http");
    if is_plain && host.to_str().is_ok_and(is_own) && authority.is_none_or(is_own) {
        return Ok(());
    }
    Err(Rejection::misdirected(
        "the Host header names another server than this proxy",
    ))
}

fn reject_web_page(headers: &HeaderMap) -> Result<(), Rejection> {
    let is_preflight = [
        ACCESS_CONTROL_REQUEST_METHOD,
        ACCESS_CONTROL_REQUEST_HEADERS,
        PRIVATE_NETWORK,
    ]
    .iter()
    .any(|name| headers.contains_key(name));
    let mut sites = headers.get_all(SEC_FETCH_SITE).iter();
    // `none`: the user typed the URL.
    let is_from_page = headers.contains_key(ORIGIN) || sites.any(|site| site != "none");
    if is_preflight || is_from_page {
        return Err(Rejection::forbidden("requests of web pages are refused"));
    }
    Ok(())
}

fn is_upgrade(headers: &HeaderMap) -> bool {
    let values = headers.get_all(CONNECTION).iter();
    let mut options = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    headers.contains_key(UPGRADE)
        || options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"upgrade"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(request: &str, own: &OwnHosts) -> u16 {
        let mut lines = request.lines();
        let mut first = lines.next().unwrap().split(' ');
        let mut builder = hyper::Request::builder()
            .method(first.next().unwrap())
            .uri(first.next().unwrap());
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap();
            builder = builder.header(name, value);
        }
        let (head, ()) = builder.body(()).unwrap().into_parts();
        check_request(&head, own).map_or_else(|it| it.status.as_u16(), |()| 200)
    }

    #[test]
    fn requests_of_programs_to_this_listener_are_accepted() {
        let own = OwnHosts::with_port(4000);
        for request in [
            "GET /x\nHost: 127.0.0.1:4000",
            "GET /x\nHost: localhost:4000",
            "GET /x\nHost: LOCALHOST:4000",
            "POST /x\nHost: [::1]:4000\nsec-fetch-mode: cors",
            "GET /x\nHost: 127.0.0.1:4000\nsec-fetch-site: none",
            "GET http://127.0.0.1:4000/x\nHost: 127.0.0.1:4000",
            "OPTIONS /x\nHost: 127.0.0.1:4000",
            "GET /x\nHost: 127.0.0.1:4000\nConnection: close",
        ] {
            assert_eq!(status(request, &own), 200, "{request}");
        }
        let default = OwnHosts::with_port(80);
        assert_eq!(status("GET /x\nHost: localhost", &default), 200);
        assert_eq!(status("GET /x\nHost: [::1]", &default), 200);
        let socket = OwnHosts::with_any_port();
        for host in ["localhost", "localhost:9000", "127.0.0.1:1"] {
            let request = format!("GET /x\nHost: {host}");
            assert_eq!(status(&request, &socket), 200, "{host}");
        }
    }

    const REFUSED: &[(&str, u16)] = &[
        ("GET /x", 400),
        ("GET /x\nHost: 127.0.0.1:4000\nHost: evil.example", 400),
        ("GET /x\nHost: evil.example", 421),
        ("GET /x\nHost: evil.example:4000", 421),
        ("GET /x\nHost: localhost.evil.example:4000", 421),
        ("GET /x\nHost: 127.0.0.1.nip.io:4000", 421),
        ("GET /x\nHost: a.localhost:4000", 421),
        ("GET /x\nHost: 127.0.0.1", 421),
        ("GET /x\nHost: 127.0.0.1:4001", 421),
        ("GET /x\nHost: 127.0.0.1:", 421),
        ("GET /x\nHost: 127.1:4000", 421),
        ("GET /x\nHost: user@127.0.0.1:4000", 421),
        ("GET http://evil.example/x\nHost: 127.0.0.1:4000", 421),
        ("GET https://127.0.0.1:4000/x\nHost: 127.0.0.1:4000", 421),
        ("GET http://127.0.0.1:4000/x\nHost: evil.example", 421),
        (
            "GET /x\nHost: 127.0.0.1:4000\nOrigin: http://127.0.0.1:4000",
            403,
        ),
        ("GET /x\nHost: 127.0.0.1:4000\nOrigin: null", 403),
        (
            "GET /x\nHost: 127.0.0.1:4000\nSec-Fetch-Site: cross-site",
            403,
        ),
        (
            "GET /x\nHost: 127.0.0.1:4000\nSec-Fetch-Site: same-origin",
            403,
        ),
        (
            "GET /x\nHost: 127.0.0.1:4000\nSec-Fetch-Site: none\nSec-Fetch-Site: same-site",
            403,
        ),
        (
            "OPTIONS /x\nHost: 127.0.0.1:4000\nAccess-Control-Request-Method: GET",
            403,
        ),
        ("TRACE /x\nHost: 127.0.0.1:4000", 405),
        ("CONNECT 127.0.0.1:4000\nHost: 127.0.0.1:4000", 405),
        (
            "GET /x\nHost: 127.0.0.1:4000\nConnection: keep-alive, Upgrade\nUpgrade: websocket",
            501,
        ),
        ("GET /x\nHost: 127.0.0.1:4000\nConnection: Upgrade", 501),
        ("GET /x\nHost: 127.0.0.1:4000\nUpgrade: h2c", 501),
    ];

    #[test]
    fn other_requests_are_refused() {
        let own = OwnHosts::with_port(4000);
        for (request, expected) in REFUSED {
            assert_eq!(status(request, &own), *expected, "{request}");
        }
        let socket = OwnHosts::with_any_port();
        assert_eq!(status("GET /x\nHost: evil.example", &socket), 421);
        let (mut head, ()) = hyper::Request::new(()).into_parts();
        head.version = Version::HTTP_10;
        assert_eq!(check_request(&head, &own).unwrap_err().status, 505);
    }
}
