//! Parses the arguments.

use std::ffi::OsString;

use clap::{Args as _, CommandFactory as _, FromArgMatches as _, Parser as _};

use super::args::{Cli, ModeArgs};
use super::globals::Globals;

/// What `arguments` say. Every command there is would get a copy of every global option, 80 KiB that most starts would
/// touch for nothing: so only those that are named take part, and the whole is there to explain a mistake.
pub(super) fn parse_args(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let whole = Cli::command();
    let is_named = |it: &&clap::Command| arguments.iter().any(|word| word == it.get_name());
    let named: Vec<_> = whole.get_subcommands().filter(is_named).cloned().collect();
    if named.is_empty() {
        let is_visual = arguments.iter().any(|word| word == "--visual");
        let whole = whole.subcommand_required(!is_visual);
        return parse_with(whole.mut_args(|option| option.global(false)), arguments);
    }
    let root = clap::Command::new("brainmaps").subcommand_required(true);
    let root = ModeArgs::augment_args(Globals::augment_args(root)).subcommands(named);
    parse_with(root, arguments).or_else(|_| Cli::try_parse_from(arguments))
}

fn parse_with(command: clap::Command, arguments: &[OsString]) -> Result<Cli, clap::Error> {
    Cli::from_arg_matches_mut(&mut command.try_get_matches_from(arguments)?)
}
