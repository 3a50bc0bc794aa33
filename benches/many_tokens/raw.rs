//! The least that a client needs, to make tokens by the thousand without anybody's clock running.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// One connection that stays open.
pub(crate) struct Raw {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Raw {
    /// To `url`, which has no path.
    pub(crate) fn connect(url: &str) -> Result<Self> {
        let host = url.trim_start_matches("http://").to_owned();
        let address = host.replace("localhost", "127.0.0.1");
        let stream = TcpStream::connect(&address).with_context(|| address.clone())?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            host,
        })
    }

    /// Posts `body` and reads the answer, which must be a success.
    pub(crate) fn post(&mut self, path: &str, key: Option<&str>, body: &Value) -> Result<Value> {
        let key = key.map_or_else(String::new, |key| format!("Authorization: Token {key}\r\n"));
        let (host, body) = (&self.host, body.to_string());
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\n{key}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let status = self.line()?;
        let mut length = 0;
        loop {
            let line = self.line()?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(text) = line.strip_prefix("content-length:") {
                length = text.trim().parse()?;
            }
        }
        let mut response = vec![0; length];
        self.stream.read_exact(&mut response)?;
        ensure!(status.contains(" 20"), "POST {path}: {status}");
        Ok(serde_json::from_slice(&response)?)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }
}
