//! An HTTP client that sends each request on a connection of its own and returns the bytes of the response as text.

use std::{
    io::{Read as _, Write as _},
    net::{TcpStream, ToSocketAddrs},
};

use super::process::LIMIT;

/// Returns the response, with its head, to a request that asks the server to close the connection.
#[cfg(feature = "sandbox")]
pub(crate) fn exchange(address: impl ToSocketAddrs, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

/// Returns what arrives until the connection ends in any way: the server may close it before it has read everything.
pub(crate) fn send_bytes(address: impl ToSocketAddrs, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    let _ = stream.write_all(bytes);
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response);
    String::from_utf8_lossy(&response).into_owned()
}
