//! `brainmaps sandbox serve` in a `TestHome`, so that other commands of the home share its state.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::Path,
};

use serde_json::Value;

use super::test_home::{RunningCommand, TestHome};

/// The OAuth client of the BrainMaps service.
pub(crate) const CLIENT_ID: &str = "brainmaps-cli";

/// The account of every sandbox.
pub(crate) const EMAIL: &str = "demo@brainmaps.test";
pub(crate) const PASSWORD: &str = "demo";

/// A running sandbox, killed when this is dropped.
pub(crate) struct Sandbox {
    pub(crate) url: String,
    pub(crate) command: RunningCommand,
}

impl Sandbox {
    /// Starts a sandbox on a free port, with these extra arguments.
    pub(crate) fn start(home: &TestHome, more: &[&str]) -> Self {
        Self::start_at(home, "0", more)
    }

    /// Starts a sandbox on this port.
    pub(crate) fn start_at(home: &TestHome, port: &str, more: &[&str]) -> Self {
        let arguments: Vec<&str> = ["sandbox", "serve", "--port", port]
            .iter()
            .chain(more)
            .copied()
            .collect();
        let command = home.start(&arguments);
        let url = command.running.wait_for_line(|line| {
            let at = line.find("http://localhost:")?;
            let url = line[at..].split_whitespace().next()?;
            Some(
                url.trim_end_matches(|c: char| !c.is_ascii_digit())
                    .to_owned(),
            )
        });
        Self { url, command }
    }

    #[cfg(feature = "tui")]
    pub(crate) fn port(&self) -> String {
        self.url.replace("http://localhost:", "")
    }

    /// Posts a form with an extra header; returns the body of the response.
    pub(crate) fn post(&self, path: &str, header: &str, form: &str) -> String {
        self.send("POST", path, header, form)
    }

    /// Returns the body of a page.
    pub(crate) fn get(&self, path: &str, header: &str) -> String {
        self.send("GET", path, header, "")
    }

    /// Replaces all faults.
    #[cfg(feature = "tui")]
    pub(crate) fn put_faults(&self, faults: &str) {
        self.send(
            "PUT",
            "/_sandbox/faults",
            "accept: application/json",
            faults,
        );
    }

    fn send(&self, method: &str, path: &str, header: &str, form: &str) -> String {
        let address = self.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\n{header}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// Logs in at BrainPercent's login page and returns the cookie.
    pub(crate) fn web_cookie(&self) -> String {
        let form = "email=demo%40brainmaps.test&password=demo";
        let body = self.post("/brainpercent/login", "accept: application/json", form);
        let body: Value = serde_json::from_str(&body).unwrap();
        body["cookie"].as_str().unwrap().to_owned()
    }

    /// Waits for a response: `sandbox serve` prints its URL a moment before it serves.
    pub(crate) fn wait_until_it_responds(&self) {
        let address = self.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "GET /device HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let received = stream.read(&mut [0]);
        assert!(
            matches!(received, Ok(1)),
            "no response from {address}: {received:?}"
        );
    }
}

/// Writes a file that only its owner can read.
pub(crate) fn write_private(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}
