use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

use super::super::testing::{accept, listen, url, write};
use super::super::{CONNECT_TIMEOUT, Client, ConnectFailure, Method, Request, WireLog};
use super::*;

fn client() -> Client {
    Client::new(std::sync::Arc::new(Network::default()), WireLog::silent())
}

fn post(to: &url::Url) -> Request {
    Request::new(Method::POST, to.clone()).form(&[("token", "hunter2")])
}

/// Answers one request with `answer`, then closes; hands back the request.
async fn once(listener: TcpListener, answer: impl AsRef<[u8]>) -> String {
    let (stream, request) = accept(&listener).await;
    write(&stream, answer.as_ref()).await;
    request
}

#[tokio::test]
async fn request_and_response_are_transferred_unchanged() {
    let (listener, to) = listen().await;
    let answer = "HTTP/1.1 201 Created\r\ncontent-length: 4\r\nx-request-id: 7\r\n\r\ndone";
    let server = tokio::spawn(once(listener, answer));
    let answer = client().send(post(&to)).await.unwrap();
    assert_eq!(
        (answer.status.as_u16(), answer.body.as_slice()),
        (201, b"done".as_slice())
    );
    assert_eq!(answer.request_id().as_deref(), Some("7"));
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
            continue; // a computer without IPv6
        };
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(once(listener, "HTTP/1.1 204 No Content\r\n\r\n"));
        let answer = client()
            .send(Request::get(url(&format!("http://{host}:{port}/"))))
            .await;
        assert_eq!(answer.unwrap().status, 204, "{bind} {host}");
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
    let place = format!("http://127.0.0.1:{}/path", to.port().unwrap());
    assert_eq!(
        text,
        format!("could not connect to {place}: connection refused")
    );
}

#[tokio::test]
async fn fifty_megabytes_are_not_read() {
    let announced = b"HTTP/1.1 200 OK\r\ncontent-length: 52428800\r\n\r\n".to_vec();
    let mut streamed = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    streamed.resize(50 * 1024 * 1024, b'x');
    for answer in [announced, streamed] {
        let (listener, to) = listen().await;
        let server = tokio::spawn(once(listener, answer));
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
                stage: TimeoutPhase::Reading,
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
        let held = accept(&listener).await;
        std::future::pending::<()>().await;
        drop(held);
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
        let held = (listener.accept().await, listener.accept().await);
        std::future::pending::<()>().await;
        drop(held);
    });
    let started = Instant::now();
    let to = url(&to.as_str().replace("http:", "https:"));
    let error = client().send(post(&to).no_retry()).await.unwrap_err();
    if matches!(error, HttpError::Setup { .. }) {
        return; // a computer without certificates
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

#[tokio::test]
async fn lost_response_is_reported_as_interrupted() {
    let answers = [
        "",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf",
        "SSH-2.0-OpenSSH_9.6\r\n",
    ];
    for answer in answers {
        let (listener, to) = listen().await;
        tokio::spawn(once(listener, answer));
        let error = client().send(post(&to)).await.unwrap_err();
        assert!(
            matches!(error, HttpError::Interrupted { .. }),
            "{answer}: {error:?}"
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
    tokio::spawn(once(listener, "HTTP/1.1 400 Bad Request\r\n\r\n"));
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
        assert_eq!(ClientKind::for_url(&url(text), None), kind, "{text}");
    }
}
