//! Sizes, and words that must not stand in the source.

use std::fs;

use super::source::{Source, expect_none, files, package, shown, sources, without_comments};

const MOST_LINES: usize = 400;

/// Services that are data. `brainmaps` is the program's own name too, and cannot be told apart.
const SERVICES: &[&str] = &[
    "neuroio",
    "brainpercent",
    "basira",
    "basic-memory",
    "basic_memory",
    "basicmemory",
];

/// The lines of `code` in which `fault` finds something, as `path:line: text`.
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
        .filter(|(count, _)| *count > MOST_LINES)
        .map(|(count, path)| format!("{path}: {count} lines"))
        .collect();
    expect_none(
        &faults,
        "split the file by what it owns; long tests go to a `tests.rs` beside it",
    );
}

#[test]
fn the_limit_of_40_lines_a_function_stands_and_nobody_steps_over_it() {
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

/// Ignored by a plain run because something else runs them.
const RUN_BY_OTHERS: &[(&str, &str)] = &[("\"run as a child by ", "the test that it names")];

#[test]
fn no_test_is_ignored_unless_something_else_runs_it() {
    // Written in two parts, so that this file does not find itself.
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
            lines(&shown(&path), &code, ignored)
        })
        .collect();
    expect_none(&faults, "make the test pass, or delete it");
}

#[test]
fn nothing_unfinished_is_left_in_the_source() {
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
fn a_service_is_data_and_no_code_names_one() {
    // The catalog has to name the files that it carries.
    let faults = code_lines(|source, line| {
        source.room != "sandbox"
            && !line.contains("include_str!")
            && SERVICES
                .iter()
                .any(|service| line.to_lowercase().contains(service))
    });
    expect_none(
        &faults,
        "say it in src/provider/builtin/*.toml; what data cannot say is a quirk with a name of its own",
    );
}
