//! Rules for the help texts of all commands.

use std::{
    collections::HashMap,
    process::Command,
    sync::{Arc, LazyLock, Mutex, OnceLock},
};

use super::source::{expect_none, read};

/// The help of each command by its path, printed once for all tests.
static HELP: LazyLock<Mutex<HashMap<String, Arc<OnceLock<String>>>>> =
    LazyLock::new(Mutex::default);

/// Returns the help of a command at 100 columns, as `--help` prints it.
pub(super) fn help(path: &[&str]) -> String {
    let text = Arc::clone(HELP.lock().unwrap().entry(path.join(" ")).or_default());
    text.get_or_init(|| printed_help(path)).clone()
}

fn printed_help(path: &[&str]) -> String {
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

/// Returns the names in the section "Commands:" of a help text.
pub(super) fn subcommands(help: &str) -> Vec<String> {
    let section = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    section
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

/// How many examples the help of a command has.
const EXAMPLES: std::ops::RangeInclusive<usize> = 2..=3;

/// Appends the faults in the examples of a command and of all below it.
fn check_examples(command: &clap::Command, faults: &mut Vec<String>) {
    let name = command.get_bin_name().unwrap_or_default();
    let text = command.get_after_help().map(ToString::to_string);
    let text = text.unwrap_or_default();
    let lines = text.lines().filter(|line| line.starts_with("  "));
    let long = lines.clone().filter(|line| line.chars().count() > 80);
    faults.extend(long.map(|line| format!("{name}: longer than 80 columns: {line}")));
    let count = lines.count();
    // The help of the program shows a tour.
    if !name.is_empty() && !EXAMPLES.contains(&count) {
        faults.push(format!("{name}: {count} examples"));
    }
    for below in command.get_subcommands() {
        check_examples(below, faults);
    }
}

#[test]
fn every_command_shows_a_few_examples_that_fit_into_80_columns() {
    let mut command = brainmaps::cli::command();
    command.build();
    let mut faults = Vec::new();
    check_examples(&command, &mut faults);
    expect_none(
        &faults,
        "give the command two or three examples with `after_help!`; the others go into its guide",
    );
}

#[test]
fn every_global_option_is_explained() {
    let document = read("docs/reference/global-options.md");
    let command = brainmaps::cli::command();
    let globals = command
        .get_arguments()
        .filter(|argument| argument.is_global_set());
    let names = globals.filter_map(|argument| argument.get_long());
    let help = help(&[]);
    let faults: Vec<_> = names
        .map(|name| format!("--{name}"))
        .filter(|name| !document.contains(&format!("`{name}")) || !help.contains(name.as_str()))
        .collect();
    expect_none(
        &faults,
        "add it to docs/reference/global-options.md and to src/cli/help_text.rs",
    );
}

/// Collects the commands below `path` whose help begins with another text than their line in the list.
fn compare_descriptions(path: &[&str], faults: &mut Vec<String>) {
    let text = help(path);
    let listed = text.split("\nCommands:\n").nth(1).unwrap_or_default();
    let listed = listed.split("\n\n").next().unwrap_or_default();
    let listed = listed.split_whitespace().collect::<Vec<_>>().join(" ");
    for name in subcommands(&text) {
        let command = [path, &[name.as_str()]].concat();
        let own = help(&command);
        let first = own.split("\n\n").next().unwrap_or_default();
        let first = first.split_whitespace().collect::<Vec<_>>().join(" ");
        if !listed.contains(&format!("{name} {first}")) {
            faults.push(format!("{}: {first}", command.join(" ")));
        }
        compare_descriptions(&command, faults);
    }
}

#[test]
fn help_begins_with_the_description_in_the_list_of_commands() {
    let mut faults = Vec::new();
    compare_descriptions(&[], &mut faults);
    expect_none(&faults, "remove the doc comment of the flattened arguments");
}
