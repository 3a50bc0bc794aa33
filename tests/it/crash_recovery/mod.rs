//! One session, many processes, and some that die: the real program against a served sandbox that rotates refresh tokens
//! and ends a session whose token comes twice.

mod concurrency;
#[cfg(feature = "keyring")]
mod keyring;
pub(crate) mod kills;
mod lock_holders;
pub(crate) mod operations;

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
};

use serde_json::Value;

use crate::support::{
    process::wait_until,
    sandbox::Sandbox,
    test_home::{TestHome, expire},
};

/// A home with profiles that are signed in by device flow at one served sandbox.
pub(super) struct Fixture {
    pub(super) home: TestHome,
    pub(super) sandbox: Sandbox,
}

impl Fixture {
    /// Every login is approved; `interval` is the polling interval in seconds.
    fn new(interval: &str) -> Self {
        let home = TestHome::new();
        let more = ["--memory", "--auto-approve", "--interval", interval];
        let sandbox = Sandbox::start(&home, &more);
        sandbox.wait_until_it_answers();
        Self { home, sandbox }
    }

    /// Signs in the default profile.
    pub(crate) fn signed_in() -> Self {
        Self::with_polling_interval("0")
    }

    /// Like `signed_in`, with a polling interval, which is the least duration of a login.
    fn with_polling_interval(interval: &str) -> Self {
        let fixture = Self::new(interval);
        let url = fixture.sandbox.url.clone();
        fixture.home.run(&["config", "set-api-url", &url]).expect(0);
        fixture.home.run(&LOGIN).expect(0);
        fixture
    }

    pub(super) fn credential(&self, profile: &str) -> PathBuf {
        let file = format!("credentials/{profile}.json");
        self.home.data().join(file)
    }

    /// What is stored, if anything: whole, or the test fails.
    #[track_caller]
    pub(super) fn stored(&self, profile: &str) -> Option<Value> {
        let text = fs::read_to_string(self.credential(profile)).ok()?;
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| {
            panic!("torn ({error}): {} bytes", text.len());
        });
        Some(value)
    }

    /// Makes the stored credential one that came two hours ago and was good for one.
    pub(super) fn expire(&self, profile: &str) {
        expire(&self.credential(profile));
    }

    /// One request to the sandbox's own endpoints, which nobody counts; the body.
    fn control(&self, line: &str, body: &str) -> String {
        let address = self.sandbox.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "{line} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 2"), "{line}: {answer}");
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// These faults instead of those before.
    pub(super) fn faults(&self, faults: &str) {
        self.control("PUT /_sandbox/faults", faults);
    }

    /// Forgets the requests so far.
    pub(super) fn forget_requests(&self) {
        self.control("DELETE /_sandbox/requests", "");
    }

    /// How often the token endpoint was asked since.
    pub(super) fn refreshes(&self) -> usize {
        self.asked("/oauth2/token")
    }

    /// How often `path` was asked since.
    pub(super) fn asked(&self, path: &str) -> usize {
        let listed = self.control("GET /_sandbox/requests", "");
        listed.matches(&format!("\"{path}\"")).count()
    }

    /// Waits until the token endpoint was asked so often: whoever asked then holds the lock.
    pub(super) fn wait_for_refreshes(&self, count: usize) {
        wait_until("a refresh", || self.refreshes() >= count);
    }
}

pub(super) const LOGIN: [&str; 4] = ["login", "--device", "--no-browser", "--json"];
pub(super) const PRINT: [&str; 3] = ["credential", "print", "--json"];
pub(super) const FORCE: [&str; 4] = ["credential", "refresh", "--force", "--json"];
