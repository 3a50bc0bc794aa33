//! Invalid responses: each command ends with the documented exit status and a useful message, and keeps what is stored.

mod login;
mod refresh;
mod service;

use serde_json::Value;

use crate::support::{
    scripted_server::{AuthorizationServerScript, ScriptedServer, device_login},
    test_home::{CommandResult, TestHome},
};

/// The expected failure of a command.
struct ExpectedFailure {
    exit: i32,
    /// Part of the message.
    message: &'static str,
}

const fn failure(exit: i32, message: &'static str) -> ExpectedFailure {
    ExpectedFailure { exit, message }
}

/// Logs in by the device flow; the server approves immediately.
fn login(home: &TestHome, server: &ScriptedServer) -> CommandResult {
    let arguments = [&device_login(&server.url)[..], &["--no-browser", "--json"]].concat();
    home.run(&arguments)
}

/// Returns a home with a session at `server`.
fn signed_in(server: &ScriptedServer) -> TestHome {
    let home = TestHome::new();
    login(&home, server).expect(0);
    home
}

/// Compares an outcome with the expected exit status and message. Returns the difference, also if the output has control characters.
fn mismatch(name: &str, outcome: &CommandResult, expected: &ExpectedFailure) -> Option<String> {
    let document: Value = serde_json::from_str(&outcome.stdout).unwrap_or_default();
    let error = &document["error"];
    let printed = format!("{} {}", error["message"], error["hint"]).to_lowercase();
    let is_as_expected = outcome.code == Some(expected.exit)
        && error["exit"] == expected.exit
        && printed.contains(&expected.message.to_lowercase())
        && is_text(outcome)
        && !outcome.stderr.contains("panicked at");
    let (exit, message) = (expected.exit, expected.message);
    (!is_as_expected).then(|| format!("{name}: expected {exit} and `{message}`: {outcome}"))
}

#[track_caller]
fn expect_no_faults(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[track_caller]
fn expect_failure(name: &str, outcome: &CommandResult, expected: &ExpectedFailure) {
    expect_no_faults(&Vec::from_iter(mismatch(name, outcome, expected)));
}

/// Returns whether the output has no control characters except line feeds and tabs.
fn is_text(outcome: &CommandResult) -> bool {
    let is_printable = |c: char| !c.is_control() || c == '\n' || c == '\t';
    outcome.stdout.chars().all(is_printable) && outcome.stderr.chars().all(is_printable)
}

/// Fails if the output has control characters: a server must not be able to control the terminal.
#[track_caller]
fn expect_no_control_characters(name: &str, outcome: &CommandResult) {
    assert!(is_text(outcome), "{name}: {outcome:?}");
}

/// Replaces one member of a response; `Null` removes it.
fn with_member(mut response: Value, member: &str, value: Value) -> Value {
    let object = response.as_object_mut().unwrap();
    if value.is_null() {
        object.remove(member);
    } else {
        object.insert(member.to_owned(), value);
    }
    response
}

fn valid_server() -> ScriptedServer {
    AuthorizationServerScript::default().serve()
}
