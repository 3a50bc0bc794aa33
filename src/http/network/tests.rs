use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

use super::super::testing::{accept, listen, url, write};
use super::super::{
    CONNECT_TIMEOUT, Client, ConnectFailure, EXCHANGE_TIMEOUT, Method, Request, WireLog,
};
use super::*;

fn client() -> Client {
    Client::new(std::sync::Arc::new(Network::default()), WireLog::silent())
}

fn post(to: &url::Url) -> Request {
    Request::new(Method::POST, to.clone()).form(&[("token", "hunter2")])
}

/// Responds to one request with `raw`, closes the connection, and returns the request.
async fn respond_once(listener: TcpListener, raw: impl AsRef<[u8]>) -> String {
    let (stream, request) = accept(&listener).await;
    write(&stream, raw.as_ref()).await;
    request
}

#[tokio::test]
async fn request_and_response_are_transferred_unchanged() {
    let (listener, to) = listen().await;
    let response = "HTTP/1.1 201 Created\r\ncontent-length: 4\r\nx-request-id: 7\r\n\r\ndone";
    let server = tokio::spawn(respond_once(listener, response));
    let response = client().send(post(&to)).await.unwrap();
    assert_eq!(
        (response.status.as_u16(), response.body.as_slice()),
        (201, b"done".as_slice())
    );
    assert_eq!(response.request_id().as_deref(), Some("7"));
    let request = server.await.unwrap();
    assert!(
        request.starts_with("POST /path?secret=query HTTP/1.1\r\n"),
        "{request}"
    );
    let agent = concat!("user-agent: brainmaps/", env!("CARGO_PKG_VERSION"), "\r\n");
    assert!(
        request.contains(agent) && request.ends_with("\r\n\r\ntoken=hunter2"),
        "{request}"
    );
}

#[tokio::test]
async fn localhost_names_resolve_to_both_loopback_addresses() {
    for (bind, host) in [
        ("127.0.0.1:0", "localhost"),
        ("[::1]:0", "localhost"),
        ("127.0.0.1:0", "some.localhost"),
    ] {
        let Ok(listener) = TcpListener::bind(bind).await else {
            continue; // IPv6 is not available
        };
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(respond_once(listener, "HTTP/1.1 204 No Content\r\n\r\n"));
        let response = client()
            .send(Request::get(url(&format!("http://{host}:{port}/"))))
            .await;
        assert_eq!(response.unwrap().status, 204, "{bind} {host}");
    }
}

#[tokio::test]
async fn refused_connection_is_reported_quickly() {
    let (listener, to) = listen().await;
    drop(listener);
    let started = Instant::now();
    let error = client().send(Request::get(to.clone())).await.unwrap_err();
    assert!(
        matches!(
            &error,
            HttpError::Connect {
                kind: ConnectFailure::Refused,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(started.elapsed() < Duration::from_secs(1));
    let text = error.to_string();
    let target = format!("http://127.0.0.1:{}/path", to.port().unwrap());
    assert_eq!(
        text,
        format!("could not connect to {target}: connection refused")
    );
}

#[tokio::test]
async fn fifty_megabytes_are_not_read() {
    let announced = b"HTTP/1.1 200 OK\r\ncontent-length: 52428800\r\n\r\n".to_vec();
    let mut streamed = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    streamed.resize(50 * 1024 * 1024, b'x');
    for response in [announced, streamed] {
        let (listener, to) = listen().await;
        let server = tokio::spawn(respond_once(listener, response));
        let error = client().send(post(&to)).await.unwrap_err();
        assert!(matches!(error, HttpError::TooLarge { .. }), "{error}");
        server.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn dripping_response_times_out() {
    let (listener, to) = listen().await;
    tokio::spawn(async move {
        let (stream, _) = accept(&listener).await;
        write(&stream, b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n").await;
        while write(&stream, b"x").await {
            sleep(Duration::from_secs(4)).await;
        }
    });
    let started = Instant::now();
    let error = client().send(post(&to)).await.unwrap_err();
    assert!(
        matches!(
            error,
            HttpError::Timeout {
                stage: TimeoutPhase::Reading(_),
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(started.elapsed().as_secs(), EXCHANGE_TIMEOUT.as_secs());
}

#[tokio::test(start_paused = true)]
async fn server_without_response_times_out() {
    let (listener, to) = listen().await;
    tokio::spawn(async move {
        let connection = accept(&listener).await;
        std::future::pending::<()>().await;
        drop(connection);
    });
    let error = client().send(post(&to)).await.unwrap_err();
    assert!(
        matches!(
            error,
            HttpError::Timeout {
                stage: TimeoutPhase::Waiting,
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn stalled_handshake_is_a_connect_timeout() {
    let (listener, to) = listen().await;
    tokio::spawn(async move {
        let connections = (listener.accept().await, listener.accept().await);
        std::future::pending::<()>().await;
        drop(connections);
    });
    let started = Instant::now();
    let to = url(&to.as_str().replace("http:", "https:"));
    let error = client().send(post(&to).no_retry()).await.unwrap_err();
    if matches!(error, HttpError::Setup { .. }) {
        return; // no system certificates
    }
    assert!(
        matches!(
            error,
            HttpError::Timeout {
                stage: TimeoutPhase::Connecting,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(started.elapsed().as_secs(), CONNECT_TIMEOUT.as_secs());
}

const JSON: &str = r#"{"access_token":"a"}"#;

#[tokio::test]
async fn unusual_header_blocks_are_accepted() {
    let length = format!("content-length: {}\r\n", JSON.len());
    let many = (0..200).fold(String::new(), |many, n| many + &format!("x-{n}: {n}\r\n"));
    for headers in [
        "x-long: one\r\n  two\r\n\tthree\r\n",
        "x-space : 1\r\n",
        "a stray line\r\n",
        "x-control: a\u{1}b\r\n",
        ": no name\r\n",
        "content-type: application/json; charset=iso-8859-1\r\n",
        "x-latin: caf\u{e9}\r\n",
        &many,
    ] {
        let (listener, to) = listen().await;
        let raw = format!("HTTP/1.1 200 OK\r\n{headers}{length}\r\n{JSON}");
        let server = tokio::spawn(respond_once(listener, raw));
        let response = client().send(post(&to)).await;
        let response = response.unwrap_or_else(|error| panic!("{headers}: {error:?}"));
        assert_eq!(response.body.as_slice(), JSON.as_bytes(), "{headers}");
        let request = server.await.unwrap();
        assert!(
            request.contains("accept-encoding: identity\r\n"),
            "{request}"
        );
    }
}

#[tokio::test]
async fn whole_json_is_accepted_although_the_connection_breaks() {
    let chunk = format!("{:x}\r\n{JSON}\r\n", JSON.len());
    for (headers, body) in [
        ("content-length: 500\r\n", JSON),
        ("transfer-encoding: chunked\r\n", &chunk),
    ] {
        let (listener, to) = listen().await;
        let raw = format!("HTTP/1.1 200 OK\r\n{headers}\r\n{body}");
        tokio::spawn(respond_once(listener, raw));
        let response = client().send(post(&to)).await.unwrap();
        assert_eq!(response.body.as_slice(), JSON.as_bytes(), "{headers}");
    }
}

#[tokio::test]
async fn lost_response_is_reported_as_interrupted() {
    let responses = [
        "",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf",
        "SSH-2.0-OpenSSH_9.6\r\n",
    ];
    for response in responses {
        let (listener, to) = listen().await;
        tokio::spawn(respond_once(listener, response));
        let error = client().send(post(&to)).await.unwrap_err();
        assert!(
            matches!(error, HttpError::Interrupted { .. }),
            "{response}: {error:?}"
        );
        let text = format!("{error} {error:?}");
        assert!(
            !text.contains("secret=query") && !text.contains("OpenSSH"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn server_without_tls_is_a_tls_error() {
    let (listener, to) = listen().await;
    tokio::spawn(respond_once(listener, "HTTP/1.1 400 Bad Request\r\n\r\n"));
    let to = url(&to.as_str().replace("http:", "https:"));
    let error = client().send(post(&to)).await.unwrap_err();
    let expected = matches!(error, HttpError::Tls { .. } | HttpError::Setup { .. });
    assert!(expected, "{error:?}");
}

#[tokio::test]
async fn each_client_kind_is_built_once() {
    let kinds = [
        ("http://127.0.0.1/", ClientKind::Plain),
        ("https://localhost/", ClientKind::SecureLoopback),
        ("https://[::1]/", ClientKind::SecureLoopback),
        ("https://example.com/", ClientKind::Secure),
        ("https://localhost.example.com/", ClientKind::Secure),
    ];
    for (text, kind) in kinds {
        assert_eq!(
            ClientKind::for_request(&Request::get(url(text)), None),
            kind,
            "{text}"
        );
    }
}
