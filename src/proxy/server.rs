//! Accepts connections and serves them until the proxy ends.

use std::io;
use std::pin::{Pin, pin};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use hyper::rt::{Read, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use super::gateway::{Gateway, Settings, Upstream};
use super::listen::{Listener, Stream};

/// Connections at the same time; more wait in the queue of the system. Each needs two descriptors, of 1024 by default.
const MAX_CONNECTIONS: usize = 256;

/// The limit for the head of a request, in bytes.
const MAX_HEAD: usize = 64 * 1024;
const MAX_HEADERS: usize = 200;

/// The time limit for the head of a request; an idle connection is closed after it.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);

/// The pause after a connection could not be accepted, for example without free descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

type Connections<'a> = FuturesUnordered<Pin<Box<dyn Future<Output = ()> + 'a>>>;

/// Serves until `stop` completes. Then requests in progress have the time `grace`, and what must not be interrupted
/// completes.
pub async fn serve(
    listener: Listener,
    settings: &Settings,
    upstream: &dyn Upstream,
    stop: impl Future<Output = ()>,
    grace: Duration,
) {
    let gateway = Gateway {
        settings,
        upstream,
        hosts: listener.own_hosts(),
    };
    let (stopping, _) = watch::channel(());
    let mut connections = Connections::new();
    let mut background = pin!(upstream.run());
    tokio::select! {
        () = accept(&listener, &gateway, &stopping, &mut connections) => {}
        () = &mut background => {}
        () = stop => {}
    }
    drop(listener);
    stopping.send_replace(());
    let drained = async {
        let _late = timeout(grace, async { while connections.next().await.is_some() {} }).await;
        upstream.finish().await;
    };
    tokio::select! {
        () = drained => {}
        () = background => {}
    }
}

/// Accepts and serves connections. Never returns.
async fn accept<'a>(
    listener: &Listener,
    gateway: &'a Gateway<'a>,
    stopping: &watch::Sender<()>,
    connections: &mut Connections<'a>,
) {
    let mut resumes_at = Instant::now();
    loop {
        let is_paused = Instant::now() < resumes_at;
        let has_capacity = connections.len() < MAX_CONNECTIONS;
        tokio::select! {
            Some(()) = connections.next() => {}
            () = sleep_until(resumes_at), if is_paused => {}
            accepted = listener.accept(), if has_capacity && !is_paused => match accepted {
                Ok(Stream::Loopback(stream)) => {
                    connections.push(Box::pin(serve_one(TokioIo::new(stream), gateway, stopping.subscribe())));
                }
                Ok(Stream::Unix(stream)) => {
                    connections.push(Box::pin(serve_one(TokioIo::new(stream), gateway, stopping.subscribe())));
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(_) => resumes_at = Instant::now() + ACCEPT_PAUSE,
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::NotConnected
    )
}

async fn serve_one<'a>(
    io: impl Read + Write + Unpin + 'a,
    gateway: &'a Gateway<'a>,
    mut stopping: watch::Receiver<()>,
) {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_header_size(MAX_HEAD)
        .max_buf_size(MAX_HEAD + 16 * 1024);
    let service = service_fn(|request| gateway.handle(request));
    let mut connection = pin!(builder.serve_connection(io, service));
    // A failure is the client's, or is in the record of its request.
    tokio::select! {
        _ended = connection.as_mut() => {}
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ended = connection.await;
        }
    }
}
