//! Who may use the proxy: only who has the URL, and no web page.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use super::{Proxy, with_service};

#[test]
fn requests_without_the_secret_path_get_404() {
    let (server, home) = with_service();
    let proxy = Proxy::start(&home, &[]);
    let (secret, host) = (&proxy.path[1..], &proxy.address);
    let wrong = [
        "/".to_owned(),
        "/api/brains/".to_owned(),
        format!("/{}/api", &secret[1..]),
        format!("/{secret}x/api"),
        format!("/x/{secret}"),
        format!("//{secret}/x"),
        format!("/{}", secret.to_lowercase()),
        format!("/?{secret}"),
    ];
    for path in wrong {
        for method in ["GET", "POST", "OPTIONS", "TRACE"] {
            for extra in ["", "origin: http://a.example\r\n", "upgrade: x\r\n"] {
                let request = format!(
                    "{method} {path} HTTP/1.1\r\nhost: {host}\r\n{extra}connection: close\r\n\r\n"
                );
                let response = proxy.raw(&request);
                let lines: Vec<&str> = response
                    .lines()
                    .filter(|line| !line.starts_with("date:"))
                    .collect();
                let expected = [
                    "HTTP/1.1 404 Not Found",
                    "content-length: 0",
                    "connection: close",
                    "",
                ];
                let mut sorted = lines.clone();
                sorted[1..3].sort_unstable();
                let mut wanted = expected;
                wanted[1..3].sort_unstable();
                assert_eq!(sorted, wanted, "{request}");
            }
        }
    }
    assert!(server.received().is_empty());
    assert_eq!(proxy.get("/x").status, 200);
    let log = proxy.stop();
    assert!(log.contains("\nGET - 404 0 "), "{log}");
}

#[test]
fn requests_of_web_pages_and_for_other_hosts_are_refused() {
    let (server, home) = with_service();
    let proxy = Proxy::start(&home, &[]);
    let (path, host) = (&proxy.path, &proxy.address);
    for (line, expected) in [
        ("host: evil.example", 421),
        ("host: evil.example:80", 421),
        ("host: 127.0.0.1", 421),
        ("host: localhost.evil.example", 421),
    ] {
        let request = format!("GET {path}/x HTTP/1.1\r\n{line}\r\nconnection: close\r\n\r\n");
        let response = proxy.raw(&request);
        assert!(
            response.starts_with(&format!("HTTP/1.1 {expected} ")),
            "{line}: {response}"
        );
    }
    let two =
        format!("GET {path}/x HTTP/1.1\r\nhost: {host}\r\nhost: evil\r\nconnection: close\r\n\r\n");
    assert!(proxy.raw(&two).starts_with("HTTP/1.1 400 "));
    let none = format!("GET {path}/x HTTP/1.1\r\nconnection: close\r\n\r\n");
    assert!(proxy.raw(&none).starts_with("HTTP/1.1 400 "));
    let whole = format!(
        "GET http://evil.example{path}/x HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    );
    assert!(proxy.raw(&whole).starts_with("HTTP/1.1 421 "));
    let own = format!("http://{host}");
    for (method, header) in [
        ("GET", format!("origin: {own}")),
        ("POST", "origin: null".to_owned()),
        ("GET", "sec-fetch-site: cross-site".to_owned()),
        ("GET", "sec-fetch-site: same-origin".to_owned()),
        ("OPTIONS", "access-control-request-method: GET".to_owned()),
    ] {
        let refused = proxy.send(method, "/x", &[&header], "");
        assert_eq!(refused.status, 403, "{header}: {refused:?}");
        assert!(!refused.head.contains("access-control-"), "{refused:?}");
    }
    assert!(server.received().is_empty());
    // Programs send none of these headers.
    assert_eq!(
        proxy
            .send("GET", "/x", &["sec-fetch-mode: cors"], "")
            .status,
        200
    );
    let local = host.replace("127.0.0.1", "localhost");
    let request = format!("GET {path}/x HTTP/1.1\r\nhost: {local}\r\nconnection: close\r\n\r\n");
    assert!(proxy.raw(&request).starts_with("HTTP/1.1 200 "));
}

#[test]
fn tunnels_upgrades_and_old_protocol_versions_are_refused() {
    let (server, home) = with_service();
    let proxy = Proxy::start(&home, &[]);
    assert_eq!(proxy.send("TRACE", "/x", &[], "").status, 405);
    let websocket = ["upgrade: websocket", "connection: upgrade"];
    let refused = proxy.send("GET", "/x", &websocket, "");
    assert_eq!(refused.status, 501, "{refused:?}");
    assert!(refused.body.contains("WebSocket"), "{refused:?}");
    let host = &proxy.address;
    let tunnel = proxy.raw(&format!(
        "CONNECT {host} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    ));
    assert!(tunnel.starts_with("HTTP/1.1 404 "), "{tunnel}");
    let path = &proxy.path;
    let old = proxy.raw(&format!("GET {path}/x HTTP/1.0\r\nhost: {host}\r\n\r\n"));
    assert!(old.starts_with("HTTP/1.0 505 "), "{old}");
    assert!(server.received().is_empty());
}

#[test]
fn paths_cannot_leave_the_base_url_or_the_rules() {
    let server = super::service();
    let home = super::home_with_key(&format!("{}/v1", server.url));
    let rules = ["--allow", "GET /api/**", "--allow", "POST /api/*/items"];
    let proxy = Proxy::start(&home, &rules);
    for path in [
        "/../admin",
        "/api/../../admin",
        "/api/%2e%2e/%2e%2e/admin",
        "/api/..%2f..%2fadmin",
        "/api/%252e%252e/admin",
        "/api/..%5c..%5cadmin",
        "/api/..\\..\\admin",
        "/api/..;/admin",
        "/api//admin",
        "//evil.example/api/x",
        "/api/%00",
    ] {
        assert_eq!(proxy.get(path).status, 400, "{path}");
    }
    for (method, path) in [
        ("GET", "/admin"),
        ("GET", "/api"),
        ("GET", ""),
        ("DELETE", "/api/x"),
        ("POST", "/api/x"),
        ("POST", "/api/a/b/items"),
        ("POST", "/api/a%2fb/items"),
    ] {
        let refused = proxy.send(method, path, &[], "");
        assert_eq!(refused.status, 403, "{method} {path}: {refused:?}");
        assert!(refused.body.contains("--allow"), "{refused:?}");
    }
    let overridden = ["x-http-method-override: DELETE", "x-original-url: /admin"];
    assert_eq!(
        proxy.send("POST", "/api/a/items", &overridden, "").status,
        200
    );
    assert_eq!(proxy.get("/api/a%2fb/c.d?x=/../%2e%2e&y").status, 200);
    let received = server.received();
    let paths: Vec<&str> = received.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(
        paths,
        ["/v1/api/a/items", "/v1/api/a%2fb/c.d?x=/../%2e%2e&y"]
    );
    for header in ["x-http-method-override", "x-original-url"] {
        assert_eq!(received[0].header(header), None);
    }
    assert!(proxy.stop().contains("\nGET /api/a%2fb/c.d 200 "));
}

/// A second request that only a server with another idea of the body's end would see.
#[test]
fn requests_with_an_ambiguous_length_carry_no_second_request() {
    let (server, home) = with_service();
    let proxy = Proxy::start(&home, &[]);
    let (path, host) = (&proxy.path, &proxy.address);
    let second = format!("GET {path}/smuggled HTTP/1.1\r\nhost: {host}\r\n\r\n");
    let head = format!("POST {path}/x HTTP/1.1\r\nhost: {host}\r\n");
    for (lines, body) in [
        ("content-length: 5\r\ncontent-length: 6\r\n", second.clone()),
        ("content-length: 5, 6\r\n", second.clone()),
        ("content-length: +5\r\n", second.clone()),
        ("content-length: -1\r\n", second.clone()),
        (
            "content-length: 5\r\ntransfer-encoding: chunked\r\n",
            format!("0\r\n\r\n{second}"),
        ),
        (
            "transfer-encoding: chunked\r\ncontent-length: 5\r\n",
            format!("0\r\n\r\n{second}"),
        ),
        (
            "transfer-encoding: identity\r\ncontent-length: 0\r\n",
            second.clone(),
        ),
        (
            "transfer-encoding: chunked, identity\r\n",
            format!("0\r\n\r\n{second}"),
        ),
        (
            "transfer-encoding: xchunked\r\n",
            format!("0\r\n\r\n{second}"),
        ),
        (
            "transfer-encoding : chunked\r\n",
            format!("0\r\n\r\n{second}"),
        ),
        ("content-length: 0\r\n x: y\r\n", second.clone()),
        (
            "transfer-encoding: chunked\r\n",
            format!("5;\nxx\r\nabcde\r\n0\r\n\r\n{second}"),
        ),
        (
            "transfer-encoding: chunked\r\n",
            format!("FFFFFFFFFFFFFFFFF\r\n{second}"),
        ),
    ] {
        let response = read_for_a_second(&proxy, &format!("{head}{lines}\r\n{body}"));
        let count = response.matches("HTTP/1.1 ").count();
        assert!(count <= 1, "{lines}: {response}");
    }
    let received = server.received();
    let smuggled = received.iter().filter(|it| it.path.contains("smuggled"));
    assert_eq!(smuggled.count(), 0, "{received:?}");
}

fn read_for_a_second(proxy: &Proxy, request: &str) -> String {
    let mut stream = proxy.connect();
    stream
        .set_read_timeout(Some(Duration::from_secs(1)))
        .unwrap();
    let _ = stream.write_all(request.as_bytes());
    let (mut response, mut block) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = stream.read(&mut block) {
        response.extend_from_slice(&block[..count]);
    }
    String::from_utf8_lossy(&response).into_owned()
}
