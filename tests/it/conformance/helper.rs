//! Credential helpers.

use std::path::Path;

use super::rows;
use crate::support::test_home::{CommandResult, TestHome};

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
fn helper_without_a_credential_leaves_rules_unjudged() {
    let home = TestHome::new();
    let outcome = check_helper(&home, "git", "60s", &["/bin/true"]).expect(1);
    assert_eq!(
        rows(&outcome.json(), "fail"),
        ["answer", "unknown"],
        "{outcome}"
    );
    let unjudged = rows(&outcome.json(), "unjudged");
    assert!(unjudged.contains(&"host".to_owned()), "{outcome}");
    let document = include_str!("../../../docs/sandbox/helpers.md");
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

#[test]
#[ignore = "slow: run by ./tests/run"]
fn helper_that_does_not_respond_is_reported_in_one_line() {
    let home = TestHome::new();
    let options = [
        "--helper",
        "git",
        "--host",
        "git.example.com",
        "--limit",
        "1s",
    ];
    let idle = ["--", "/bin/sh", "-c", "exec sleep 60"];
    let check = [&["sandbox", "conformance"], &options[..], &idle].concat();
    let mut waiting = TestHome::new();
    waiting.set("PATH", "/usr/bin:/bin");
    let outcome = waiting.run(&check).expect(1);
    let lines: Vec<&str> = outcome
        .stderr
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_eq!(lines.len(), 1, "{outcome}");
    assert!(lines[0].contains("did not exit within 1 s"), "{outcome}");
    assert!(outcome.stderr.lines().count() <= 3, "{outcome}");
    let silent = [
        &["sandbox", "conformance"],
        &options[..],
        &["--", "/bin/true"],
    ]
    .concat();
    let outcome = home.run(&silent).expect(1);
    let reasons = outcome
        .stderr
        .matches("the bound server got no credential")
        .count();
    assert_eq!(reasons, 1, "{outcome}");
}
