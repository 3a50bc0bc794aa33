//! `sandbox conformance`: this program passes every rule, and clients and helpers that break rules fail.

use std::{path::Path, process::Command};

use serde_json::Value;

use crate::support::{
    peer::available,
    test_home::{CommandResult, TestHome},
};

/// Runs all cases in parallel: a client mostly waits.
const ALL: &str = "99";

fn run_conformance(home: &TestHome, jobs: &str, command: &[&str]) -> CommandResult {
    let begin = ["sandbox", "conformance", "--json", "--jobs", jobs, "--"];
    let arguments: Vec<&str> = begin.iter().chain(command).copied().collect();
    home.run(&arguments)
}

/// Returns the rules with this result.
fn rows(report: &Value, result: &str) -> Vec<String> {
    let rows = report["rows"].as_array().unwrap().iter();
    rows.filter(|row| row["result"] == result)
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

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
        "declined: 5 polls after a final response",
        "another issuer: it used the metadata",
        "redirect to another origin: the device code was sent to another origin",
    ] {
        assert!(text.contains(why), "no `{why}`: {outcome}");
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn certified_third_party_client_breaks_no_rule() {
    if !available("conformance", false) {
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
}

/// Runs the cases of a credential helper. `git.example.com` is the server that it has a credential for.
fn check_helper(home: &TestHome, protocol: &str, limit: &str, command: &[&str]) -> CommandResult {
    let host = "git.example.com";
    let begin = [
        "sandbox",
        "conformance",
        "--json",
        "--jobs",
        "8",
        "--limit",
        limit,
    ];
    let helper = ["--helper", protocol, "--host", host, "--"];
    let arguments: Vec<&str> = begin
        .iter()
        .chain(&helper)
        .chain(command)
        .copied()
        .collect();
    home.run(&arguments)
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn own_helpers_pass_every_rule() {
    let home = TestHome::new();
    let login = [
        "--api-url",
        "https://git.example.com",
        "login",
        "--with-token",
        "--no-verify",
    ];
    home.run_with_input(&login, "key-c4n4ry-of-a-test")
        .expect(0);
    let program = env!("CARGO_BIN_EXE_brainmaps");
    // Cargo adds an argument that only a link with this name accepts.
    let link = home.path().join("brainmaps-credential-provider");
    std::os::unix::fs::symlink(program, &link).unwrap();
    let link = link.to_str().unwrap();
    for (protocol, command) in [
        ("git", &[program, "helper", "git"][..]),
        ("docker", &[program, "helper", "docker"]),
        ("kubectl", &[program, "helper", "kubectl"]),
        ("cargo", &[link]),
        ("goauth", &[program, "helper", "goauth"]),
    ] {
        let outcome = check_helper(&home, protocol, "60s", command);
        let report = outcome.json();
        assert_eq!(rows(&report, "fail"), [""; 0], "{protocol}: {outcome}");
        let unjudged = rows(&report, "unjudged");
        // A key has no expiry.
        assert!(unjudged.iter().all(|row| row == "expiry"), "{outcome}");
        outcome.expect(0);
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn mistakes_of_helpers_are_found() {
    let mut home = TestHome::new();
    home.set("PATH", "/usr/bin:/bin");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    for (protocol, script, broken) in [
        (
            "git",
            "git-credential-loose.sh",
            &[
                "protocol",
                "host",
                "port",
                "scheme",
                "control",
                "long",
                "endless",
                "expiry",
                "operation",
                "stderr",
            ][..],
        ),
        (
            "docker",
            "docker-credential-loose.sh",
            &[
                "protocol",
                "host",
                "port",
                "scheme",
                "control",
                "endless",
                "operation",
                "text",
                "user",
            ],
        ),
        (
            "kubectl",
            "kubectl-loose.sh",
            &[
                "exit", "host", "port", "scheme", "control", "empty", "version", "expiry",
            ],
        ),
    ] {
        let outcome = check_helper(
            &home,
            protocol,
            "10s",
            &[folder.join(script).to_str().unwrap()],
        );
        let report = outcome.json();
        assert_eq!(rows(&report, "fail"), broken, "{outcome}");
        let shown = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(!shown.contains("hunter2"), "{outcome}");
        outcome.expect(1);
    }
}

#[test]
fn helper_without_a_credential_is_not_judged_by_its_silence() {
    let home = TestHome::new();
    let outcome = check_helper(&home, "git", "60s", &["/bin/true"]).expect(1);
    assert_eq!(
        rows(&outcome.json(), "fail"),
        ["answer", "unknown"],
        "{outcome}"
    );
    let unjudged = rows(&outcome.json(), "unjudged");
    assert!(unjudged.contains(&"host".to_owned()), "{outcome}");
    let document = include_str!("../../docs/sandbox/helpers.md");
    for protocol in ["git", "docker", "kubectl", "cargo", "goauth"] {
        let report = check_helper(&home, protocol, "60s", &["/bin/true"]).json();
        for row in report["rows"].as_array().unwrap() {
            let (id, rule) = (row["id"].as_str().unwrap(), row["rule"].as_str().unwrap());
            let line = format!("| `{id}` | {rule} |");
            let line = document
                .lines()
                .find(|it| it.starts_with(&line))
                .unwrap_or_default();
            assert!(
                line.contains("| all |") || line.contains(protocol),
                "{protocol} {id}"
            );
        }
    }
    let missing = check_helper(&home, "git", "60s", &["/no/such/helper"]).expect(1);
    assert!(missing.stdout.contains("cannot run"), "{missing}");
    for invalid in [
        &["--helper", "svn", "--host", "a.example"][..],
        &["--helper", "git"],
        &["--host", "a.example"],
        &["--helper", "git", "--host", "https://a.example/path"],
        &["--helper", "git", "--host", "me@a.example"],
    ] {
        let command = [&["sandbox", "conformance"], invalid, &["--", "/bin/true"]].concat();
        home.run(&command).expect(2);
    }
}
