//! Servers that answer wrongly, whatever their reason: each ends with the documented exit status and a message that
//! helps, and nothing stored is lost.

mod login;
mod renewal;
mod service;

use serde_json::Value;

use crate::support::{
    journey::{Journey, Outcome},
    scripted_server::{Scripted, ScriptedServer},
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
fn login(journey: &Journey, server: &ScriptedServer) -> Outcome {
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
    journey.run(&arguments)
}

/// A home that is signed in to a server as it should be.
fn signed_in(server: &ScriptedServer) -> Journey {
    let journey = Journey::new();
    login(&journey, server).expect(0);
    journey
}

/// Fails the test unless the outcome is the documented one: status, code, message on stdout as JSON, and a place on
/// stderr for people that says nothing in control characters.
#[track_caller]
fn expect_ending(name: &str, outcome: &Outcome, ending: &Ending) {
    assert_eq!(outcome.code, Some(ending.exit), "{name}: {outcome}");
    assert!(!outcome.stderr.contains("panicked at"), "{name}: {outcome}");
    let error = &outcome.json()["error"];
    assert_eq!(error["exit"], ending.exit, "{name}: {outcome}");
    let told = format!("{} {}", error["message"], error["hint"]).to_lowercase();
    assert!(
        told.contains(&ending.says.to_lowercase()),
        "{name}: expected `{}` in {outcome}",
        ending.says
    );
    expect_no_control_characters(name, outcome);
}

/// A terminal must not obey what a server wrote.
#[track_caller]
fn expect_no_control_characters(name: &str, outcome: &Outcome) {
    let harmless = |c: char| !c.is_control() || c == '\n' || c == '\t';
    assert!(
        outcome.stdout.chars().all(harmless) && outcome.stderr.chars().all(harmless),
        "{name}: {outcome:?}"
    );
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
