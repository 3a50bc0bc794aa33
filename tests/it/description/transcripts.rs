//! Each description of the gallery that was written from documentation, against a server that responds as the
//! documentation says. `transcripts/ID.toml` has the commands, and the requests and responses of each.
//!
//! `$(FORM LIFETIME)` in a body is the time after that lifetime, such as `$(rfc3339 90d)`; `$(url)` is the server.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::Deserialize;
use serde_json::Value;

use crate::support::{
    scripted_server::{ReceivedRequest, ScriptedResponse, ScriptedServer},
    test_home::{CommandResult, TestHome},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Transcript {
    /// Secrets that only the creating command may print.
    secrets: Vec<String>,
    /// The headers of every request, unless an exchange has its own.
    headers: BTreeMap<String, String>,
    run: Vec<Run>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    /// Without `--profile` and, for a login, `--api-url`.
    command: String,
    #[serde(default)]
    input: String,
    #[serde(default)]
    exit: i32,
    /// JSON pointers into the output, with the expected values.
    #[serde(default)]
    shows: BTreeMap<String, Value>,
    #[serde(default)]
    exchange: Vec<Exchange>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchange {
    /// Method, path and query.
    request: String,
    headers: Option<BTreeMap<String, String>>,
    /// JSON or a form; empty if the request has no body.
    #[serde(default)]
    body: String,
    status: u16,
    #[serde(default)]
    response_headers: BTreeMap<String, String>,
    #[serde(default)]
    response: String,
}

/// Headers that carry a credential at some service.
const CREDENTIAL_HEADERS: &[&str] = &["authorization", "private-token", "x-api-key", "cookie"];

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Returns the names without the extension of the TOML files in a directory.
fn stems(path: &str) -> Vec<String> {
    let files = fs::read_dir(folder(path)).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let mut stems: Vec<String> = files
        .map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    stems.sort();
    stems
}

/// Replaces the times and the address.
fn fill(text: &str, now: Timestamp, url: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("$(") {
        let (inner, tail) = after.split_once(')').unwrap();
        filled += before;
        filled += &match inner.split_once(' ') {
            None => url.to_owned(),
            Some((form, lifetime)) => format_time(form, now + parse_lifetime(lifetime)),
        };
        rest = tail;
    }
    filled + rest
}

fn parse_lifetime(text: &str) -> SignedDuration {
    let (number, unit) = text.split_at(text.len() - 1);
    let hours = if unit == "d" { 24 } else { 1 };
    SignedDuration::from_hours(number.parse::<i64>().unwrap() * hours)
}

fn format_time(form: &str, time: Timestamp) -> String {
    let second = Timestamp::from_second(time.as_second()).unwrap();
    match form {
        "rfc3339" => second.to_string(),
        "unix_ms" => time.as_millisecond().to_string(),
        "date" => second.to_zoned(TimeZone::UTC).date().to_string(),
        _ => panic!("unknown form {form}"),
    }
}

/// Returns true if `found` is equal to both, or between them: a time is the one before or after the command, or any
/// between.
fn is_between(found: &Value, before: &Value, after: &Value) -> bool {
    match (found, before, after) {
        (Value::Object(found), Value::Object(before), Value::Object(after)) => {
            found.len() == before.len()
                && found.iter().all(|(name, value)| {
                    let bounds = before.get(name).zip(after.get(name));
                    bounds.is_some_and(|(before, after)| is_between(value, before, after))
                })
        }
        (Value::Array(found), Value::Array(before), Value::Array(after)) => {
            found.len() == before.len()
                && (0..found.len()).all(|at| is_between(&found[at], &before[at], &after[at]))
        }
        (Value::String(found), Value::String(before), Value::String(after)) => {
            (before..=after).contains(&found)
        }
        (Value::Number(found), Value::Number(before), Value::Number(after)) => {
            (before.as_i64()..=after.as_i64()).contains(&found.as_i64())
        }
        _ => found == before && found == after,
    }
}

fn parse_body(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// A home with one description, and its server.
struct Replay {
    id: String,
    home: TestHome,
    server: ScriptedServer,
    /// What the server responds with, in this order.
    next: Arc<Mutex<Vec<Exchange>>>,
    headers: BTreeMap<String, String>,
}

impl Replay {
    fn new(id: &str, transcript: &Transcript) -> Self {
        let next = Arc::new(Mutex::new(Vec::<Exchange>::new()));
        let responses = Arc::clone(&next);
        let server = ScriptedServer::start(move |_, url| {
            let mut responses = responses.lock().unwrap();
            if responses.is_empty() {
                return ScriptedResponse::text(500, "text/plain", "not in the transcript");
            }
            let exchange = responses.remove(0);
            let body = fill(&exchange.response, Timestamp::now(), url);
            let response = ScriptedResponse::text(exchange.status, "application/json", &body);
            let headers = exchange.response_headers.iter();
            headers.fold(response, |response, (name, value)| {
                response.header(name, &fill(value, Timestamp::now(), url))
            })
        });
        let home = TestHome::new();
        for secret in &transcript.secrets {
            home.record().secret(secret);
        }
        home.run(&["provider", "add", id, "--yes"]).expect(0);
        Self {
            id: id.to_owned(),
            home,
            server,
            next,
            headers: transcript.headers.clone(),
        }
    }

    fn run(&self, run: &Run) {
        next_exchanges(&self.next, &run.exchange);
        let already = self.server.received().len();
        let before = Timestamp::now();
        let outcome = self.start(run);
        let after = Timestamp::now();
        let received = self.server.received().split_off(already);
        let lines: Vec<String> = received.iter().map(line).collect();
        let shown = format!("{}: {outcome}\n{lines:#?}", self.id);
        assert_eq!(received.len(), run.exchange.len(), "{shown}");
        for (received, exchange) in received.iter().zip(&run.exchange) {
            self.compare(received, exchange, (before, after));
        }
        assert_eq!(outcome.code, Some(run.exit), "{shown}");
        for (pointer, expected) in &run.shows {
            assert_eq!(
                outcome.json().pointer(pointer),
                Some(expected),
                "{pointer} {shown}"
            );
        }
    }

    fn start(&self, run: &Run) -> CommandResult {
        let mut arguments = vec!["--profile", &self.id];
        if run.command.starts_with("login ") {
            arguments.extend(["--api-url", &self.server.url]);
        }
        arguments.extend(run.command.split(' '));
        self.home.run_with_input(&arguments, &run.input)
    }

    /// Compares method, path, query, headers and body.
    fn compare(
        &self,
        received: &ReceivedRequest,
        exchange: &Exchange,
        times: (Timestamp, Timestamp),
    ) {
        let id = &self.id;
        let line = line(received);
        assert_eq!(line, exchange.request, "{id}");
        let expected = exchange.headers.as_ref().unwrap_or(&self.headers);
        for (name, value) in expected {
            let found = received.header(name);
            assert_eq!(found, Some(value.as_str()), "{id} {line}: {name}");
        }
        for name in CREDENTIAL_HEADERS {
            let is_expected = expected.contains_key(*name);
            assert_eq!(
                received.header(name).is_some(),
                is_expected,
                "{id} {line}: {name}"
            );
        }
        let expected = |time| parse_body(&fill(&exchange.body, time, &self.server.url));
        let (earliest, latest) = (expected(times.0), expected(times.1));
        let found = parse_body(&received.body);
        assert!(
            is_between(&found, &earliest, &latest),
            "{id} {line}: {found}\nexpected {earliest}"
        );
    }
}

fn line(received: &ReceivedRequest) -> String {
    format!("{} {}", received.method, received.path)
}

fn next_exchanges(next: &Mutex<Vec<Exchange>>, exchanges: &[Exchange]) {
    let mut next = next.lock().unwrap();
    next.clear();
    next.extend_from_slice(exchanges);
}

fn replay(id: &str) {
    let file = folder("tests/it/description/transcripts").join(format!("{id}.toml"));
    let text = fs::read_to_string(&file).unwrap();
    let transcript: Transcript =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{id}: {error}"));
    let replay = Replay::new(id, &transcript);
    for run in &transcript.run {
        replay.run(run);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn every_command_sends_what_the_documentation_of_the_service_says() {
    let ids = stems("tests/it/description/transcripts");
    assert!(ids.len() > 10, "{ids:?}");
    thread::scope(|scope| {
        for id in &ids {
            scope.spawn(|| replay(id));
        }
    });
}

#[test]
fn every_description_from_documentation_has_a_transcript() {
    let is_verified = |id: &String| {
        let file = folder("src/provider/gallery").join(format!("{id}.toml"));
        fs::read_to_string(file).unwrap().contains("\nverified = ")
    };
    let mut gallery = stems("src/provider/gallery");
    gallery.retain(|id| !is_verified(id));
    assert_eq!(gallery, stems("tests/it/description/transcripts"));
}
