//! Servers that answer wrongly, whatever their reason: each ends with the documented exit status and a message that
//! helps, and nothing stored is lost.

mod login;
mod refresh;
mod service;

use serde_json::Value;

use crate::support::{
    scripted_server::{Scripted, ScriptedServer},
    test_home::{Outcome, TestHome},
};

/// How a wrong answer must end.
struct Ending {
    exit: i32,
    /// What the message must contain.
    says: &'static str,
}

const fn ends(exit: i32, says: &'static str) -> Ending {
    Ending { exit, says }
}

/// Signs in by the device flow to a server, without a person: the server says yes at once.
fn login(home: &TestHome, server: &ScriptedServer) -> Outcome {
    let arguments = [
        "login",
        "--device",
        "--issuer",
        &server.url,
        "--client-id",
        "native",
        "--no-browser",
        "--json",
    ];
    home.run(&arguments)
}

/// A home that is signed in to a server as it should be.
fn signed_in(server: &ScriptedServer) -> TestHome {
    let home = TestHome::new();
    login(&home, server).expect(0);
    home
}

/// What is wrong with an outcome that should be the documented one: exit status, message, nothing but text.
fn fault(name: &str, outcome: &Outcome, ending: &Ending) -> Option<String> {
    let document: Value = serde_json::from_str(&outcome.stdout).unwrap_or_default();
    let error = &document["error"];
    let told = format!("{} {}", error["message"], error["hint"]).to_lowercase();
    let right = outcome.code == Some(ending.exit)
        && error["exit"] == ending.exit
        && told.contains(&ending.says.to_lowercase())
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
fn expect_ending(name: &str, outcome: &Outcome, ending: &Ending) {
    expect_no_faults(&Vec::from_iter(fault(name, outcome, ending)));
}

fn is_text(outcome: &Outcome) -> bool {
    let harmless = |c: char| !c.is_control() || c == '\n' || c == '\t';
    outcome.stdout.chars().all(harmless) && outcome.stderr.chars().all(harmless)
}

/// A terminal must not obey what a server wrote.
#[track_caller]
fn expect_no_control_characters(name: &str, outcome: &Outcome) {
    assert!(is_text(outcome), "{name}: {outcome:?}");
}

/// A good server, with one member of an answer changed; `Null` takes it out.
fn with(mut answer: Value, member: &str, value: Value) -> Value {
    let object = answer.as_object_mut().unwrap();
    if value.is_null() {
        object.remove(member);
    } else {
        object.insert(member.to_owned(), value);
    }
    answer
}

fn good() -> ScriptedServer {
    Scripted::default().serve()
}
