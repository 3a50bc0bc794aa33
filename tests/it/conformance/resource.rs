//! Clients that sign in to a resource.

use super::{expect_documented, expect_mistakes_found, rows, run_flow};
use crate::support::test_home::TestHome;

const OPTIONS: &[&str] = &["--flow", "resource", "--jobs", "99", "--limit", "40s"];

#[test]
#[ignore = "slow: run by ./tests/run"]
fn own_resource_login_passes_every_rule() {
    let home = TestHome::new();
    let program = env!("CARGO_BIN_EXE_brainmaps");
    let command = [
        program,
        "--profile",
        "x",
        "login",
        "--browser",
        "--resource",
        "{resource}",
    ];
    let outcome = run_flow(&home, OPTIONS, &command);
    let report = outcome.json();
    assert_eq!(rows(&report, "fail"), [""; 0], "{outcome}");
    assert_eq!(rows(&report, "unjudged"), [""; 0], "{outcome}");
    expect_documented(&report);
    outcome.expect(0);
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn mistakes_of_resource_clients_are_found() {
    expect_mistakes_found(
        "resource",
        &[
            (&[], &[]),
            (
                &[
                    "accepts-other-resources",
                    "registers-for-the-web",
                    "uses-own-client-id",
                    "names-no-resource",
                    "ignores-errors",
                ],
                &["9728-3.3", "7591-2", "7591-3.2.1", "7591-3.2.2", "8707-2"],
            ),
            (&["ignores-path"], &["9728-3.1"]),
        ],
    );
}
