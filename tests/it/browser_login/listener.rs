//! What other programs and web pages on this machine can do to the listener.

use std::io::Write as _;
use std::net::TcpStream;

use serde_json::json;

use super::*;

#[test]
fn other_requests_are_refused_and_the_login_goes_on() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let login = Login::start(&home, &server);
    let (own, state) = (login.host(), login.parameter("state"));
    let target = format!("/callback?code=attacker&state={state}");
    for (request, status) in [
        (
            format!("GET {target} HTTP/1.1\r\nHost: evil.test\r\n\r\n"),
            421,
        ),
        (
            format!(
                "GET {target} HTTP/1.1\r\nHost: evil.test:{}\r\n\r\n",
                login.address().port()
            ),
            421,
        ),
        (format!("GET {target} HTTP/1.1\r\n\r\n"), 400),
        (
            format!("GET {target} HTTP/1.1\r\nHost: {own}\r\nHost: evil.test\r\n\r\n"),
            400,
        ),
        (
            format!("POST {target} HTTP/1.1\r\nHost: {own}\r\nContent-Length: 0\r\n\r\n"),
            405,
        ),
        (
            format!("HEAD {target} HTTP/1.1\r\nHost: {own}\r\n\r\n"),
            405,
        ),
        (
            format!("OPTIONS {target} HTTP/1.1\r\nHost: {own}\r\n\r\n"),
            405,
        ),
        (
            format!("GET /?code=attacker&state={state} HTTP/1.1\r\nHost: {own}\r\n\r\n"),
            404,
        ),
        (
            format!("GET /favicon.ico HTTP/1.1\r\nHost: {own}\r\n\r\n"),
            404,
        ),
        (
            format!("GET //evil.test{target} HTTP/1.1\r\nHost: {own}\r\n\r\n"),
            404,
        ),
        (
            format!("GET http://evil.test{target} HTTP/1.1\r\nHost: {own}\r\n\r\n"),
            404,
        ),
        (
            format!(
                "GET {target} HTTP/1.1\r\nHost: {own}\r\nX: {}\r\n\r\n",
                "a".repeat(70 * 1024)
            ),
            431,
        ),
        ("\u{16}\u{3}\u{1}\r\n\r\n".to_owned(), 400),
    ] {
        let response = login.send(request.as_bytes());
        assert!(
            response.starts_with(&format!("HTTP/1.1 {status} ")),
            "{request:.80}: {response}"
        );
        assert!(!response.contains("attacker"), "{response}");
        assert!(!response.to_lowercase().contains("\r\nlocation:"));
    }
    login.approve("");
    login.wait().expect(0);
    assert_eq!(token_forms(&server)[0]["code"], CODE);
}

#[test]
fn page_redirects_nowhere_and_contains_nothing_of_the_request() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let login = Login::start(&home, &server);
    for more in [
        "&redirect=https://evil.test",
        "&next=//evil.test",
        "&x=<script>",
    ] {
        let page = login.redirect(&format!("code={CODE}{more}"));
        assert!(!page.contains("evil") && !page.contains(CODE), "{page}");
        assert!(!page.to_lowercase().contains("\r\nlocation:"), "{page}");
    }
    let page = login.approve("&redirect=https://evil.test&x=%3Cb%3E");
    for header in [
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        "X-Content-Type-Options: nosniff",
        "frame-ancestors 'none'",
    ] {
        assert!(page.contains(header), "{header}: {page}");
    }
    assert!(!page.contains("evil") && !page.contains(CODE), "{page}");
    assert!(!page.contains("unsafe-inline"), "{page}");
    login.wait().expect(0);
}

#[test]
fn slow_connections_do_not_delay_the_login() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let login = Login::start(&home, &server);
    let slow: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut stream = TcpStream::connect(login.address()).unwrap();
            stream.write_all(b"GET /callback?code=").unwrap();
            stream
        })
        .collect();
    let page = login.approve("");
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    login.wait().expect(0);
    drop(slow);
}

#[test]
fn only_loopback_is_listened_on() {
    let (home, server) = (TestHome::new(), server(json!({})));
    let login = Login::start(&home, &server);
    let port = format!(":{:04X} ", login.address().port());
    let sockets: Vec<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .flat_map(|table| {
            let table = std::fs::read_to_string(table).unwrap_or_default();
            let lines = table.lines().map(str::to_owned);
            lines.collect::<Vec<_>>()
        })
        .filter(|line| line.contains(&port) && line.contains(" 0A "))
        .collect();
    for line in &sockets {
        assert!(line.contains("0100007F"), "{line}");
    }
    login.approve("");
    login.wait().expect(0);
}
