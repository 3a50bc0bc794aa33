//! docs/sandbox/conformance.md lists every RFC rule for a client with the tests that prove it: those whose names start
//! with the prefix of the rule.

use std::{fmt::Write as _, fs};

use super::conformance_rules::RULES;
use super::source::{all_sources, expect_none, package, read};

const DOCUMENT: &str = "docs/sandbox/conformance.md";

/// The document is written from the test output in the file that this variable names.
const UPDATE: &str = "UPDATE_CONFORMANCE";

/// Returns the name and the file of every test.
fn tests() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for source in all_sources() {
        let mut marked = false;
        for line in source.uncommented.lines().map(str::trim) {
            let name = line.split_once("fn ").map(|(_, rest)| rest);
            if let Some(name) = name.filter(|_| marked) {
                let name = name.split('(').next().unwrap_or_default();
                found.push((name.to_owned(), source.path.clone()));
            }
            let is_mark = line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            marked = is_mark || (marked && line.starts_with("#["));
        }
    }
    found
}

/// Renders the document; `result` returns the outcome of a test.
fn document(result: impl Fn(&str) -> &'static str) -> String {
    let tests = tests();
    let mut text = "# RFC conformance of this client\n\n\
        `tests/conformance` writes this page from a test run; a test keeps it up to date. `brainmaps sandbox conformance`\n\
        ([Check a client](clients.md)) also judges a client from outside, and\n\
        with `--helper` a [credential helper](helpers.md); this program passes every case.\n\n\
        | rule | requirement | tests | result |\n|---|---|---|---|\n"
        .to_owned();
    for (rule, prefix, asks) in RULES {
        let own: Vec<_> = tests
            .iter()
            .filter(|(name, _)| name.starts_with(prefix))
            .collect();
        let names: Vec<String> = own
            .iter()
            .map(|(name, path)| format!("`{name}` (`{path}`)"))
            .collect();
        let results: Vec<&str> = own.iter().map(|(name, _)| result(name)).collect();
        let result = if results.iter().all(|it| *it == "passes") {
            "passes"
        } else {
            "FAILS"
        };
        let _ = writeln!(
            text,
            "| {rule} | {asks} | {} | {result} |",
            names.join("<br>")
        );
    }
    text
}

/// Returns the result of a test in the output of a test run.
fn result_of(run: &str, name: &str) -> &'static str {
    let ended = |line: &&str| {
        let rest = line.strip_prefix("test ");
        let name_and_end = rest.and_then(|it| it.split_once(" ... "));
        name_and_end
            .is_some_and(|(path, end)| path.rsplit("::").next() == Some(name) && end == "ok")
    };
    if run.lines().any(|line| ended(&line)) {
        "passes"
    } else {
        "FAILS"
    }
}

#[test]
fn every_rfc_rule_has_a_test_and_the_document_is_up_to_date() {
    let tests = tests();
    let unproved: Vec<String> = RULES
        .iter()
        .filter(|(_, prefix, _)| !tests.iter().any(|(name, _)| name.starts_with(prefix)))
        .map(|(rule, prefix, _)| format!("{rule}: no test name starts with {prefix}"))
        .collect();
    expect_none(&unproved, "write a test with this prefix");
    if let Some(path) = std::env::var_os(UPDATE) {
        let run = fs::read_to_string(path).unwrap();
        fs::write(
            package().join(DOCUMENT),
            document(|name| result_of(&run, name)),
        )
        .unwrap();
    }
    let stale = read(DOCUMENT) != document(|_| "passes");
    let stale: Vec<String> = stale
        .then(|| format!("{DOCUMENT} is out of date or contains a failure"))
        .into_iter()
        .collect();
    expect_none(&stale, "tests/conformance");
}

#[test]
fn results_are_matched_by_the_whole_test_name() {
    let run = "running 2 tests\ntest oauth::a::rfc1_x ... ok\ntest oauth::a::rfc1_xy ... FAILED\n";
    assert_eq!(result_of(run, "rfc1_x"), "passes");
    assert_eq!(result_of(run, "rfc1_xy"), "FAILS");
    assert_eq!(result_of(run, "rfc1"), "FAILS");
}
