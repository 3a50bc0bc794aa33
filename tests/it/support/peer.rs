//! A peer: a Node program under `tests/interop/`, controlled by lines of JSON.

use std::{
    cell::RefCell,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use super::{leak::Record, process::holds_within, skip::has_programs};

/// Longer than the slowest browser on a loaded machine.
const LIMIT: Duration = Duration::from_secs(90);

/// The directory of the scripts and their packages.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/interop")
}

/// Returns the path of a script or of another file for the peers.
#[cfg(feature = "sandbox")]
pub(crate) fn script(name: &str) -> String {
    folder().join(name).to_string_lossy().into_owned()
}

/// Returns the Python with the packages of `tests/interop/requirements.txt`; `None` if it is missing and not required.
#[cfg(feature = "sandbox")]
pub(crate) fn python(test: &str) -> Option<String> {
    let python = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/target/interop-python/bin/python"
    );
    let missing = (!PathBuf::from(python).exists()).then_some("target/interop-python");
    has_programs(test, &Vec::from_iter(missing)).then(|| python.to_owned())
}

/// Returns whether Node, the packages and the browser are installed. If not, prints a line starting with `SKIPPED`, or fails if
/// `tests/run` requires them.
pub(crate) fn can_run_peers(test: &str, needs_browser: bool) -> bool {
    let mut missing = Vec::new();
    if !is_installed("node") {
        missing.push("node");
    }
    if !folder().join("node_modules").is_dir() {
        missing.push("tests/interop/node_modules (npm ci)");
    }
    if needs_browser && !PathBuf::from("/usr/bin/chromium").exists() {
        missing.push("/usr/bin/chromium");
    }
    has_programs(test, &missing)
}

/// Returns whether a program is installed; reports a missing one as [`can_run_peers`] does.
#[cfg(feature = "sandbox")]
pub(crate) fn has_program(test: &str, name: &str) -> bool {
    let missing = (!is_installed(name)).then_some(name);
    has_programs(test, &Vec::from_iter(missing))
}

/// Returns whether a client of the credential helpers is installed; reports a missing one as [`can_run_peers`] does.
#[cfg(feature = "sandbox")]
pub(crate) fn has_client(name: &str) -> bool {
    let paths = client_path();
    let is_installed = std::env::split_paths(&paths).any(|path| path.join(name).is_file());
    let missing = (!is_installed).then_some(name);
    has_programs("the clients of the helpers", &Vec::from_iter(missing))
}

/// Returns `PATH`, with the clients that `tests/run` installs in front.
#[cfg(feature = "sandbox")]
pub(crate) fn client_path() -> String {
    let installed = concat!(env!("CARGO_MANIFEST_DIR"), "/target/clients/bin");
    format!("{installed}:{}", std::env::var("PATH").unwrap())
}

fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// A running peer. It exits when this is dropped, because its stdin is closed.
pub(crate) struct Peer {
    child: Child,
    requests: RefCell<Option<ChildStdin>>,
    responses: Receiver<Value>,
    /// The member `ready` of its first message.
    pub(crate) ready: Value,
}

impl Peer {
    /// Starts `tests/interop/SCRIPT` and waits until it is ready. The secrets that it reports are recorded.
    pub(crate) fn start(script: &str, options: &Value, record: &Record) -> Self {
        let mut child = Command::new("node")
            .arg(folder().join(script))
            .arg(options.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(
                if std::env::var_os("BRAINMAPS_TEST_INTEROP_LOG").is_some() {
                    Stdio::inherit()
                } else {
                    Stdio::null()
                },
            )
            .spawn()
            .unwrap();
        let (send, responses) = channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let record = record.clone();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let message: Value =
                    serde_json::from_str(&line).unwrap_or_else(|_| json!({ "failed": line }));
                if let Some(secret) = message["secret"].as_str() {
                    record.secret(secret);
                } else if send.send(message).is_err() {
                    return;
                }
            }
        });
        let requests = RefCell::new(child.stdin.take());
        let mut peer = Self {
            child,
            requests,
            responses,
            ready: Value::Null,
        };
        let first = peer.next_message("start");
        peer.ready = first["ready"].clone();
        assert!(!peer.ready.is_null(), "{script} did not start: {first}");
        peer
    }

    /// Sends a request to the peer and waits for the response.
    pub(crate) fn ask(&self, request: &Value) -> Value {
        self.send(request);
        self.response(request)
    }

    /// Sends a request; [`Peer::response`] waits for the response.
    pub(crate) fn send(&self, request: &Value) {
        writeln!(self.requests.borrow_mut().as_mut().unwrap(), "{request}").unwrap();
    }

    /// Waits for the response to [`Peer::send`].
    pub(crate) fn response(&self, request: &Value) -> Value {
        let response = self.next_message(&request.to_string());
        assert!(
            response["failed"].is_null(),
            "{request}: {}",
            response["failed"].as_str().unwrap_or_default()
        );
        response["done"].clone()
    }

    fn next_message(&self, what: &str) -> Value {
        self.responses
            .recv_timeout(LIMIT)
            .unwrap_or_else(|_| panic!("the peer did not respond to {what} within {LIMIT:?}"))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.requests.borrow_mut().take();
        let has_exited = || self.child.try_wait().is_ok_and(|status| status.is_some());
        if !holds_within(Duration::from_secs(5), has_exited) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
