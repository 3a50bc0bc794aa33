//! Clients of the authorization code flow.

use std::path::Path;

use serde_json::Value;

use super::{expect_documented, rows, run_flow};
use crate::support::{
    peer::has_program,
    test_home::{CommandResult, TestHome},
};

/// Runs all cases in parallel, each for a short time.
const OPTIONS: &[&str] = &["--flow", "browser", "--jobs", "99", "--limit", "40s"];

#[test]
#[ignore = "slow: run by ./tests/run"]
fn own_browser_login_passes_every_rule() {
    let home = TestHome::new();
    let program = env!("CARGO_BIN_EXE_brainmaps");
    #[rustfmt::skip]
    let command = [program, "--profile", "x", "login", "--browser", "--issuer", "{issuer}", "--client-id", "{client_id}"];
    let outcome = run_flow(&home, OPTIONS, &command);
    let report = outcome.json();
    assert_eq!(rows(&report, "fail"), [""; 0], "{outcome}");
    assert_eq!(rows(&report, "unjudged"), [""; 0], "{outcome}");
    expect_documented(&report);
    outcome.expect(0);
    assert!(!home.data().exists());
}

/// The program of the tests, with these mistakes.
fn run_with_mistakes(mistakes: &[&str]) -> Option<CommandResult> {
    if !has_program("conformance of a browser login", "python3") {
        return None;
    }
    let mut home = TestHome::new();
    home.set("PATH", &std::env::var("PATH").unwrap());
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/browser-login.py");
    let command = [&["python3", client.to_str().unwrap()], mistakes].concat();
    Some(run_flow(&home, OPTIONS, &command))
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn client_without_mistakes_breaks_no_rule_of_the_browser_flow() {
    let Some(outcome) = run_with_mistakes(&[]) else {
        return;
    };
    let report = outcome.json();
    assert_eq!(rows(&report, "fail"), [""; 0], "{outcome}");
    assert_eq!(rows(&report, "unjudged"), [""; 0], "{outcome}");
    outcome.expect(0);
}

/// Mistakes that do not hide each other, and the rules that they break.
const MISTAKES: &[(&[&str], &[&str])] = &[(
    &[
        "embeds-a-browser",
        "listens-late",
        "names-localhost",
        "short-state",
        "ignores-errors",
        "appends-well-known",
        "shows-forged-text",
    ],
    &[],
)];

#[test]
#[ignore = "slow: run by ./tests/run"]
fn mistakes_of_browser_clients_are_found() {
    for (mistakes, broken) in MISTAKES {
        let Some(outcome) = run_with_mistakes(mistakes) else {
            return;
        };
        assert_eq!(
            rows(&outcome.json(), "fail"),
            *broken,
            "{mistakes:?}: {outcome}"
        );
        outcome.expect(1);
    }
}
