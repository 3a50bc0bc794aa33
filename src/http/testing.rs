//! Test doubles: a transport whose responses come from a function, and raw servers on loopback.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tokio::io::Interest;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use url::Url;

use super::{Client, HeaderName, HeaderValue, HttpError, Request, Response, Transport, WireLog};

type Handler = dyn Fn(usize, &Request) -> Result<Response, HttpError> + Send + Sync;

/// A transport that calls a function for each response and records the requests.
pub(crate) struct Stub {
    handler: Box<Handler>,
    seen: Mutex<Vec<(Instant, Request)>>,
}

impl Stub {
    /// Creates a client over `handler`, whose first argument is the number of earlier requests.
    pub(crate) fn client(
        handler: impl Fn(usize, &Request) -> Result<Response, HttpError> + Send + Sync + 'static,
    ) -> (Client, Arc<Self>) {
        let stub = Arc::new(Self {
            handler: Box::new(handler),
            seen: Mutex::default(),
        });
        (Client::new(stub.clone(), WireLog::silent()), stub)
    }

    /// Creates a client that always receives the same response.
    pub(crate) fn responding(status: u16, body: &str) -> (Client, Arc<Self>) {
        let body = body.to_owned();
        Self::client(move |_, _| Ok(response(status, &body)))
    }

    pub(crate) fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// Returns the fields of each form that was sent.
    pub(crate) fn forms(&self) -> Vec<Vec<(String, String)>> {
        let seen = self.seen.lock().unwrap();
        let fields = |request: &Request| {
            url::form_urlencoded::parse(request.body())
                .into_owned()
                .collect()
        };
        seen.iter().map(|(_, request)| fields(request)).collect()
    }

    pub(crate) fn bodies(&self) -> Vec<Vec<u8>> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .map(|(_, request)| request.body().to_vec())
            .collect()
    }

    pub(crate) fn urls(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .map(|(_, request)| request.url().to_string())
            .collect()
    }

    /// Returns the whole seconds from `start` to each request.
    pub(crate) fn seconds_since(&self, start: Instant) -> Vec<u64> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .map(|(at, _)| at.duration_since(start).as_secs())
            .collect()
    }
}

#[async_trait]
impl Transport for Stub {
    async fn send(&self, request: &Request) -> Result<Response, HttpError> {
        let before = {
            let mut seen = self.seen.lock().unwrap();
            seen.push((Instant::now(), request.clone()));
            seen.len() - 1
        };
        (self.handler)(before, request)
    }
}

/// Creates a response with a body and a content type guessed from it.
pub(crate) fn response(status: u16, body: &str) -> Response {
    let kind = if body.starts_with('<') {
        "text/html"
    } else {
        "application/json"
    };
    Response {
        status: super::StatusCode::from_u16(status).unwrap(),
        headers: [(super::header::CONTENT_TYPE, HeaderValue::from_static(kind))]
            .into_iter()
            .collect(),
        body: body.as_bytes().to_vec().into(),
    }
}

/// Creates a [`response`] with an additional header.
pub(crate) fn response_with_header(status: u16, header: &'static str, value: &str) -> Response {
    let mut response = response(status, "{}");
    let value = HeaderValue::from_str(value).unwrap();
    response
        .headers
        .insert(HeaderName::from_static(header), value);
    response
}

pub(crate) fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// Opens a listener on a free loopback port and returns it with its URL.
pub(crate) async fn listen() -> (TcpListener, Url) {
    let address: SocketAddr = ([127, 0, 0, 1], 0).into();
    let listener = TcpListener::bind(address).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (
        listener,
        url(&format!(
            "http://127.0.0.1:{port}/path?secret=query#fragment"
        )),
    )
}

/// Accepts one connection and reads its request.
pub(crate) async fn accept(listener: &TcpListener) -> (TcpStream, String) {
    let (stream, _) = listener.accept().await.unwrap();
    let mut request = vec![0; 16 * 1024];
    loop {
        stream.ready(Interest::READABLE).await.unwrap();
        match stream.try_read(&mut request) {
            Ok(length) => {
                return (
                    stream,
                    String::from_utf8_lossy(&request[..length]).into_owned(),
                );
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => panic!("{error}"),
        }
    }
}

/// Writes all of `bytes`; returns false if the connection was closed.
pub(crate) async fn write(stream: &TcpStream, mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        if stream.writable().await.is_err() {
            return false;
        }
        match stream.try_write(bytes) {
            Ok(length) => bytes = &bytes[length..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return false,
        }
    }
    true
}
