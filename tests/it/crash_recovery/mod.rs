//! Several processes with one session, some of which are killed: the real program against a sandbox that rotates
//! refresh tokens and ends a session whose refresh token is reused.

mod concurrency;
#[cfg(feature = "keyring")]
mod keyring;
pub(crate) mod kills;
mod lock_holders;
pub(crate) mod operations;

use std::{fs, path::PathBuf};

use brainmaps::vault::Vault;
use serde_json::Value;

use crate::support::{
    process::wait_until,
    recorder::Recorder,
    sandbox::{EMAIL, PASSWORD, Sandbox},
    test_home::{RunningCommand, TestHome, expire},
};

/// A home with profiles that are signed in by the device flow at one sandbox.
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
        sandbox.wait_until_it_responds();
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

    /// Signs in the default profile by password: without a refresh token, and without the wait of the device flow.
    pub(crate) fn signed_in_by_password() -> Self {
        let fixture = Self::new("0");
        let url = fixture.sandbox.url.clone();
        fixture.home.run(&["config", "set-api-url", &url]).expect(0);
        let login = ["login", "--username", EMAIL, "--password-stdin", "--json"];
        fixture.home.run_with_input(&login, PASSWORD).expect(0);
        fixture
    }

    /// Signs in the default profile with the secret of a client.
    pub(crate) fn signed_in_as_client() -> Self {
        let fixture = Self::new("0");
        let url = fixture.sandbox.url.clone();
        fixture.home.run(&["config", "set-api-url", &url]).expect(0);
        let client = [
            "--client-id",
            "sandbox-service",
            "--client-secret-file",
            "-",
        ];
        let login = [&["login", "--client-credentials", "--json"][..], &client].concat();
        let signed_in = fixture
            .home
            .run_with_input(&login, "sandbox-service-secret");
        signed_in.expect(0);
        fixture
    }

    /// Signs in the default profile again, so that its later requests pass a recorder.
    pub(crate) fn sign_in_through_recorder(&self) -> Recorder {
        let recorder = Recorder::start(&self.sandbox.url);
        let url = recorder.url.as_str();
        let place = ["--issuer", url, "--api-url", url, "--replace"];
        self.home.run(&[&LOGIN[..], &place].concat()).expect(0);
        recorder
    }

    pub(super) fn credential(&self, profile: &str) -> PathBuf {
        let file = format!("credentials/{profile}.json");
        self.home.data().join(file)
    }

    /// Returns the stored credential, if any; fails if the file is incomplete.
    #[track_caller]
    pub(super) fn stored(&self, profile: &str) -> Option<Value> {
        let text = fs::read_to_string(self.credential(profile)).ok()?;
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| {
            panic!("torn ({error}): {} bytes", text.len());
        });
        Some(value)
    }

    /// Sets the lifetime of the stored credential to an hour, two hours ago.
    pub(super) fn expire(&self, profile: &str) {
        expire(&self.credential(profile));
    }

    /// Replaces all faults.
    pub(super) fn faults(&self, faults: &str) {
        self.sandbox.put_faults(faults);
    }

    /// Clears the recorded requests.
    pub(super) fn forget_requests(&self) {
        self.sandbox.control("DELETE", REQUESTS, "");
    }

    /// Returns the number of requests to the token endpoint.
    pub(super) fn refreshes(&self) -> usize {
        self.received("/oauth2/token")
    }

    /// Returns the number of requests to `path`.
    pub(super) fn received(&self, path: &str) -> usize {
        let listed = self.sandbox.control("GET", REQUESTS, "");
        listed.matches(&format!("\"{path}\"")).count()
    }

    /// Waits until the token endpoint got `count` requests; the process that sent the last one holds the lock.
    pub(super) fn wait_for_refreshes(&self, count: usize) {
        wait_until("a refresh", || self.refreshes() >= count);
    }
}

/// Starts `count` commands while the test holds the lock of the default profile, and releases it when the first eight
/// wait for it.
///
/// Not all: the commands stop waiting after 15 seconds, in which a loaded machine may start only a few processes.
fn start_at_the_lock(home: &TestHome, arguments: &[&str], count: usize) -> Vec<RunningCommand> {
    let vault = Vault::new(home.data());
    let held = vault.try_lock(&"brainmaps".parse().unwrap());
    let held = held.unwrap().unwrap();
    let arguments = [arguments, &["--verbose"]].concat();
    let commands: Vec<_> = (0..count).map(|_| home.start(&arguments)).collect();
    let is_wait = |line: &str| {
        let is_wait = line.contains("waiting for the lock") && line.contains("/brainmaps.lock");
        is_wait.then_some(())
    };
    for command in commands.iter().take(8) {
        command.running.wait_for_stderr_line(is_wait);
    }
    drop(held);
    commands
}

const REQUESTS: &str = "/_sandbox/requests";
pub(super) const LOGIN: [&str; 4] = ["login", "--device", "--no-browser", "--json"];
pub(super) const PRINT: [&str; 3] = ["credential", "print", "--json"];
pub(super) const FORCE: [&str; 4] = ["credential", "refresh", "--force", "--json"];
