//! Stand-ins for tests: a transport that answers by a function, and servers on loopback that misbehave on purpose.

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

/// A transport that asks a function, and remembers when it was asked what.
pub(crate) struct Stub {
    handler: Box<Handler>,
    seen: Mutex<Vec<(Instant, Request)>>,
}

impl Stub {
    /// A client over `handler`, which is told how many requests came before.
    pub(crate) fn client(
        handler: impl Fn(usize, &Request) -> Result<Response, HttpError> + Send + Sync + 'static,
    ) -> (Client, Arc<Self>) {
        let stub = Arc::new(Self {
            handler: Box::new(handler),
            seen: Mutex::default(),
        });
        (Client::new(stub.clone(), WireLog::silent()), stub)
    }

    /// A client that gets the same answer always.
    pub(crate) fn responding(status: u16, body: &str) -> (Client, Arc<Self>) {
        let body = body.to_owned();
        Self::client(move |_, _| Ok(response(status, &body)))
    }

    /// How many requests came.
    pub(crate) fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// The fields of each form that came.
    pub(crate) fn forms(&self) -> Vec<Vec<(String, String)>> {
        let seen = self.seen.lock().unwrap();
        let fields = |request: &Request| {
            url::form_urlencoded::parse(request.body())
                .into_owned()
                .collect()
        };
        seen.iter().map(|(_, request)| fields(request)).collect()
    }

    /// Where each request went.
    pub(crate) fn urls(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .map(|(_, request)| request.url().to_string())
            .collect()
    }

    /// Whole seconds from `start` to each request.
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

/// An answer with a body and a content type guessed from it.
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

/// [`answer`] with a header more.
pub(crate) fn response_with_header(status: u16, header: &'static str, value: &str) -> Response {
    let mut answer = response(status, "{}");
    let value = HeaderValue::from_str(value).unwrap();
    answer
        .headers
        .insert(HeaderName::from_static(header), value);
    answer
}

/// A URL that is one.
pub(crate) fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// A listener on a free loopback port, and its URL.
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

/// Accepts one connection and reads what fits into one request.
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

/// Writes all of `bytes`; `false` when the other side has gone.
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
