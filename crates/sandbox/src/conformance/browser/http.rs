//! The requests of the browser.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;
use url::{Position, Url};

use super::USER_AGENT;

/// A client may exchange the code before it responds.
const RESPONSE_LIMIT: Duration = Duration::from_secs(30);

/// A connection to an address that does not exist may never be refused.
const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// Larger than any page.
const MAX_RESPONSE: usize = 256 * 1024;

pub(super) async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let connected = timeout(CONNECT_LIMIT, TcpStream::connect(address)).await;
    connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Sends a `GET` request and returns the head and the body of the response.
pub(super) async fn get(stream: TcpStream, url: &Url) -> io::Result<String> {
    let target = &url[Position::BeforePath..Position::AfterQuery];
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {USER_AGENT}\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    );
    write(&stream, request.as_bytes()).await?;
    let mut response = Vec::new();
    // A client that exits may break the connection.
    let _ended = timeout(RESPONSE_LIMIT, read(&stream, &mut response)).await;
    Ok(String::from_utf8_lossy(&response).into_owned())
}

async fn write(stream: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        stream.writable().await?;
        match stream.try_write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Reads until the end of the connection.
async fn read(stream: &TcpStream, into: &mut Vec<u8>) -> io::Result<()> {
    let mut block = [0; 4096];
    while into.len() < MAX_RESPONSE {
        stream.readable().await?;
        match stream.try_read(&mut block) {
            Ok(0) => break,
            Ok(count) => into.extend(&block[..count]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Returns the `Location` of a redirect.
pub(super) fn location(response: &str) -> Option<Url> {
    let (head, _) = response.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?;
    if !status.starts_with('3') {
        return None;
    }
    let found = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("location").then(|| value.trim())
    });
    Url::parse(found?).ok()
}
