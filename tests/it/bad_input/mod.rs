//! Invalid responses: each command ends with the documented exit status and a useful message, and keeps what is stored.

mod login;
mod refresh;
mod service;

use serde_json::Value;

use crate::support::{
    scripted_server::{Scripted, ScriptedServer, device_login},
    test_home::{CommandResult, TestHome},
};

/// The expected end of a command.
struct Ending {
    exit: i32,
    /// Part of the message.
    says: &'static str,
}

const fn ending(exit: i32, says: &'static str) -> Ending {
    Ending { exit, says }
}

/// Logs in by the device flow; the server approves at once.
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

/// Compares an outcome with the expected exit status and message; the output must be text.
fn mismatch(name: &str, outcome: &CommandResult, ending: &Ending) -> Option<String> {
    let document: Value = serde_json::from_str(&outcome.stdout).unwrap_or_default();
    let error = &document["error"];
    let printed = format!("{} {}", error["message"], error["hint"]).to_lowercase();
    let right = outcome.code == Some(ending.exit)
        && error["exit"] == ending.exit
        && printed.contains(&ending.says.to_lowercase())
        && is_text(outcome)
        && !outcome.stderr.contains("panicked at");
    let expected = format!("{name}: expected {} and `{}`", ending.exit, ending.says);
    (!right).then(|| format!("{expected}: {outcome}"))
}

#[track_caller]
fn expect_no_faults(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[track_caller]
fn expect_ending(name: &str, outcome: &CommandResult, ending: &Ending) {
    expect_no_faults(&Vec::from_iter(mismatch(name, outcome, ending)));
}

fn is_text(outcome: &CommandResult) -> bool {
    let harmless = |c: char| !c.is_control() || c == '\n' || c == '\t';
    outcome.stdout.chars().all(harmless) && outcome.stderr.chars().all(harmless)
}

/// A server must not be able to control the terminal.
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
    Scripted::default().serve()
}
