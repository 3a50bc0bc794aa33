use std::io;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::time::{Duration, Instant, sleep};

use super::super::testing::{accept, listen, write};
use super::super::{
    BODY_LIMIT, Client, EXCHANGE_TIMEOUT, HeaderName, Method, Request, RequestBody, WireLog,
};
use super::*;
use crate::domain::Secret;

fn client() -> Client {
    Client::new(std::sync::Arc::new(Network::default()), WireLog::silent())
}

async fn text(mut response: StreamedResponse) -> Result<String, HttpError> {
    let mut text = String::new();
    while let Some(chunk) = response.body.chunk().await? {
        text.push_str(&String::from_utf8_lossy(&chunk));
    }
    Ok(text)
}

#[tokio::test]
async fn response_is_returned_before_its_body_ends() {
    let (listener, to) = listen().await;
    let (release, released) = tokio::sync::oneshot::channel::<()>();
    tokio::spawn(async move {
        let (stream, _) = accept(&listener).await;
        write(&stream, b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\none").await;
        released.await.ok();
        write(&stream, b"two").await;
    });
    let request = Request::get(to);
    let opened = client().open(&request, RequestBody::none()).await;
    let mut opened = opened.unwrap();
    assert_eq!(opened.body.chunk().await.unwrap().unwrap(), "one");
    assert!(!release.is_closed());
    release.send(()).unwrap();
    assert_eq!(text(opened).await.unwrap(), "two");
}

#[tokio::test]
async fn response_larger_than_the_buffered_limit_is_streamed() {
    let (listener, to) = listen().await;
    tokio::spawn(async move {
        let (stream, _) = accept(&listener).await;
        write(&stream, b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await;
        for _ in 0..4 {
            write(&stream, &vec![b'x'; BODY_LIMIT]).await;
        }
    });
    let request = Request::get(to);
    let opened = client().open(&request, RequestBody::none()).await;
    let mut opened = opened.unwrap();
    let mut length = 0;
    while let Some(chunk) = opened.body.chunk().await.unwrap() {
        length += chunk.len();
    }
    assert_eq!(length, 4 * BODY_LIMIT);
}

#[tokio::test]
async fn stream_of_known_length_is_sent_with_it_and_another_in_chunks() {
    for (length, header, framed) in [
        (Some(6), "content-length: 6\r\n", "onetwo"),
        (
            None,
            "transfer-encoding: chunked\r\n",
            "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n",
        ),
    ] {
        let (listener, to) = listen().await;
        let server = tokio::spawn(async move {
            let (stream, mut request) = accept(&listener).await;
            while !request.ends_with(framed) {
                stream.readable().await.unwrap();
                let mut more = [0; 100];
                if let Ok(length) = stream.try_read(&mut more) {
                    request.push_str(&String::from_utf8_lossy(&more[..length]));
                }
            }
            write(&stream, b"HTTP/1.1 204 No Content\r\n\r\n").await;
            request
        });
        let chunks = stream::iter(["one", "two"]).then(|chunk| async move {
            sleep(Duration::from_millis(10)).await;
            io::Result::Ok(Bytes::from(chunk))
        });
        let request = Request::new(Method::PUT, to);
        let body = RequestBody::stream(chunks, length);
        let opened = client().open(&request, body).await;
        assert_eq!(opened.unwrap().status, 204);
        let received = server.await.unwrap();
        assert!(received.contains(header), "{received}");
    }
}

#[tokio::test]
async fn source_that_fails_or_changes_its_length_fails_the_request() {
    let failing = || stream::iter([Ok(Bytes::from("one")), Err(io::Error::other("disk broken"))]);
    let short = || stream::iter([io::Result::Ok(Bytes::from("one"))]);
    for (body, cause) in [
        (RequestBody::stream(failing(), None), "disk broken"),
        (RequestBody::stream(short(), Some(9)), "became shorter"),
        (RequestBody::stream(short(), Some(2)), "became longer"),
    ] {
        let (listener, to) = listen().await;
        tokio::spawn(async move {
            let (_stream, _) = accept(&listener).await;
            std::future::pending::<()>().await;
        });
        let error = client().open(&Request::new(Method::PUT, to), body).await;
        let error = error.unwrap_err().to_string();
        assert!(error.contains(cause), "{error}");
    }
}

#[tokio::test]
async fn stream_is_not_sent_twice_and_bytes_are() {
    for (is_stream, expected) in [(true, 503), (false, 200)] {
        let (listener, to) = listen().await;
        tokio::spawn(async move {
            for status in ["503 Unavailable", "200 OK"] {
                let (stream, _) = accept(&listener).await;
                let response = format!("HTTP/1.1 {status}\r\nconnection: close\r\n\r\n");
                write(&stream, response.as_bytes()).await;
            }
        });
        let bytes = Bytes::from("data");
        let body = if is_stream {
            RequestBody::stream(stream::iter([io::Result::Ok(bytes)]), Some(4))
        } else {
            RequestBody::Bytes(bytes)
        };
        let opened = client().open(&Request::new(Method::PUT, to), body).await;
        assert_eq!(opened.unwrap().status.as_u16(), expected);
    }
}

#[tokio::test]
async fn silent_server_fails_the_body_after_the_idle_timeout() {
    let (listener, to) = listen().await;
    tokio::spawn(async move {
        let (stream, _) = accept(&listener).await;
        write(&stream, b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\none").await;
        std::future::pending::<()>().await;
    });
    let opened = client().open(&Request::get(to), RequestBody::none()).await;
    let mut opened = opened.unwrap();
    let started = Instant::now();
    opened
        .body
        .set_idle_timeout(Some(Duration::from_millis(50)));
    let error = text(opened).await.unwrap_err();
    assert!(
        matches!(
            error,
            HttpError::Timeout {
                stage: TimeoutPhase::Reading(StatusCode::OK),
                ..
            }
        ),
        "{error}"
    );
    assert!(started.elapsed() < EXCHANGE_TIMEOUT);
}

#[tokio::test]
async fn redirect_is_returned_and_echoed_secret_is_redacted_in_headers_and_found_in_the_body() {
    let (listener, to) = listen().await;
    tokio::spawn(async move {
        let (stream, _) = accept(&listener).await;
        let head = "HTTP/1.1 302 Found\r\nlocation: /x?t=hunter2-key\r\nconnection: close\r\n\r\n";
        write(&stream, format!("{head}was hunter2-key").as_bytes()).await;
    });
    let origin = to.origin().ascii_serialization().parse().unwrap();
    let key = Secret::new("Token hunter2-key");
    let request = Request::get(to);
    let request = request.authorize(&origin, HeaderName::from_static("authorization"), &key);
    let opened = client().open(&request.unwrap(), RequestBody::none()).await;
    let opened = opened.unwrap();
    assert_eq!(opened.head().header("location"), Some("/x?t=[secret]"));
    let mut scanner = opened.secret_scanner();
    let body = text(opened).await.unwrap();
    assert_eq!(scanner.scan(body.into()), "was [secret]");
    assert!(scanner.has_found());
}
