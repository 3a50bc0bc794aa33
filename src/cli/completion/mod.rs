//! Shell completion: the shell runs the program, which completes from local files and never contacts a server.
//!
//! A failure completes nothing and prints nothing: a message would land in the middle of what the user types.

mod candidates;
mod command_tree;
mod safe_shells;
mod session;

use std::any::TypeId;
use std::ffi::OsString;
use std::sync::Arc;

use clap::{Arg, Command};
use clap_complete::CompleteEnv;
use clap_complete::engine::ArgValueCandidates;
use clap_complete::env::Shells;

use super::failure::{Code, ExitStatus, SUCCESS};
use crate::actions::TokenArgument;
use crate::domain::{ProfileName, ProviderId};
use crate::host::Environment;
use candidates::Source;
use safe_shells::{SAFE_BASH, SAFE_POWERSHELL};
use session::CompletionSession;

/// Set by the completion scripts to the name of the shell.
pub(super) const VARIABLE: &str = "BRAINMAPS_COMPLETE";

/// Prints the completions of a command line, or the script that registers the program with the shell.
pub(super) fn complete(
    command_line: fn() -> Command,
    arguments: &[OsString],
    environment: &Environment,
) -> ExitStatus {
    let session = Arc::new(CompletionSession::new(environment, arguments));
    let directory = std::env::current_dir().ok();
    let shells: Shells<'_> = Shells(&[
        &SAFE_BASH,
        &clap_complete::env::Elvish,
        &clap_complete::env::Fish,
        &SAFE_POWERSHELL,
        &clap_complete::env::Zsh,
    ]);
    let command = || command_tree::needed_for(&session.words, environment, command_line);
    let result = CompleteEnv::with_factory(|| with_candidates(command(), &session))
        .var(VARIABLE)
        .bin("brainmaps")
        .shells(shells)
        .try_complete(arguments.to_vec(), directory.as_deref());
    let is_registration = !arguments.iter().any(|argument| argument == "--");
    match result {
        Err(error) if is_registration => {
            // stderr may be closed, and then the error cannot be reported.
            let _lost = error.print();
            Code::Usage.exit()
        }
        Ok(_) | Err(_) => SUCCESS,
    }
}

fn with_candidates(mut command: Command, session: &Arc<CompletionSession>) -> Command {
    // Groups define their commands when they are built.
    command.build();
    add_candidates(command, session)
}

fn add_candidates(command: Command, session: &Arc<CompletionSession>) -> Command {
    let name = command.get_name().to_owned();
    let add = |argument: Arg| {
        let source = source_for(&name, &argument);
        // The help of a command hides the global options.
        let argument = argument.hide(false);
        let Some(source) = source else {
            return argument;
        };
        let session = Arc::clone(session);
        argument.add(ArgValueCandidates::new(move || source.candidates(&session)))
    };
    command
        .mut_args(add)
        .mut_subcommands(|command| add_candidates(command, session))
}

/// Returns where the values of an argument come from, by its type, or else by its name.
fn source_for(command: &str, argument: &Arg) -> Option<Source> {
    let id = argument.get_id().as_str();
    // The name of a new profile is not one that exists.
    let is_new = argument.is_positional() && (command == "add" || id.starts_with("new"));
    let by_type = [
        (TypeId::of::<ProfileName>(), Source::Profiles),
        (TypeId::of::<ProviderId>(), Source::Providers),
        (TypeId::of::<TokenArgument>(), Source::Tokens),
    ];
    let kind = argument.get_value_parser().type_id();
    let mut by_type = by_type.into_iter().filter(|(of, _)| kind == *of);
    let by_name = match (command, id) {
        ("create", "permission") => Some(Source::Permissions),
        ("create", "scope") => Some(Source::TokenScopes),
        ("login", "scope") => Some(Source::LoginScopes),
        ("get" | "set" | "unset", "key") => Some(Source::Settings),
        ("set", "value") => Some(Source::SettingValues),
        ("approve" | "deny", "code") => Some(Source::SandboxCodes),
        _ => None,
    };
    let found = by_type.next().map(|(_, source)| source).or(by_name);
    found.filter(|_| !is_new)
}
