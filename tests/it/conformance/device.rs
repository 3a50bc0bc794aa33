//! Clients of the device flow.

use std::{path::Path, process::Command};

use super::{ALL, expect_documented, rows, run_conformance};
use crate::support::{peer::can_run_peers, test_home::TestHome};

#[test]
#[ignore = "slow: run by ./tests/run"]
fn own_login_passes_every_rule() {
    let home = TestHome::new();
    let program = env!("CARGO_BIN_EXE_brainmaps");
    let command = [
        program,
        "--profile",
        "x",
        "login",
        "--issuer",
        "{issuer}",
        "--client-id",
        "{client_id}",
        "--no-browser",
    ];
    let outcome = run_conformance(&home, ALL, &command);
    let report = outcome.json();
    assert_eq!(rows(&report, "fail"), [""; 0], "{outcome}");
    assert_eq!(rows(&report, "unjudged"), [""; 0], "{outcome}");
    assert_eq!(report["passed"], report["rows"].as_array().unwrap().len());
    outcome.expect(0);
    assert!(
        !home.data().exists(),
        "the sessions of the cases are gone with their homes"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn client_that_breaks_most_rules_fails() {
    if Command::new("curl").arg("--version").output().is_err() {
        assert!(
            std::env::var("BRAINMAPS_TEST_INTEROP").as_deref() != Ok("required"),
            "curl is missing"
        );
        return;
    }
    let mut home = TestHome::new();
    home.set("PATH", "/usr/bin:/bin");
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/hasty.sh");
    let outcome = run_conformance(&home, "8", &[client.to_str().unwrap()]).expect(1);
    let report = outcome.json();
    let mut kept = rows(&report, "pass");
    // On a loaded machine, the client can be too slow to break the rule about the time between two polls.
    kept.retain(|row| row != "8628-3.5c");
    assert_eq!(kept, ["8628-3.1b", "6749-5.1"], "{outcome}");
    assert_eq!(
        rows(&report, "unjudged"),
        ["7636-4.1", "7636-4.2"],
        "{outcome}"
    );
    let text = report.to_string();
    for why in [
        "expected at least 5 s",
        "no faults: the user code was not shown",
        "declined: polls after a final response: 5",
        "another issuer: it used the metadata",
        "redirect to another origin: the code was sent to another origin",
    ] {
        assert!(text.contains(why), "no `{why}`: {outcome}");
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn certified_third_party_client_breaks_no_rule() {
    if !can_run_peers("conformance", false) {
        return;
    }
    let mut home = TestHome::new();
    home.set("PATH", &std::env::var("PATH").unwrap());
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/device-login.mjs");
    let outcome = run_conformance(&home, ALL, &["node", client.to_str().unwrap()]).expect(0);
    let report = outcome.json();
    assert_eq!(rows(&report, "fail"), [""; 0], "{outcome}");
    // It gives up where it could wait, which the rules allow.
    assert_eq!(
        rows(&report, "unjudged"),
        ["8628-3.5c", "9110-10.2.3"],
        "{outcome}"
    );
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn missing_command_and_client_without_requests_are_reported() {
    let home = TestHome::new();
    let missing = run_conformance(&home, ALL, &["/no/such/client"]).expect(1);
    assert!(
        missing.stdout.contains("cannot run `/no/such/client`"),
        "{missing}"
    );
    let idle = run_conformance(&home, ALL, &["/bin/true"]).expect(1);
    assert_eq!(rows(&idle.json(), "fail"), ["8628-3.1a"], "{idle}");
    home.run(&["sandbox", "conformance"]).expect(2);
    expect_documented(&idle.json());
}
