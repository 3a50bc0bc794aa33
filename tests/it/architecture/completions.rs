//! The completions and docs/reference/commands.md are what the program prints.

use std::{fmt::Write as _, fs, process::Command};

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
    `UPDATE_COMPLETIONS=1 cargo test --test it completions`. [JSON output](json.md) describes the results,\n\
    [Exit codes](exit-codes.md) the failures.\n";

/// Returns the help of a command at 100 columns, as `--help` prints it.
fn help(path: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_brainmaps"))
        .args(path)
        .arg("--help")
        .env_clear()
        .env("COLUMNS", "100")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{path:?} --help");
    String::from_utf8(output.stdout).unwrap()
}

/// Splits a help text into its global options and everything else.
fn split_global_options(help: &str) -> (String, String) {
    let (mut globals, mut own) = (String::new(), String::new());
    let mut is_global = false;
    for line in help.lines() {
        if !line.starts_with(' ') && !line.is_empty() {
            is_global = line == "Global options:";
        }
        let part = if is_global { &mut globals } else { &mut own };
        part.push_str(line.trim_end());
        part.push('\n');
    }
    (globals.trim_end().to_owned(), own.trim_end().to_owned())
}

/// Returns the names in the section "Commands:" of a help text.
fn subcommands(help: &str) -> Vec<String> {
    let section = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    section
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty() && *name != "help")
        .map(ToOwned::to_owned)
        .collect()
}

/// Appends the help of a command and of all below it.
fn describe(path: &[&str], page: &mut String) {
    let text = help(path);
    let (globals, own) = split_global_options(&text);
    let mut block = |title: &str, text: &str| {
        let _ = write!(page, "\n{title}\n\n```text\n{text}\n```\n");
    };
    if path.is_empty() {
        block("## brainmaps", &own);
        block("## Global options", &globals);
    } else {
        let level = "#".repeat(path.len() + 1);
        block(&format!("{level} brainmaps {}", path.join(" ")), &own);
    }
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
