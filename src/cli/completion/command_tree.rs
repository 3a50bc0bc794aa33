//! The part of the command line that a completion needs. Building all commands takes longer than the rest of a completion.

use std::ffi::OsString;

use clap::{Args as _, Command};

use crate::cli::args::ModeArgs;
use crate::cli::options::Globals;
use crate::host::Environment;

/// The index of the completed word, by which the program is 0. Shells that do not set it complete the last word.
const INDEX: &str = "_CLAP_COMPLETE_INDEX";

/// Returns a command line with the same completions as `whole` for the last of `words`, which follow the program's name.
pub(super) fn needed_for(
    words: &[OsString],
    environment: &Environment,
    whole: fn() -> Command,
) -> Command {
    let index = environment.get(INDEX).map(str::parse);
    let is_last = index.is_none_or(|index| index == Ok(words.len()));
    match words.split_last() {
        Some((_, before)) if is_last => needed_after(before, whole),
        _ => whole(),
    }
}

fn needed_after(before: &[OsString], whole: fn() -> Command) -> Command {
    if expects_profile(before) {
        return Globals::augment_args(program());
    }
    let whole = whole();
    let named = before.iter().find_map(|word| whole.find_subcommand(word));
    match named.cloned() {
        Some(named) => ModeArgs::augment_args(Globals::augment_args(program())).subcommand(named),
        // Commands are completed by their names, and have no options yet.
        None => whole
            .mut_args(|option| option.global(false))
            .mut_subcommands(|command| command.defer(|command| command)),
    }
}

/// Returns true if the next word is the name of a profile. Every command has the option, and no option takes a value that
/// begins with a hyphen.
fn expects_profile(before: &[OsString]) -> bool {
    let is_escaped = before.iter().any(|word| word == "--");
    let last = before.last();
    !is_escaped && last.is_some_and(|word| word == "--profile" || word == "-p")
}

fn program() -> Command {
    Command::new("brainmaps").disable_help_subcommand(true)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use clap_complete::engine::{ArgValueCandidates, CompletionCandidate, complete};

    use super::*;
    use crate::cli::Cli;

    /// Returns the completions of the last of `words` with candidates for `--profile`, and their descriptions.
    fn completed(command: Command, words: &[OsString]) -> Result<Vec<String>, String> {
        fn add(command: Command) -> Command {
            let values = || vec![CompletionCandidate::new("work"), "brainmaps".into()];
            let is_profile = |name: &str| name == "profile";
            command
                .mut_args(|argument| {
                    let argument = argument.hide(false);
                    if is_profile(argument.get_id().as_str()) {
                        return argument.add(ArgValueCandidates::new(values));
                    }
                    argument
                })
                .mut_subcommands(add)
        }
        let mut command = command;
        command.build();
        let mut arguments = vec![OsString::from("brainmaps")];
        arguments.extend_from_slice(words);
        let found = complete(&mut add(command), arguments, words.len(), None);
        let found = found.map_err(|error| error.to_string())?.into_iter();
        let text = |it: CompletionCandidate| {
            let help = it.get_help().map(ToString::to_string);
            format!("{:?} {help:?}", it.get_value())
        };
        Ok(found.map(text).collect())
    }

    const LINES: &[&str] = &[
        "",
        "t",
        "-",
        "--",
        "--p",
        "--profile",
        "-p",
        "-pw",
        "--profile=",
        "--profile=w",
        "--profile ",
        "--profile w",
        "--profile -",
        "--profile --",
        "-p w",
        "-qp w",
        "-q -p w",
        "--profile work ",
        "--profile work t",
        "--profile work token ",
        "--profile work --profile w",
        "--color --profile w",
        "--color a",
        "--color ",
        "--api-url --profile w",
        "-- --profile w",
        "token ",
        "token r",
        "token rm --p",
        "token ls --profile w",
        "token revoke -p w",
        "token revoke -yp w",
        "token revoke 12 ",
        "token revoke 12 -",
        "token create x --permission ",
        "token create x --scope --profile w",
        "tok --profile w",
        "tok ",
        "nothing here ",
        "login --storage ",
        "login --storage k",
        "login --pro",
        "profile ",
        "profile rm ",
        "profile use w",
        "profile add new --provider ",
        "-v profile add new --provider b",
        "credential print --format ",
        "credential print --format p",
        "credential print --format --profile w",
        "exec ",
        "exec -",
        "exec git --profile w",
        "exec -- git --profile w",
        "exec --env X --profile w",
        "api -f --profile w",
        "api GET --profile w",
        "helper ",
        "helper install ",
        "helper install git --profile w",
        "helper keyring -- --profile w",
        "helper keyring --mode --profile w",
        "sandbox serve --",
        "sandbox serve --profile w",
        "help ",
        "help tok",
        "--visual ",
        "status --visual --",
    ];

    #[test]
    fn completions_are_those_of_the_whole_command_line() {
        for text in LINES {
            let words: Vec<OsString> = text.split(' ').map(OsString::from).collect();
            let needed = needed_for(&words, &Environment::default(), Cli::command);
            let expected = completed(Cli::command(), &words);
            assert_eq!(completed(needed, &words), expected, "{text:?}");
        }
    }

    #[test]
    fn completing_the_name_of_a_profile_builds_no_command() {
        for text in ["--profile w", "token revoke -p w"] {
            let words: Vec<OsString> = text.split(' ').map(OsString::from).collect();
            let needed = needed_for(&words, &Environment::default(), || panic!());
            assert_eq!(
                completed(needed, &words).unwrap(),
                ["\"work\" None"],
                "{text}"
            );
        }
    }

    #[test]
    fn another_word_than_the_last_is_completed_with_the_whole_command_line() {
        let words = ["token", "--profile", "w"].map(OsString::from);
        let environment = Environment::from_vars([(INDEX, "1")]);
        let needed = needed_for(&words, &environment, Cli::command);
        assert!(needed.get_subcommands().count() > 10);
    }

    #[test]
    fn no_option_takes_a_value_that_begins_with_a_hyphen() {
        fn check(command: &Command) {
            let options = command.get_opts();
            let taken: Vec<_> = options
                .filter(|it| it.is_allow_hyphen_values_set())
                .collect();
            assert!(taken.is_empty(), "{}: {taken:?}", command.get_name());
            command.get_subcommands().for_each(check);
        }
        let mut whole = Cli::command();
        whole.build();
        check(&whole);
    }
}
