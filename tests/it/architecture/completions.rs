//! The completions and docs/reference/commands.md are what the program prints.

use std::{fmt::Write as _, fs, process::Command};

use super::help_texts::{help, subcommands};
use super::source::{expect_none, package, read};

/// Files that `brainmaps completions SHELL` writes, named as the shells want them.
const COMPLETIONS: &[(&str, &str)] = &[
    ("bash", "completions/brainmaps.bash"),
    ("zsh", "completions/_brainmaps"),
    ("fish", "completions/brainmaps.fish"),
    ("powershell", "completions/_brainmaps.ps1"),
    ("elvish", "completions/brainmaps.elv"),
];

/// Set, the files are written instead of compared.
const UPDATE: &str = "UPDATE_COMPLETIONS";

const UPDATE_COMMAND: &str = "UPDATE_COMPLETIONS=1 cargo test --test it completions";

#[test]
fn completions_are_up_to_date() {
    let update = std::env::var_os(UPDATE).is_some();
    let mut faults = Vec::new();
    for (shell, path) in COMPLETIONS {
        let written = Command::new(env!("CARGO_BIN_EXE_brainmaps"))
            .args(["completions", shell])
            .output()
            .unwrap();
        assert!(
            written.status.success(),
            "completions {shell}: {}",
            String::from_utf8_lossy(&written.stderr)
        );
        if update {
            fs::create_dir_all(package().join("completions")).unwrap();
            fs::write(package().join(path), &written.stdout).unwrap();
        } else if fs::read(package().join(path)).unwrap_or_default() != written.stdout {
            faults.push(format!("{path} is stale"));
        }
    }
    expect_none(&faults, UPDATE_COMMAND);
}

const REFERENCE: &str = "docs/reference/commands.md";

const INTRODUCTION: &str = "# Commands\n\n\
    This page shows the help of every command; `brainmaps COMMAND --help` prints the same. A test writes it:\n\
    `UPDATE_COMPLETIONS=1 cargo test --test it completions`. Every command also accepts the\n\
    [global options](global-options.md). [JSON output](json.md) describes the results, [Exit codes](exit-codes.md) the\n\
    failures.\n";

/// How the last paragraph of every help text begins.
const GLOBAL_OPTIONS: &str = "\nGlobal options (`brainmaps help global`): ";

/// Appends the help of a command and of all below it.
fn describe(path: &[&str], page: &mut String) {
    let text = help(path);
    let (own, _) = text
        .split_once(GLOBAL_OPTIONS)
        .unwrap_or_else(|| panic!("the help of {path:?} does not name the global options"));
    let level = "#".repeat(path.len().max(1) + 1);
    let title = [&["brainmaps"], path].concat().join(" ");
    let _ = write!(
        page,
        "\n{level} {title}\n\n```text\n{}\n```\n",
        own.trim_end()
    );
    for name in subcommands(&text) {
        describe(&[path, &[name.as_str()]].concat(), page);
    }
}

#[test]
fn command_reference_is_up_to_date() {
    let mut page = INTRODUCTION.to_owned();
    describe(&[], &mut page);
    if std::env::var_os(UPDATE).is_some() {
        fs::write(package().join(REFERENCE), &page).unwrap();
    }
    let is_stale = read(REFERENCE) != page;
    let faults: Vec<_> = is_stale
        .then(|| format!("{REFERENCE} is stale"))
        .into_iter()
        .collect();
    expect_none(&faults, UPDATE_COMMAND);
}
