//! Size limits and banned text in the source.

use std::{fs, io::Write as _};

use super::source::{Source, all_sources, expect_none, package, read, sources};

const MAX_LINES: usize = 400;

/// Services that are described by data. `brainmaps` is missing: it is also the name of the program.
const SERVICES: &[&str] = &[
    "neuroio",
    "brainpercent",
    "basira",
    "basic-memory",
    "basic_memory",
    "basicmemory",
];

/// Returns the lines of `code` that match `is_fault`, as `path:line: text`.
fn lines(path: &str, code: &str, fault: impl Fn(&str) -> bool) -> Vec<String> {
    code.lines()
        .enumerate()
        .filter(|(_, line)| fault(line))
        .map(|(number, line)| format!("{path}:{}: {}", number + 1, line.trim()))
        .collect()
}

fn code_lines(fault: impl Fn(&Source, &str) -> bool) -> Vec<String> {
    sources()
        .flat_map(|source| lines(&source.path, &source.code, |line| fault(source, line)))
        .collect()
}

#[test]
fn no_source_file_is_longer_than_400_lines() {
    let faults: Vec<_> = sources()
        .map(|source| (source.text.lines().count(), &source.path))
        .filter(|(count, _)| *count > MAX_LINES)
        .map(|(count, path)| format!("{path}: {count} lines"))
        .collect();
    expect_none(
        &faults,
        "split the file by what it owns; long tests go to a `tests.rs` beside it",
    );
}

#[test]
fn no_function_is_longer_than_40_lines() {
    let limit = fs::read_to_string(package().join("clippy.toml")).unwrap();
    assert!(
        limit.contains("too-many-lines-threshold = 40"),
        "put `too-many-lines-threshold = 40` back into clippy.toml"
    );
    let faults = code_lines(|_, line| line.contains("too_many_lines"));
    expect_none(
        &faults,
        "split the function; clippy::too_many_lines is not to be expected away",
    );
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    let faults: Vec<_> = sources()
        .flat_map(|source| {
            lines(&source.path, &source.uncommented, |line| {
                line.contains("#[allow(") || line.contains("#![allow(")
            })
        })
        .collect();
    expect_none(&faults, "write #[expect(lint, reason = \"…\")]");
}

/// The reason of the tests that `cargo test` leaves out.
const SLOW: &str = "\"slow: run by ./tests/run\"";

/// Reasons for which a test may be ignored, and what runs it.
const RUN_BY_OTHERS: &[(&str, &str)] = &[
    ("\"run as a child by ", "the test that it names"),
    (SLOW, "./tests/run"),
];

/// Returns the attributes that ignore a test, as `path:line: text`.
fn ignored() -> Vec<String> {
    // Split so that this file does not match itself.
    let attribute = ["#[ign", "ore"].concat();
    all_sources()
        .iter()
        .flat_map(|source| {
            lines(&source.path, &source.uncommented, |line| {
                line.contains(&attribute)
            })
        })
        .collect()
}

#[test]
fn no_test_is_ignored_unless_something_else_runs_it() {
    let mut faults = ignored();
    faults.retain(|line| {
        !RUN_BY_OTHERS
            .iter()
            .any(|(reason, _)| line.contains(reason))
    });
    expect_none(&faults, "make the test pass, or delete it");
}

#[test]
fn tests_run_runs_the_slow_tests() {
    let slow = ignored();
    let slow = slow.iter().filter(|line| line.contains(SLOW)).count();
    assert!(read("tests/run").contains("--test it -- --ignored"));
    // Not captured: every run prints what it leaves out.
    let line = format!("\nLEFT TO ./tests/run: {slow} slow tests\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

#[test]
fn no_debugging_macro_is_left_in_the_source() {
    let faults = code_lines(|_, line| {
        ["dbg!", "todo!", "unimplemented!"]
            .iter()
            .any(|word| line.contains(word))
    });
    expect_none(
        &faults,
        "finish it, or return an error that says what is not supported",
    );
}

#[test]
fn no_code_names_a_service() {
    // The catalog includes the files by name.
    let faults = code_lines(|source, line| {
        source.module != "sandbox"
            && !line.contains("include_str!")
            && SERVICES
                .iter()
                .any(|service| line.to_lowercase().contains(service))
    });
    expect_none(
        &faults,
        "describe it in src/provider/builtin/*.toml; behaviour that data cannot describe is a named quirk",
    );
}
