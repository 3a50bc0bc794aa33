//! `sandbox conformance`: this program passes every rule, and clients and helpers that break rules fail.

mod browser;
mod device;
mod helper;
mod resource;
mod workload;

use serde_json::Value;

use std::path::Path;

use crate::support::{
    peer::has_program,
    test_home::{CommandResult, TestHome},
};

/// Runs all cases in parallel: a client mostly waits.
const ALL: &str = "99";

fn run_conformance(home: &TestHome, jobs: &str, command: &[&str]) -> CommandResult {
    run_flow(home, &["--jobs", jobs], command)
}

fn run_flow(home: &TestHome, options: &[&str], command: &[&str]) -> CommandResult {
    let begin = ["sandbox", "conformance", "--json"];
    home.run(&[&begin, options, &["--"], command].concat())
}

/// Fails unless the document has a row for each rule of the report.
fn expect_documented(report: &Value) {
    let document = include_str!("../../../docs/sandbox/clients.md");
    for row in report["rows"].as_array().unwrap() {
        let line = format!(
            "| `{}` | {} |",
            row["id"].as_str().unwrap(),
            row["rule"].as_str().unwrap()
        );
        assert!(document.lines().any(|it| it == line), "add {line}");
    }
}

/// Returns the rules with this result.
fn rows(report: &Value, result: &str) -> Vec<String> {
    let rows = report["rows"].as_array().unwrap().iter();
    rows.filter(|row| row["result"] == result)
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Runs the program of the tests for `flow`, with these mistakes. `None` if a program is missing.
fn run_with_mistakes(flow: &str, mistakes: &[&str]) -> Option<CommandResult> {
    if !has_program("conformance of clients", "python3") {
        return None;
    }
    let mut home = TestHome::new();
    home.set("PATH", &std::env::var("PATH").unwrap());
    let client = format!("tests/clients/{flow}-login.py");
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).join(client);
    let command = [&["python3", client.to_str().unwrap()], mistakes].concat();
    let options = ["--flow", flow, "--jobs", "99", "--limit", "40s"];
    Some(run_flow(&home, &options, &command))
}

/// Fails unless the client of the tests breaks no rule, and each list of mistakes breaks these.
fn expect_mistakes_found(flow: &str, mistakes: &[(&[&str], &[&str])]) {
    for (mistakes, broken) in mistakes {
        let Some(outcome) = run_with_mistakes(flow, mistakes) else {
            return;
        };
        let report = outcome.json();
        assert_eq!(rows(&report, "fail"), *broken, "{mistakes:?}: {outcome}");
        if mistakes.is_empty() {
            assert_eq!(rows(&report, "unjudged"), [""; 0], "{outcome}");
        }
    }
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn client_that_requests_no_token_passes_no_rule() {
    let home = TestHome::new();
    for flow in ["browser", "resource", "workload"] {
        for command in ["/bin/true", "/bin/false"] {
            let outcome = run_flow(&home, &["--flow", flow, "--jobs", "99"], &[command]).expect(1);
            assert_eq!(rows(&outcome.json(), "pass"), [""; 0], "{flow} {outcome}");
        }
    }
}
