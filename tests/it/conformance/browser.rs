//! Clients of the authorization code flow.

use super::{expect_documented, rows, run_flow, run_with_mistakes};
use crate::support::test_home::TestHome;

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

#[test]
#[ignore = "slow: run by ./tests/run"]
fn client_without_mistakes_breaks_no_rule_of_the_browser_flow() {
    let Some(outcome) = run_with_mistakes("browser", &[]) else {
        return;
    };
    let report = outcome.json();
    assert_eq!(rows(&report, "fail"), [""; 0], "{outcome}");
    assert_eq!(rows(&report, "unjudged"), [""; 0], "{outcome}");
    outcome.expect(0);
}

/// Mistakes that do not hide each other, and the rules that they break.
#[rustfmt::skip]
const MISTAKES: &[(&[&str], &[&str])] = &[
    (
        &["listens-late", "short-state", "empty-parameter", "appends-well-known", "ignores-errors", "accepts-missing-iss"],
        &["8252-7.3", "7636-4.2", "6749-4.1.1", "6749-4.1.2.1", "6749-10.12", "8414-3.1", "9207-2.4b"],
    ),
    (
        &["embeds-a-browser", "listens-everywhere", "short-verifier", "sends-code-twice", "normalizes-iss", "ignores-state"],
        &["8252-6", "8252-8.3", "7636-4.1", "6749-4.1.3", "6749-10.12", "9126-5", "9207-2.4a"],
    ),
    (
        &["names-localhost", "same-verifier", "ignores-issuer", "never-pushes", "shows-forged-text", "follows-redirects"],
        &["8252-8.3", "7636-4.1", "8414-3.3", "9126-5", "9207-2.4b", "9700-4.4"],
    ),
    (
        &["keeps-port-open", "same-state", "downgrades-pkce", "rejects-unknown-members", "repeats-pushed", "ignores-iss"],
        &["8252-8.3", "7636-4.2", "6749-5.1", "6749-10.12", "9126-5", "9207-2.4a", "9207-2.4b"],
    ),
];

#[test]
#[ignore = "slow: run by ./tests/run"]
fn mistakes_of_browser_clients_are_found() {
    for (mistakes, broken) in MISTAKES {
        let Some(outcome) = run_with_mistakes("browser", mistakes) else {
            return;
        };
        let found = rows(&outcome.json(), "fail");
        assert_eq!(found, *broken, "{mistakes:?}: {outcome}");
        outcome.expect(1);
    }
    let Some(outcome) = run_with_mistakes("browser", &["changes-redirect-uri"]) else {
        return;
    };
    let found = rows(&outcome.json(), "fail");
    assert!(found.contains(&"6749-4.1.3".to_owned()), "{outcome}");
}

#[test]
fn client_that_shows_no_authorization_url_is_reported() {
    let home = TestHome::new();
    let outcome = run_flow(&home, OPTIONS, &["/bin/true"]).expect(1);
    let text = outcome.json().to_string();
    assert!(text.contains("no authorization URL arrived"), "{outcome}");
    let flow = [
        "sandbox",
        "conformance",
        "--flow",
        "other",
        "--",
        "/bin/true",
    ];
    home.run(&flow).expect(2);
}
