//! Connections that a fault can close or reset without a response.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

const OPEN: u8 = 0;
const CLOSED: u8 = 1;
const RESET: u8 = 2;
const REPLACED: u8 = 3;

/// Accepts connections that have a [`ConnectionHandle`].
pub(crate) struct BreakableListener(pub(crate) TcpListener);

/// Lets a request break its own connection.
#[derive(Clone)]
pub(crate) struct ConnectionHandle(Arc<State>);

#[derive(Default)]
struct State {
    mode: AtomicU8,
    /// The rest of the bytes that are sent instead of the response.
    replacement: Mutex<Vec<u8>>,
}

impl ConnectionHandle {
    /// Sends nothing more: the next write closes the connection with a FIN.
    pub(super) fn close(&self) {
        self.0.mode.store(CLOSED, Ordering::Release);
    }

    /// Sends nothing more: the next write resets the connection (RST).
    pub(super) fn reset(&self) {
        self.0.mode.store(RESET, Ordering::Release);
    }

    /// Sends these bytes instead of what the server writes from now on.
    pub(super) fn replace(&self, raw: Vec<u8>) {
        *self.replacement() = raw;
        self.0.mode.store(REPLACED, Ordering::Release);
    }

    fn replacement(&self) -> std::sync::MutexGuard<'_, Vec<u8>> {
        self.0
            .replacement
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected<IncomingStream<'_, BreakableListener>> for ConnectionHandle {
    fn connect_info(stream: IncomingStream<'_, BreakableListener>) -> Self {
        stream.io().handle.clone()
    }
}

impl Listener for BreakableListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        let handle = ConnectionHandle(Arc::default());
        (Connection { stream, handle }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

pub(crate) struct Connection {
    stream: TcpStream,
    handle: ConnectionHandle,
}

impl Connection {
    /// Returns an error if the connection must end. The server then drops it, which sends a FIN, or an RST with zero linger.
    fn check(&self) -> io::Result<()> {
        match self.handle.0.mode.load(Ordering::Acquire) {
            OPEN | REPLACED => return Ok(()),
            RESET => self.stream.set_zero_linger()?,
            _ => {}
        }
        Err(io::ErrorKind::ConnectionAborted.into())
    }
}

impl Connection {
    /// Writes the rest of the replacement, then reports `length` bytes of the server as written.
    fn poll_write_replacement(
        &mut self,
        context: &mut Context<'_>,
        length: usize,
    ) -> Poll<io::Result<usize>> {
        let mut rest = self.handle.replacement();
        while !rest.is_empty() {
            match Pin::new(&mut self.stream).poll_write(context, &rest) {
                Poll::Ready(Ok(written)) => drop(rest.drain(..written)),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(Ok(length))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        if self.handle.0.mode.load(Ordering::Acquire) == REPLACED {
            return self.poll_write_replacement(context, bytes.len());
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A shutdown would send a FIN before the reset.
        self.check()?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        if self.handle.0.mode.load(Ordering::Acquire) == REPLACED {
            let length = slices.iter().map(|slice| slice.len()).sum();
            return self.poll_write_replacement(context, length);
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
