//! No secret shows, whatever is asked, whatever goes wrong, however loud the program is: every command under every fault,
//! and servers that quote what they were sent. What a journey prints and leaves behind is searched when it ends.

#[cfg(target_os = "linux")]
mod memory;
mod quoting;

use std::{sync::Mutex, thread};

use crate::{
    faults::FaultServer,
    support::journey::{Journey, Outcome},
};

/// How many homes are tried at once; they wait most of the time.
const AT_ONCE: usize = 6;

/// The most that the program can be made to say: options, and what other Rust programs listen to.
pub(crate) const LOUD: &[&[&str]] = &[&["-vv"], &["-vv", "--json"]];

/// Every command that has to do with a credential, and what it reads. `logout` stands last.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["login", "--device", "--no-browser"], ""),
    (
        &[
            "login",
            "--username",
            "demo@brainmaps.test",
            "--password-stdin",
        ],
        "wrong-c4n4ry-password",
    ),
    (&["status"], ""),
    (&["status", "--check"], ""),
    (&["whoami"], ""),
    (&["credential", "explain"], ""),
    (&["credential", "refresh", "--force"], ""),
    (&["credential", "print", "--header"], ""),
    (&["token", "list"], ""),
    (&["token", "create", "ci"], ""),
    (&["token", "rotate", "1", "--env-file", ".env"], ""),
    (&["token", "revoke", "1", "--yes"], ""),
    (
        &["token", "inspect"],
        "eyJhbGciOiJub25lIn0.e30.c4n4ry-signature-of-it",
    ),
    (&["account", "resend-verification"], ""),
    (&["profile", "list"], ""),
    (&["config", "get", "storage"], ""),
    (&["doctor"], ""),
    (&["logout"], ""),
];

/// What a server does wrong.
const FAULTS: &[&str] = &[
    "any=json:500",
    "any=json:401",
    "any=html:200",
    "any=error:invalid_grant",
    "any=retry_after:3600",
    "any=redirect:https://evil.example/",
    "any=reset_after",
    "any=cut",
    "refresh=lost",
    "any=clock:2h",
];

fn loud(journey: &mut Journey) -> &Journey {
    for (name, value) in [
        ("RUST_LOG", "trace"),
        ("RUST_BACKTRACE", "full"),
        ("BRAINMAPS_LOG", "debug"),
    ] {
        journey.set(name, value);
    }
    journey
}

/// Ended by itself, understood, and without a panic.
fn ended(outcome: &Outcome, fault: &str) -> Option<String> {
    let usage = outcome.code == Some(2) && outcome.stderr.contains("Usage:");
    let panicked =
        outcome.stderr.contains("has a defect") || outcome.stderr.contains("panicked at");
    (usage || panicked || !matches!(outcome.code, Some(0..=20)))
        .then(|| format!("{fault}: {outcome}"))
}

/// Every command in a home that was signed in before the fault came.
fn commands_under(fault: &str) -> Vec<String> {
    let (server, mut journey) = (FaultServer::start(&[]), Journey::new());
    journey.set("BRAINMAPS_API_URL", &server.url());
    let journey = loud(&mut journey);
    let login = ["login", "--device", "--no-browser"];
    journey.run(&login).expect(0);
    let wire = server.send(&server.request("PUT /_sandbox/faults", "", fault));
    assert_eq!(wire.status(), 200, "{wire:?}");
    let mut found = Vec::new();
    for (command, input) in COMMANDS {
        for options in LOUD {
            let arguments = [*command, *options].concat();
            let outcome = journey.run_with_input(&arguments, input);
            found.extend(ended(&outcome, fault));
        }
    }
    found
}

#[test]
fn no_command_shows_a_secret_under_any_fault_however_loud() {
    let (faults, found) = (Mutex::new(FAULTS.iter()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let fault = faults.lock().unwrap().next();
                    let Some(fault) = fault else {
                        return;
                    };
                    let wrong = commands_under(fault);
                    found.lock().unwrap().extend(wrong);
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
