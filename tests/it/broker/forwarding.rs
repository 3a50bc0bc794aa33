//! What the service and the client receive.

use serde_json::json;

use super::{KEY, Proxy, home_with_key, with_service};
use crate::support::scripted_server::{ScriptedResponse, ScriptedServer};
use crate::support::test_home::TestHome;

#[test]
fn the_service_receives_the_credential_and_nothing_that_belongs_to_the_client() {
    let (server, home) = with_service();
    let proxy = Proxy::start(&home, &[]);
    let headers = [
        "authorization: Bearer own",
        "cookie: a=b",
        "proxy-authorization: Basic eA==",
        "referer: http://127.0.0.1/x",
        "x-forwarded-for: 1.2.3.4",
        "accept-encoding: gzip",
        "te: trailers",
        "keep-alive: 5",
        "x-custom: 1",
        "x-custom: 2",
        "content-type: text/plain",
    ];
    assert_eq!(
        proxy.send("PUT", "/api/x?a=b%20c", &headers, "body").status,
        200
    );
    let received = &server.received()[0];
    assert_eq!(received.method, "PUT");
    assert_eq!(received.path, "/api/x?a=b%20c");
    assert_eq!(received.body, "body");
    let names: Vec<&str> = received
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    let expected = [
        "accept",
        "accept-encoding",
        "authorization",
        "content-length",
        "content-type",
        "host",
        "user-agent",
        "x-custom",
        "x-custom",
    ];
    assert_eq!(sorted, expected);
    assert_eq!(
        received.header("authorization"),
        Some(&*format!("Token {KEY}"))
    );
    assert_eq!(received.header("accept-encoding"), Some("identity"));
    assert!(server.url.ends_with(received.header("host").unwrap()));
}

/// The header of the service is another one than `Authorization`.
#[test]
fn a_key_of_the_client_in_the_header_of_the_service_is_dropped() {
    let server = super::service();
    let home = TestHome::new();
    let options = ["--profile", "basira", "--api-url", &server.url];
    let login = [&options[..], &["login", "--with-token", "--no-verify"]].concat();
    let key = "dbm_ak_1_c4n4ry0123456789";
    home.run_with_input(&login, key).expect(0);
    let proxy = Proxy::run(&home, &[&options[..], &["proxy"]].concat());
    let own = [
        "x-api-key: own",
        "x_api_key: own",
        "authorization: Bearer own",
    ];
    assert_eq!(proxy.send("GET", "/x", &own, "").status, 200);
    let received = &server.received()[0];
    let values: Vec<&str> = received
        .headers
        .iter()
        .map(|(_, value)| value.as_str())
        .collect();
    assert!(
        !values.iter().any(|value| value.contains("own")),
        "{received:?}"
    );
    assert_eq!(received.header("x-api-key"), Some(key));
}

#[test]
fn cookies_and_cors_headers_of_the_service_do_not_reach_the_client() {
    let server = ScriptedServer::start(|_, _| {
        ScriptedResponse::json(201, &json!({ "ok": true }))
            .header("set-cookie", "session=1")
            .header("access-control-allow-origin", "*")
            .header("www-authenticate", "Bearer")
            .header("keep-alive", "timeout=5")
            .header("etag", "\"1\"")
    });
    let home = home_with_key(&server.url);
    let proxy = Proxy::start(&home, &[]);
    let reply = proxy.get("/x");
    assert_eq!((reply.status, reply.body.as_str()), (201, r#"{"ok":true}"#));
    assert_eq!(reply.header("etag"), Some("\"1\""));
    for dropped in [
        "set-cookie",
        "access-control-allow-origin",
        "www-authenticate",
        "keep-alive",
    ] {
        assert!(!reply.has_header(dropped), "{reply:?}");
    }
}

#[test]
fn responses_without_a_body_and_other_protocols_are_handled() {
    let server = ScriptedServer::start(|received, _| {
        let status = received.path[1..].parse().unwrap();
        ScriptedResponse::text(status, "text/plain", "")
    });
    let home = home_with_key(&server.url);
    let proxy = Proxy::start(&home, &[]);
    for status in [204, 304, 200] {
        let reply = proxy.get(&format!("/{status}"));
        assert_eq!(
            (reply.status, reply.body.as_str()),
            (status, ""),
            "{reply:?}"
        );
    }
    let head = proxy.send("HEAD", "/200", &[], "");
    assert_eq!(
        (head.status, head.header("content-length")),
        (200, Some("0"))
    );
    assert_eq!(proxy.get("/101").status, 502);
}

#[test]
fn errors_of_the_service_are_passed_on() {
    let server = ScriptedServer::start(|received, _| {
        let status = received.path[1..].parse().unwrap();
        ScriptedResponse::json(status, &json!({ "detail": "why" })).header("retry-after", "7")
    });
    let home = home_with_key(&server.url);
    let proxy = Proxy::start(&home, &[]);
    for status in [400, 403, 404, 409, 429, 500, 503] {
        let reply = proxy.get(&format!("/{status}"));
        assert_eq!(
            (reply.status, reply.body.as_str()),
            (status, r#"{"detail":"why"}"#)
        );
        assert_eq!(reply.header("retry-after"), Some("7"));
    }
    assert_eq!(server.received().len(), 7, "nothing is repeated");
}

#[test]
fn a_response_with_the_credential_is_not_passed_on() {
    let server = ScriptedServer::start(|received, _| {
        let authorization = received.header("authorization").unwrap_or_default();
        let echo = json!({ "headers": { "authorization": authorization } });
        match received.path.as_str() {
            "/header" => ScriptedResponse::json(200, &json!({})).header("x-echo", authorization),
            "/long" => {
                let text = format!("{}{authorization}", "x".repeat(100_000));
                ScriptedResponse::text(200, "text/plain", &text)
            }
            "/encoded" => {
                let text = authorization.replace('-', "%2D").replace("%2D", "-");
                ScriptedResponse::text(500, "text/plain", &text)
            }
            "/401" => ScriptedResponse::json(401, &echo),
            "/403" => ScriptedResponse::json(403, &echo),
            "/gzip" => {
                ScriptedResponse::text(200, "text/plain", "x").header("content-encoding", "zstd")
            }
            _ => ScriptedResponse::json(200, &echo),
        }
    });
    let home = home_with_key(&server.url);
    let proxy = Proxy::start(&home, &[]);
    for path in ["/body", "/header", "/encoded", "/403"] {
        let reply = proxy.get(path);
        assert_eq!(reply.status, 502, "{path}: {reply:?}");
        assert!(
            reply.body.contains("CREDENTIAL_IN_RESPONSE"),
            "{path}: {reply:?}"
        );
    }
    let rejected = proxy.get("/401");
    assert_eq!(rejected.status, 503, "{rejected:?}");
    assert!(
        rejected.body.contains("CREDENTIAL_REJECTED"),
        "{rejected:?}"
    );
    assert_eq!(proxy.get("/gzip").status, 502);
    let text = proxy.raw(&proxy.request("GET", "/long", &[], ""));
    assert!(text.len() < 101_000, "the connection is cut");
    for path in ["/body", "/header", "/encoded", "/403", "/401", "/long"] {
        let text = proxy.raw(&proxy.request("GET", path, &[], ""));
        assert!(!text.contains("c4n4ry"), "{path}");
    }
    let log = proxy.stop();
    assert!(log.contains("GET /long 200 "), "{log}");
    assert!(
        log.contains("(the response contains the credential"),
        "{log}"
    );
}

#[test]
fn failures_are_json_with_the_command_that_helps() {
    let home = home_with_key("http://localhost:9");
    let proxy = Proxy::start(&home, &[]);
    let reply = proxy.get("/x");
    assert_eq!(reply.status, 502, "{reply:?}");
    let document: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(document["error"]["code"], "UNREACHABLE");
    assert!(
        document["error"]["message"]
            .as_str()
            .unwrap()
            .contains("connection refused")
    );
    assert_eq!(reply.header("content-type"), Some("application/json"));
}

#[test]
fn json_document_has_the_url_and_requests_are_events() {
    let (_server, home) = with_service();
    let proxy = Proxy::run(&home, &["--json", "proxy"]);
    let document: serde_json::Value = serde_json::from_str(&proxy.shown).unwrap();
    assert_eq!(document["profile"], "brainmaps");
    assert_eq!(document["socket"], serde_json::Value::Null);
    proxy.get("/a/b?query=secret");
    let log = proxy.stop();
    let event: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert_eq!(event["event"], "request");
    assert_eq!(event["path"], "/a/b");
    assert_eq!(event["status"], 200);
}
