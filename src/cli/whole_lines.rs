//! Keeps the examples in help texts on one line each, so that they can be copied from a narrow terminal.
//!
//! clap wraps help texts at spaces. The spaces of an example are replaced by no-break spaces before it does, and restored
//! when the help is printed.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Command, Error};

const NO_BREAK_SPACE: &str = "\u{a0}";

/// Renders the help that `error` contains again, with unbroken examples.
pub(super) fn unbreak_examples(
    error: Error,
    command_line: fn() -> Command,
    arguments: &[OsString],
) -> Error {
    if !is_help(&error) {
        return error;
    }
    let mut command = command_line();
    // Groups define their commands when they are built.
    command.build();
    let parsed = with_unbroken_examples(command).try_get_matches_from(arguments);
    parsed.err().filter(is_help).unwrap_or(error)
}

/// Restores the spaces.
pub(super) fn restore_spaces(help: &str) -> String {
    help.replace(NO_BREAK_SPACE, " ")
}

pub(super) fn is_help(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    )
}

fn with_unbroken_examples(command: Command) -> Command {
    let text = command.get_after_help().map(ToString::to_string);
    let command = match text {
        Some(text) => command.after_help(unbreak_indented_lines(&text)),
        None => command,
    };
    command.mut_subcommands(with_unbroken_examples)
}

/// Only examples are indented.
fn unbreak_indented_lines(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        if line.starts_with("  ") {
            line.replace(' ', NO_BREAK_SPACE)
        } else {
            line.to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
