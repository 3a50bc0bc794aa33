//! Rules for the shell scripts.

use std::{fs, path::PathBuf};

use super::source::{expect_none, package, relative};

const FOLDERS: &[&str] = &[".ci", "packaging", "tests"];

/// Returns the scripts of [`FOLDERS`] in which a failure anywhere in a pipe fails the pipe.
fn strict_scripts() -> Vec<(String, String)> {
    let files = FOLDERS
        .iter()
        .flat_map(|folder| fs::read_dir(package().join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file());
    let script = |path: PathBuf| Some((relative(&path), fs::read_to_string(&path).ok()?));
    files
        .filter_map(script)
        .filter(|(_, text)| text.starts_with("#!") && text.contains("pipefail"))
        .collect()
}

/// Whether a command of a pipe can end before it has read all of its input.
fn stops_reading(command: &str) -> bool {
    let mut words = command.split_whitespace();
    match words.next() {
        Some("head") => true,
        Some("grep") => words
            .take_while(|word| word.starts_with('-'))
            .any(|option| option.trim_start_matches("--").contains('q')),
        _ => false,
    }
}

/// Whether a command of `line` reads a pipe in part.
fn has_partly_read_pipe(line: &str) -> bool {
    line.replace("||", "\n")
        .lines()
        .any(|pipe| pipe.split('|').skip(1).any(stops_reading))
}

#[test]
fn no_pipe_of_a_strict_script_is_read_in_part() {
    let scripts = strict_scripts();
    assert!(scripts.len() > 3, "{scripts:?}");
    let faults: Vec<_> = scripts
        .iter()
        .flat_map(|(path, text)| {
            text.lines()
                .filter(|line| has_partly_read_pipe(line))
                .map(move |line| format!("{path}: {}", line.trim()))
        })
        .collect();
    expect_none(
        &faults,
        "the writer dies of SIGPIPE by chance, and `pipefail` makes that a failure: compare the whole output, or read a file",
    );
}

#[test]
fn a_partly_read_pipe_is_recognised() {
    for line in ["a | head -n 1", "a | b | grep -q c", "a | grep -vq c"] {
        assert!(has_partly_read_pipe(line), "{line}");
    }
    for line in [
        "a | grep q",
        "a || head -n 1 file",
        "grep -q a file",
        "a | grep -v q",
    ] {
        assert!(!has_partly_read_pipe(line), "{line}");
    }
}
