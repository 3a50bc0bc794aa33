//! Where the proxy listens: loopback, or a Unix socket that only its user can open.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use tokio::net::{TcpListener, TcpStream, UnixStream};

use super::check::OwnHosts;
use super::unix_socket::{OwnSocket, SocketError};

/// The value of `--listen`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListenAddress {
    /// `127.0.0.1:PORT` or `[::1]:PORT`; port 0 selects a free one.
    Loopback(SocketAddr),
    /// `unix:PATH`
    Unix(PathBuf),
}

impl Default for ListenAddress {
    fn default() -> Self {
        Self::Loopback((Ipv4Addr::LOCALHOST, 0).into())
    }
}

impl FromStr for ListenAddress {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("unix:") {
            if path.is_empty() {
                return Err("expected the path of the socket after unix:");
            }
            return Ok(Self::Unix(path.into()));
        }
        let numeric = match text.strip_prefix("localhost:") {
            Some(port) => format!("{}:{port}", Ipv4Addr::LOCALHOST),
            None => text.to_owned(),
        };
        let address: SocketAddr = numeric
            .parse()
            .map_err(|_| "expected 127.0.0.1:PORT, [::1]:PORT or unix:PATH")?;
        let loopback: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        if loopback.contains(&address.ip()) {
            return Ok(Self::Loopback(address));
        }
        Err("the proxy listens only on 127.0.0.1, [::1] or a Unix socket")
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Loopback(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error("cannot listen on {address}")]
    Address {
        address: SocketAddr,
        #[source]
        source: io::Error,
    },
    #[error(transparent)]
    Socket(#[from] SocketError),
}

/// An open listener. A Unix socket is removed when this is dropped.
#[derive(Debug)]
pub enum Listener {
    Loopback(TcpListener, SocketAddr),
    Unix(OwnSocket),
}

/// A connection of a client.
pub(super) enum Stream {
    Loopback(TcpStream),
    Unix(UnixStream),
}

impl Listener {
    /// Starts to listen. Requires a runtime.
    ///
    /// # Errors
    /// [`ListenError`].
    pub async fn bind(address: &ListenAddress) -> Result<Self, ListenError> {
        match address {
            ListenAddress::Unix(path) => Ok(Self::Unix(OwnSocket::bind(path).await?)),
            ListenAddress::Loopback(address) => {
                let failed = |source| ListenError::Address {
                    address: *address,
                    source,
                };
                let listener = TcpListener::bind(address).await.map_err(failed)?;
                let bound = listener.local_addr().map_err(failed)?;
                Ok(Self::Loopback(listener, bound))
            }
        }
    }

    /// Returns the start of the URL. Clients of a Unix socket send `Host: localhost`.
    pub fn origin(&self) -> String {
        match self {
            Self::Loopback(_, address) => format!("http://{address}"),
            Self::Unix(_) => "http://localhost".to_owned(),
        }
    }

    pub(super) fn own_hosts(&self) -> OwnHosts {
        match self {
            Self::Loopback(_, address) => OwnHosts::with_port(address.port()),
            Self::Unix(_) => OwnHosts::with_any_port(),
        }
    }

    pub(super) async fn accept(&self) -> io::Result<Stream> {
        match self {
            Self::Loopback(listener, _) => {
                let (stream, _) = listener.accept().await?;
                // Parts of an event stream are sent at once.
                stream.set_nodelay(true)?;
                Ok(Stream::Loopback(stream))
            }
            Self::Unix(socket) => Ok(Stream::Unix(socket.accept().await?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_and_unix_sockets_are_accepted() {
        for (text, expected) in [
            ("127.0.0.1:0", "127.0.0.1:0"),
            ("localhost:8080", "127.0.0.1:8080"),
            ("[::1]:1", "[::1]:1"),
            ("unix:/run/x.sock", "unix:/run/x.sock"),
        ] {
            let address: ListenAddress = text.parse().unwrap();
            assert_eq!(address.to_string(), expected);
        }
        for text in [
            "",
            "0.0.0.0:0",
            "[::]:0",
            "192.168.1.1:80",
            "127.0.0.2:1",
            "8080",
            "127.0.0.1",
            "unix:",
            "example.com:80",
            "[::ffff:127.0.0.1]:1",
            "127.0.0.1:99999",
        ] {
            assert!(text.parse::<ListenAddress>().is_err(), "{text}");
        }
    }
}
