//! Receives the redirect of a browser login on loopback (RFC 8252 §7.3).
//!
//! Every program and every web page on this machine can connect, so that each connection has a time and size limit, and
//! only a `GET` of the callback's path with the listener's own `Host` counts. Whether a request belongs to the login is
//! decided by the caller.

mod head;
mod page;

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::time::Duration;

use futures_util::future::select_all;
use tokio::io::AsyncWrite as _;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{sleep, timeout};
use url::{Position, Url};
use zeroize::Zeroizing;

use crate::domain::Secret;

use head::{MAX_HEAD, Rejection};
pub use page::CallbackOutcome;

const PATH: &str = "/callback";

/// How long a connection may take to send its request, or to receive the response.
const CONNECTION_LIMIT: Duration = Duration::from_secs(10);

/// How many connections are read at a time; a further one replaces the oldest.
const MAX_CONNECTIONS: usize = 64;

/// How much of a rejected request is read after the response, so that the client receives the response.
const MAX_DRAINED: usize = 256 * 1024;

/// The host name in the redirect URI. Servers accept any port of a loopback address (RFC 8252 §7.3); `localhost` is for
/// servers that compare it with a registered URI.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CallbackHost {
    /// `127.0.0.1`, or `[::1]` on a machine without IPv4.
    #[default]
    Loopback,
    Localhost,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallbackAddress {
    pub host: CallbackHost,
    /// A free port if omitted.
    pub port: Option<u16>,
}

impl CallbackAddress {
    /// Returns the redirect URI of this address, for a login without a listener.
    pub fn redirect_uri(self, port: u16) -> Option<Url> {
        let host = match self.host {
            CallbackHost::Loopback => "127.0.0.1",
            CallbackHost::Localhost => "localhost",
        };
        Url::parse(&format!("http://{host}:{port}{PATH}")).ok()
    }
}

/// Listens until it is dropped.
#[derive(Debug)]
pub struct LoopbackListener {
    sockets: Vec<TcpListener>,
    redirect_uri: Url,
    connections: JoinSet<Option<CallbackRequest>>,
    /// Oldest first.
    handles: VecDeque<AbortHandle>,
}

/// A valid request to the callback's path, which waits for its response.
#[derive(Debug)]
pub struct CallbackRequest {
    /// The query; it may contain an authorization code.
    pub query: Secret,
    stream: TcpStream,
}

impl LoopbackListener {
    /// Starts to listen. Requires a runtime.
    ///
    /// # Errors
    /// If the port is in use, or the machine has no loopback address.
    pub fn bind(address: CallbackAddress) -> io::Result<Self> {
        let sockets = match address.host {
            CallbackHost::Loopback => vec![bind_loopback(address.port)?],
            CallbackHost::Localhost => bind_localhost(address.port)?,
        };
        let bound = sockets.first().map(TcpListener::local_addr);
        let bound = bound.ok_or(io::ErrorKind::AddrNotAvailable)??;
        let text = match address.host {
            CallbackHost::Loopback => format!("http://{bound}{PATH}"),
            CallbackHost::Localhost => format!("http://localhost:{}{PATH}", bound.port()),
        };
        Ok(Self {
            sockets,
            redirect_uri: Url::parse(&text).map_err(io::Error::other)?,
            connections: JoinSet::new(),
            handles: VecDeque::new(),
        })
    }

    pub fn redirect_uri(&self) -> &Url {
        &self.redirect_uri
    }

    /// Returns the next valid request. Sends an error to all others. May be cancelled and called again.
    pub async fn next_request(&mut self) -> CallbackRequest {
        loop {
            let has_connections = !self.connections.is_empty();
            tokio::select! {
                accepted = accept(&self.sockets) => match accepted {
                    Ok(stream) => self.add_connection(stream),
                    // For example too many open files: a busy loop would not help.
                    Err(_) => sleep(Duration::from_millis(100)).await,
                },
                done = self.connections.join_next(), if has_connections => {
                    if let Some(Ok(Some(request))) = done {
                        return request;
                    }
                }
            }
        }
    }

    fn add_connection(&mut self, stream: TcpStream) {
        self.handles.retain(|handle| !handle.is_finished());
        if self.handles.len() >= MAX_CONNECTIONS
            && let Some(oldest) = self.handles.pop_front()
        {
            oldest.abort();
        }
        let host = self.redirect_uri[Position::BeforeHost..Position::AfterPort].to_owned();
        let connection = self.connections.spawn(receive(stream, host));
        self.handles.push_back(connection);
    }
}

impl CallbackRequest {
    /// Sends the page for `outcome`. The browser may close the connection early, which does not matter.
    pub async fn respond(mut self, outcome: CallbackOutcome) {
        let page = page::render(outcome);
        let _closed_early = timeout(CONNECTION_LIMIT, send(&mut self.stream, &page)).await;
    }
}

/// The IPv6 address is a fallback for a machine without IPv4, not for a port that is in use.
fn bind_loopback(port: Option<u16>) -> io::Result<TcpListener> {
    match listen(Ipv4Addr::LOCALHOST.into(), port) {
        Err(error) if error.kind() != io::ErrorKind::AddrInUse => {
            listen(Ipv6Addr::LOCALHOST.into(), port).map_err(|_| error)
        }
        bound => bound,
    }
}

/// A browser resolves `localhost` to either address. Another program at the second one would receive the code.
fn bind_localhost(port: Option<u16>) -> io::Result<Vec<TcpListener>> {
    let first = bind_loopback(port)?;
    let bound = first.local_addr()?;
    if bound.is_ipv6() {
        return Ok(vec![first]);
    }
    match listen(Ipv6Addr::LOCALHOST.into(), Some(bound.port())) {
        Ok(second) => Ok(vec![first, second]),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(error),
        Err(_) => Ok(vec![first]),
    }
}

fn listen(address: IpAddr, port: Option<u16>) -> io::Result<TcpListener> {
    let socket = match address {
        IpAddr::V4(_) => TcpSocket::new_v4()?,
        IpAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Another login may follow at the same port at once, which requires the option on both sockets; a port that another
    // program listens on stays refused.
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::new(address, port.unwrap_or(0)))?;
    socket.listen(128)
}

async fn accept(sockets: &[TcpListener]) -> io::Result<TcpStream> {
    let accepting = sockets.iter().map(|socket| Box::pin(socket.accept()));
    let (accepted, _, _) = select_all(accepting).await;
    Ok(accepted?.0)
}

/// Reads a request, and sends an error unless it is one for the caller.
async fn receive(stream: TcpStream, host: String) -> Option<CallbackRequest> {
    let head = timeout(CONNECTION_LIMIT, read_head(&stream)).await;
    let query = match head {
        Ok(Ok(head)) => head::query_of(&head, &host, PATH),
        Ok(Err(rejection)) => Err(rejection),
        Err(_) => Err(Rejection::Timeout),
    };
    match query {
        Ok(query) => Some(CallbackRequest { query, stream }),
        Err(Rejection::Closed) => None,
        Err(rejection) => {
            reject(stream, &page::render_rejection(rejection)).await;
            None
        }
    }
}

/// Reads until the empty line after the headers.
async fn read_head(stream: &TcpStream) -> Result<Zeroizing<Vec<u8>>, Rejection> {
    let mut head = Zeroizing::new(vec![0; MAX_HEAD]);
    let mut length = 0;
    loop {
        if length == head.len() {
            return Err(Rejection::TooLarge);
        }
        stream.readable().await.map_err(|_| Rejection::Closed)?;
        match stream.try_read(&mut head[length..]) {
            Ok(0) => return Err(Rejection::Closed),
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return Err(Rejection::Closed),
        }
        if head::is_complete(&head[..length]) {
            head.truncate(length);
            return Ok(head);
        }
    }
}

/// Sends the response to a rejected request and closes the connection.
async fn reject(mut stream: TcpStream, response: &str) {
    let sending = async {
        send(&mut stream, response).await?;
        drain(&stream).await
    };
    let _closed_early = timeout(CONNECTION_LIMIT, sending).await;
}

async fn send(stream: &mut TcpStream, response: &str) -> io::Result<()> {
    let mut bytes = response.as_bytes();
    while !bytes.is_empty() {
        stream.writable().await?;
        match stream.try_write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    std::future::poll_fn(|context| Pin::new(&mut *stream).poll_shutdown(context)).await
}

/// Reads the rest of the request: closing a connection with unread bytes resets it, and the client loses the response.
async fn drain(stream: &TcpStream) -> io::Result<()> {
    let (mut block, mut total) = ([0; 4096], 0);
    while total < MAX_DRAINED {
        stream.readable().await?;
        match stream.try_read(&mut block) {
            Ok(0) => break,
            Ok(read) => total += read,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
