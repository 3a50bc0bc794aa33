//! Reads a JSON document from another server on this machine. The sandbox connects to nothing else.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::{Host, Position, Url};

/// No discovery document or key set is larger.
const MAX_RESPONSE: u64 = 64 * 1024;

const TIME_LIMIT: Duration = Duration::from_secs(5);

/// Returns true for a plain http URL of a loopback address.
pub(crate) fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http" && !addresses(url).is_empty()
}

/// Requests `url`, which must be on a loopback address. Does not follow redirects.
pub(crate) async fn get_json(url: &Url) -> io::Result<Value> {
    let response = timeout(TIME_LIMIT, get(url)).await??;
    parse(&response).ok_or_else(|| io::Error::other("the response is not a JSON document"))
}

/// Sends the request, as HTTP/1.0: its responses are not chunked and end with the connection.
async fn get(url: &Url) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(addresses(url).as_slice()).await?;
    let path = &url[Position::BeforePath..Position::AfterQuery];
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let request = format!(
        "GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut response = Vec::new();
    stream.take(MAX_RESPONSE).read_to_end(&mut response).await?;
    Ok(response)
}

/// Returns the body of a response with the status 200.
fn parse(response: &[u8]) -> Option<Value> {
    let end = response
        .windows(4)
        .position(|window| window == b"\r\n\r\n")?;
    let (head, body) = response.split_at(end);
    let status = head.split(|byte| *byte == b' ').nth(1)?;
    if status != b"200" {
        return None;
    }
    serde_json::from_slice(body).ok()
}

/// Returns the addresses of a URL on this machine; none for any other host.
fn addresses(url: &Url) -> Vec<SocketAddr> {
    let hosts = match url.host() {
        Some(Host::Ipv4(address)) => vec![IpAddr::V4(address)],
        Some(Host::Ipv6(address)) => vec![IpAddr::V6(address)],
        Some(Host::Domain("localhost")) => {
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
        }
        _ => Vec::new(),
    };
    let port = url.port_or_known_default().unwrap_or_default();
    let local = hosts.into_iter().filter(IpAddr::is_loopback);
    local.map(|host| SocketAddr::from((host, port))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_on_loopback_is_permitted() {
        for (url, expected) in [
            ("http://127.0.0.1:9/x", true),
            ("http://[::1]:9", true),
            ("http://localhost:9", true),
            ("https://127.0.0.1:9", false),
            ("http://example.com", false),
            ("http://localhost.example.com", false),
            ("http://10.0.0.1", false),
            ("http://0.0.0.0:9", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(is_loopback(&url.parse().unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn only_the_body_of_a_200_response_is_parsed() {
        let parsed = parse(b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n {\"a\": 1}\n");
        assert_eq!(parsed, Some(serde_json::json!({"a": 1})));
        for other in [
            &b"HTTP/1.1 404 Not Found\r\n\r\n{}"[..],
            b"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n{}",
            b"HTTP/1.1 200 OK\r\n\r\n<html>",
            b"HTTP/1.1 200 OK\r\n",
            b"",
        ] {
            assert_eq!(parse(other), None, "{}", String::from_utf8_lossy(other));
        }
    }
}
