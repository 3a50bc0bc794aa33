//! Shell completion: the shell runs the program, which completes from local files and never contacts a server.

use std::any::TypeId;
use std::ffi::OsString;

use clap::{Arg, Command};
use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

use super::failure::{Code, ExitStatus, SUCCESS};
use crate::actions::TokenArgument;
use crate::domain::{ProfileName, ProviderId};
use crate::host::{Environment, Paths};
use crate::provider::Catalog;
use crate::vault::{JournaledOperation, Vault};

/// Set by the completion scripts to the name of the shell.
pub(super) const VARIABLE: &str = "BRAINMAPS_COMPLETE";

/// Prints the completions of a command line, or the script that registers the program with the shell.
pub(super) fn complete(
    command_line: fn() -> Command,
    arguments: &[OsString],
    environment: &Environment,
) -> ExitStatus {
    let is_sandbox = arguments.iter().any(|argument| argument == "--sandbox")
        || environment.is_enabled("BRAINMAPS_SANDBOX");
    let known = KnownNames::read(environment, is_sandbox);
    let directory = std::env::current_dir().ok();
    let result = CompleteEnv::with_factory(|| with_candidates(command_line(), &known))
        .var(VARIABLE)
        .bin("brainmaps")
        .try_complete(arguments.to_vec(), directory.as_deref());
    match result {
        Ok(_) => SUCCESS,
        Err(error) => {
            // stderr may be closed, and then the error cannot be reported.
            let _lost = error.print();
            Code::Usage.exit()
        }
    }
}

/// Names that are known without a request.
struct KnownNames {
    profiles: Vec<String>,
    providers: Vec<String>,
    /// Ids in journals of unfinished rotations: lists of tokens are not stored.
    tokens: Vec<String>,
}

impl KnownNames {
    fn read(environment: &Environment, is_sandbox: bool) -> Self {
        let Ok(paths) = Paths::resolve(environment) else {
            return Self::of(None, Vec::new());
        };
        let providers = Catalog::new(paths.providers_dir()).ids();
        let data = if is_sandbox {
            paths.sandbox_dir()
        } else {
            paths.data
        };
        Self::of(Some(&Vault::new(data)), providers)
    }

    fn of(vault: Option<&Vault>, providers: Vec<String>) -> Self {
        let index = vault.and_then(|vault| vault.index().ok());
        let own = index.iter().flat_map(|index| index.profiles.keys());
        let own = own.map(ToString::to_string);
        let mut profiles: Vec<_> = own.chain(providers.iter().cloned()).collect();
        profiles.sort();
        profiles.dedup();
        let journals = vault.map(|vault| vault.unfinished_journals(None));
        let tokens = journals
            .into_iter()
            .flatten()
            .filter_map(|journal| match journal.content {
                Ok(JournaledOperation::Rotation { old, .. }) => Some(old.to_string()),
                _ => None,
            });
        Self {
            tokens: tokens.collect(),
            profiles,
            providers,
        }
    }

    /// The names that an argument accepts, by the type of its value.
    fn of_argument(&self, argument: &Arg) -> Option<&[String]> {
        let kind = argument.get_value_parser().type_id();
        let names = [
            (TypeId::of::<ProfileName>(), &self.profiles),
            (TypeId::of::<ProviderId>(), &self.providers),
            (TypeId::of::<TokenArgument>(), &self.tokens),
        ];
        let mut names = names.into_iter().filter(|(of, _)| kind == *of);
        names.next().map(|(_, names)| names.as_slice())
    }
}

fn with_candidates(mut command: Command, known: &KnownNames) -> Command {
    // Groups define their commands when they are built.
    command.build();
    add_candidates(command, known)
}

fn add_candidates(command: Command, known: &KnownNames) -> Command {
    // The name of a new profile is not one that exists.
    let is_new = command.get_name() == "add";
    let add = |argument: Arg| {
        let is_positional = argument.is_positional();
        let names = known.of_argument(&argument).map(<[String]>::to_vec);
        // The help of a command hides the global options.
        let argument = argument.hide(false);
        match names {
            Some(names) if !(is_new && is_positional) => {
                let candidates = move || names.iter().map(CompletionCandidate::new).collect();
                argument.add(ArgValueCandidates::new(candidates))
            }
            _ => argument,
        }
    };
    command
        .mut_args(add)
        .mut_subcommands(|command| add_candidates(command, known))
}
