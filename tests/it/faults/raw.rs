//! A client that returns the bytes and how the connection ended.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::FaultServer;
use crate::support::process::LIMIT;

/// How the connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Closed,
    Reset,
    /// No further bytes within the timeout.
    Silence,
}

/// The response.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) bytes: Vec<u8>,
    pub(crate) end: End,
    /// The number of reads.
    pub(crate) reads: usize,
    pub(crate) took: Duration,
}

impl Wire {
    fn head_end(&self) -> Option<usize> {
        let end = self.bytes.windows(4).position(|it| it == b"\r\n\r\n")?;
        Some(end + 4)
    }

    fn head(&self) -> String {
        let end = self
            .head_end()
            .unwrap_or_else(|| panic!("no head: {self:?}"));
        String::from_utf8(self.bytes[..end].to_vec()).unwrap()
    }

    pub(crate) fn status(&self) -> u16 {
        self.head()[9..12].parse().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let head = self.head();
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.to_owned())
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.bytes[self.head_end().unwrap()..]
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(self.body()).unwrap_or_default()
    }
}

impl FaultServer {
    /// Sends the bytes and reads until the end.
    pub(crate) fn send(&self, bytes: &str) -> Wire {
        self.send_waiting(bytes, LIMIT)
    }

    /// Waits up to `patience` for each read.
    pub(crate) fn send_waiting(&self, bytes: &str, patience: Duration) -> Wire {
        let begun = Instant::now();
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(patience)).unwrap();
        stream.write_all(bytes.as_bytes()).unwrap();
        let mut wire = Wire {
            bytes: Vec::new(),
            end: End::Closed,
            reads: 0,
            took: Duration::ZERO,
        };
        let mut block = vec![0; 64 * 1024];
        wire.end = loop {
            match stream.read(&mut block) {
                Ok(0) => break End::Closed,
                Ok(count) => wire.bytes.extend(&block[..count]),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => break End::Reset,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break End::Silence,
                Err(error) => panic!("{error}"),
            }
            wire.reads += 1;
        };
        wire.took = begun.elapsed();
        wire
    }

    /// A request with these extra headers, each with its line end, and this body.
    pub(crate) fn request(&self, what: &str, headers: &str, body: &str) -> String {
        let (host, length) = (self.address, body.len());
        format!(
            "{what} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
        )
    }

    pub(crate) fn get(&self, path: &str) -> Wire {
        self.send(&self.request(&format!("GET {path}"), "", ""))
    }

    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Wire {
        let form = "content-type: application/x-www-form-urlencoded\r\n";
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.send(&self.request(&format!("POST {path}"), form, &body))
    }
}
