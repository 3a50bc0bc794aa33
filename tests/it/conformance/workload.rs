//! Clients of token exchange.

use super::{expect_documented, expect_mistakes_found, rows, run_flow};
use crate::support::test_home::TestHome;

const OPTIONS: &[&str] = &["--flow", "workload", "--jobs", "99", "--limit", "40s"];

#[test]
#[ignore = "slow: run by ./tests/run"]
fn own_workload_login_passes_every_rule() {
    let home = TestHome::new();
    let program = env!("CARGO_BIN_EXE_brainmaps");
    #[rustfmt::skip]
    let command = [program, "--profile", "x", "login", "--workload", "--issuer", "{issuer}", "--client-id", "{client_id}",
        "--subject-token-file", "{subject_token_file}", "--audience", "{issuer}"];
    let outcome = run_flow(&home, OPTIONS, &command);
    let report = outcome.json();
    assert_eq!(rows(&report, "fail"), [""; 0], "{outcome}");
    assert_eq!(rows(&report, "unjudged"), [""; 0], "{outcome}");
    expect_documented(&report);
    outcome.expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn mistakes_of_workload_clients_are_found() {
    expect_mistakes_found(
        "workload",
        &[
            (&[], &[]),
            (
                &[
                    "empty-parameter",
                    "accepts-any-type",
                    "ignores-errors",
                    "shows-token",
                ],
                &["8693-2.1", "8693-2.2.1", "8693-2.2.2", "8693-5", "9700-4.9"],
            ),
            (
                &[
                    "requires-lifetime",
                    "appends-well-known",
                    "ignores-issuer",
                    "follows-redirects",
                ],
                &["6749-5.1", "8414-3.1", "8414-3.3", "9700-4.9"],
            ),
        ],
    );
}
