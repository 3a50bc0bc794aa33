//! `brainmaps sandbox serve` in a `TestHome`, so that other commands of the home share its state.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use serde_json::Value;

use super::{
    http_client::exchange,
    test_home::{RunningCommand, TestHome},
};

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
    pub(crate) fn put_faults(&self, faults: &str) {
        self.control("PUT", "/_sandbox/faults", faults);
    }

    /// Sends a request to the control endpoints, which are not recorded; returns the body.
    pub(crate) fn control(&self, method: &str, path: &str, body: &str) -> String {
        let (head, body) = self.exchange(method, path, "accept: application/json", body);
        assert!(head.starts_with("HTTP/1.1 2"), "{method} {path}: {head}");
        body
    }

    fn send(&self, method: &str, path: &str, header: &str, form: &str) -> String {
        self.exchange(method, path, header, form).1
    }

    /// Returns the head and the body of the response.
    fn exchange(&self, method: &str, path: &str, header: &str, form: &str) -> (String, String) {
        let address = self.url.trim_start_matches("http://");
        let length = form.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\n{header}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
        );
        let response = exchange(address, &request);
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
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
        self.get("/device", "accept: text/html");
    }
}

/// Writes a file that only its owner can read.
pub(crate) fn write_private(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}
