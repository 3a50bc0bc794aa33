//! Size limits and banned text in the source.

use std::fs;

use super::source::{Source, expect_none, files, package, relative, sources, without_comments};

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
        .iter()
        .flat_map(|source| lines(&source.path, &source.code, |line| fault(source, line)))
        .collect()
}

#[test]
fn no_source_file_is_longer_than_400_lines() {
    let faults: Vec<_> = sources()
        .iter()
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
        "mend: put `too-many-lines-threshold = 40` back into clippy.toml"
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
        .iter()
        .flat_map(|source| {
            lines(&source.path, &without_comments(&source.text), |line| {
                line.contains("#[allow(") || line.contains("#![allow(")
            })
        })
        .collect();
    expect_none(&faults, "write #[expect(lint, reason = \"…\")]");
}

/// Reasons for which a test may be ignored, and what runs it.
const RUN_BY_OTHERS: &[(&str, &str)] = &[("\"run as a child by ", "the test that it names")];

#[test]
fn no_test_is_ignored_unless_something_else_runs_it() {
    // Split so that this file does not match itself.
    let attribute = ["#[ign", "ore"].concat();
    let ignored = |line: &str| {
        line.contains(&attribute)
            && !RUN_BY_OTHERS
                .iter()
                .any(|(reason, _)| line.contains(reason))
    };
    let faults: Vec<_> = ["src", "crates", "tests/it"]
        .iter()
        .flat_map(|folder| files(folder, "rs"))
        .flat_map(|path| {
            let code = without_comments(&fs::read_to_string(&path).unwrap());
            lines(&relative(&path), &code, ignored)
        })
        .collect();
    expect_none(&faults, "make the test pass, or delete it");
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
