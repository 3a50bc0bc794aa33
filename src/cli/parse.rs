//! Parses the arguments.

use std::ffi::OsString;

use clap::error::ContextKind;
use clap::{Args as _, CommandFactory as _, FromArgMatches as _, Parser as _};

use super::args::{Cli, ModeArgs};
use super::commands::Command;
use super::options::Globals;
use super::plain_arguments;
use super::whole_lines::unbreak_examples;

/// No example in a help text is longer, in columns.
const EXAMPLE_WIDTH: usize = 80;

/// Parses `arguments`, which begin with the name of the program. The help of a command is returned as an error, for a
/// terminal with `width` columns.
pub(super) fn parse_args(arguments: &[OsString], width: usize) -> Result<Cli, clap::Error> {
    if let Some(cli) = plain_arguments::parse(arguments) {
        return Ok(cli);
    }
    let cli = parse(arguments)
        .map_err(|error| whole_examples(error, arguments, width))
        .map_err(|error| help_of_group(error, arguments, width))?;
    let help = match &cli.command {
        Some(Command::Help(args)) => args.command(),
        _ => None,
    };
    match help {
        None => Ok(cli),
        Some(command) => {
            let program = arguments.iter().take(1).cloned();
            let command = command.iter().map(OsString::from);
            let arguments: Vec<_> = program.chain(command).chain(["--help".into()]).collect();
            parse_help(&arguments, width)
        }
    }
}

/// Supports `brainmaps token help create`, which is `brainmaps help token create`.
fn help_of_group(error: clap::Error, arguments: &[OsString], width: usize) -> clap::Error {
    let unknown = error.get(ContextKind::InvalidSubcommand);
    if unknown.is_none_or(|name| name.to_string() != "help") {
        return error;
    }
    let others = arguments.iter().filter(|argument| *argument != "help");
    let help: Vec<_> = others.cloned().chain(["--help".into()]).collect();
    parse_help(&help, width).err().unwrap_or(error)
}

fn parse_help(arguments: &[OsString], width: usize) -> Result<Cli, clap::Error> {
    let parsed = Cli::try_parse_from(arguments);
    parsed.map_err(|error| whole_examples(error, arguments, width))
}

/// Keeps examples on one line. They fit into 80 columns, and rendering the help again takes longer than all the rest.
fn whole_examples(error: clap::Error, arguments: &[OsString], width: usize) -> clap::Error {
    if width >= EXAMPLE_WIDTH {
        return error;
    }
    unbreak_examples(error, Cli::command, arguments)
}

/// Builds only the commands that are named, because each gets a copy of every global option: a tenth of the time of a
/// command without requests.
fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let whole = Cli::command();
    let is_named = |it: &&clap::Command| arguments.iter().any(|word| word == it.get_name());
    let named: Vec<_> = whole.get_subcommands().filter(is_named).cloned().collect();
    if named.is_empty() {
        let is_visual = arguments.iter().any(|word| word == "--visual");
        let whole = whole.subcommand_required(!is_visual);
        return parse_with(whole.mut_args(|option| option.global(false)), arguments);
    }
    let root = clap::Command::new("brainmaps")
        .disable_help_subcommand(true)
        .subcommand_required(true);
    let root = ModeArgs::augment_args(Globals::augment_args(root)).subcommands(named);
    parse_with(root, arguments).or_else(|_| Cli::try_parse_from(arguments))
}

fn parse_with(command: clap::Command, arguments: &[OsString]) -> Result<Cli, clap::Error> {
    Cli::from_arg_matches_mut(&mut command.try_get_matches_from(arguments)?)
}
