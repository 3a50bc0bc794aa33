//! `sandbox conformance`: this program passes every rule, and clients and helpers that break rules fail.

mod browser;
mod device;
mod helper;

use serde_json::Value;

use crate::support::test_home::{CommandResult, TestHome};

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
