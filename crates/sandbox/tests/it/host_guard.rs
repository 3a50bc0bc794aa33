//! Host check, size limit and response headers, which apply to every request.

use axum::body::Body;
use axum::http::{Method, header};

use super::fixture::{Fixture, request};

#[tokio::test]
async fn issuer_is_the_addressed_loopback_origin() {
    let fixture = Fixture::new();
    for (host, issuer) in [
        ("127.0.0.1:4711", "http://127.0.0.1:4711"),
        ("localhost:4711", "http://localhost:4711"),
        ("[::1]:4711", "http://[::1]:4711"),
        ("sandbox.localhost", "http://sandbox.localhost"),
    ] {
        let path = "/.well-known/oauth-authorization-server";
        let mut received = request(Method::GET, path, "", Body::empty());
        received
            .headers_mut()
            .insert(header::HOST, host.parse().unwrap());
        assert_eq!(fixture.send(received).await.text("/issuer"), issuer);
    }
}

#[tokio::test]
async fn other_hosts_are_rejected() {
    let fixture = Fixture::new();
    for host in ["evil.net", "localhost.evil.net:8000", "192.168.0.1"] {
        let mut received = request(Method::GET, "/device", "", Body::empty());
        received
            .headers_mut()
            .insert(header::HOST, host.parse().unwrap());
        assert_eq!(fixture.send(received).await.status, 421, "{host}");
    }
}

#[tokio::test]
async fn responses_forbid_caching_and_sniffing() {
    let fixture = Fixture::new();
    for path in [
        "/",
        "/api/brains/",
        "/basic-memory/proxy/health",
        "/.well-known/oauth-authorization-server",
    ] {
        let reply = fixture.get(path, "").await;
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn large_bodies_are_rejected() {
    let fixture = Fixture::new();
    let body = format!("client_id={}", "x".repeat(1 << 20));
    let reply = fixture.raw_form("/oauth2/token", &body).await;
    assert_eq!(reply.error(), (400, "invalid_request".into()));
}
