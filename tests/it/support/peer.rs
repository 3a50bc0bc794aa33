//! A peer: a Node program under `tests/interop/` that the test talks to in lines of JSON.

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

use super::{leak::Record, process::holds_within};

/// Set to `required` by `tests/run`: then a missing peer is a failure.
const REQUIRED: &str = "BRAINMAPS_TEST_INTEROP";

/// Longer than the slowest browser on a loaded machine.
const LIMIT: Duration = Duration::from_secs(90);

/// Scripts and their packages.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/interop")
}

/// Whether peers can run. Absent they are skipped so that it is seen, or fail where `tests/run` promised them.
pub(crate) fn available(test: &str, needs_browser: bool) -> bool {
    let mut missing = Vec::new();
    if !runs("node") {
        missing.push("node");
    }
    if !folder().join("node_modules").is_dir() {
        missing.push("tests/interop/node_modules (npm ci)");
    }
    if needs_browser && !PathBuf::from("/usr/bin/chromium").exists() {
        missing.push("/usr/bin/chromium");
    }
    is_complete(test, &missing)
}

/// The same for a program that is a client by itself.
#[cfg(feature = "sandbox")]
pub(crate) fn has_program(test: &str, name: &str) -> bool {
    let missing = (!runs(name)).then_some(name);
    is_complete(test, &Vec::from_iter(missing))
}

fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

fn is_complete(test: &str, missing: &[&str]) -> bool {
    if missing.is_empty() {
        return true;
    }
    let notice = format!(
        "SKIPPED {test}: missing {}. `./tests/run` sets it up.\n",
        missing.join(", ")
    );
    assert!(
        std::env::var(REQUIRED).as_deref() != Ok("required"),
        "{notice}"
    );
    // Not eprint!, which the test runner keeps to itself when the test passes.
    let _ = std::io::stderr().write_all(notice.as_bytes());
    false
}

/// A running peer. It ends when this is dropped: its stdin closes, and that is its sign.
pub(crate) struct Peer {
    child: Child,
    requests: RefCell<Option<ChildStdin>>,
    answers: Receiver<Value>,
    /// What it said when it was ready.
    pub(crate) ready: Value,
}

impl Peer {
    /// Starts `tests/interop/SCRIPT` and waits until it is ready. Secrets that it reports go to the record.
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
        let (send, answers) = channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let record = record.clone();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let fact: Value =
                    serde_json::from_str(&line).unwrap_or_else(|_| json!({ "failed": line }));
                if let Some(secret) = fact["secret"].as_str() {
                    record.secret(secret);
                } else if send.send(fact).is_err() {
                    return;
                }
            }
        });
        let requests = RefCell::new(child.stdin.take());
        let mut peer = Self {
            child,
            requests,
            answers,
            ready: Value::Null,
        };
        let first = peer.next("start");
        peer.ready = first["ready"].clone();
        assert!(!peer.ready.is_null(), "{script} did not start: {first}");
        peer
    }

    /// Asks the peer to do something and returns what came of it.
    pub(crate) fn ask(&self, request: &Value) -> Value {
        self.begin(request);
        self.answer(request)
    }

    /// Asks without waiting for the answer: [`Peer::answer`] does.
    pub(crate) fn begin(&self, request: &Value) {
        writeln!(self.requests.borrow_mut().as_mut().unwrap(), "{request}").unwrap();
    }

    /// The answer to what was begun.
    pub(crate) fn answer(&self, request: &Value) -> Value {
        let answer = self.next(&request.to_string());
        assert!(
            answer["failed"].is_null(),
            "{request}: {}",
            answer["failed"].as_str().unwrap_or_default()
        );
        answer["done"].clone()
    }

    fn next(&self, what: &str) -> Value {
        self.answers
            .recv_timeout(LIMIT)
            .unwrap_or_else(|_| panic!("the peer did not answer within {LIMIT:?} to {what}"))
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
