//! Arguments, commands, failures to exit codes. No logic: each command calls an action and shows its value.

mod app;
mod args;
mod commands;
mod duration_arg;
#[cfg(feature = "sandbox")]
mod embedded_sandbox;
mod failure;
mod global_flags;
mod usage;

use std::ffi::OsString;
use std::sync::Arc;

use clap::{Args, CommandFactory, FromArgMatches, Parser};
use serde_json::json;

use args::{Globals, ModeArgs};

pub use args::Cli;
pub use failure::{Code, Failure};

use crate::host::{Environment, Terminal, keep_memory_private};
use crate::ui::{OutputError, Shell, install_panic_hook};
use app::App;

/// The exit status of a command that did its work; other than 0 where its result is bad news.
pub(crate) type ExitStatus = u8;

/// The exit status when nothing more is to be said.
pub(crate) const SUCCESS: ExitStatus = 0;

/// Runs the program: `arguments` begin with its name. Returns the exit status.
pub fn run(arguments: &[OsString], environment: Environment) -> ExitStatus {
    install_panic_hook();
    let wants_json = arguments.iter().any(|argument| argument == "--json");
    let terminal = Terminal::detect(&environment);
    let cli = match parse_args(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage::report_usage_error(error, arguments, terminal, wants_json),
    };
    keep_memory_private();
    let shell = Arc::new(Shell::new(
        terminal,
        cli.globals.output_options(&environment),
    ));
    let flags = cli.globals.as_flags();
    let app = App::new(Arc::clone(&shell), cli.globals, environment);
    let result = match cli.command {
        _ if app.is_sandbox() && app.globals.api_url.is_some() => Err(api_url_in_sandbox_error()),
        #[cfg(feature = "tui")]
        None if cli.mode.visual => commands::visual::run(&app),
        #[cfg(feature = "tui")]
        Some(_) if cli.mode.visual => Err(Failure::new(
            Code::Usage,
            "--visual stands alone: it takes no command",
        )),
        Some(command) => commands::run(&app, command),
        None => Err(Failure::new(Code::Usage, "no command was given")),
    };
    match result {
        Ok(exit) => exit,
        Err(failure) if is_broken_pipe(&failure) => SUCCESS,
        Err(failure) => report_failure(&shell, &failure.with_global_flags(&flags)),
    }
}

/// The sandbox has URLs of its own: one that is ignored would pass for one that is used.
fn api_url_in_sandbox_error() -> Failure {
    Failure::new(Code::Usage, "--api-url cannot be used with --sandbox").with_hint(
        "leave out --api-url, or --sandbox and its variable BRAINMAPS_SANDBOX".to_owned(),
    )
}

/// What `arguments` say. Every command there is would get a copy of every global option, 80 KiB that most starts would
/// touch for nothing: so only those that are named take part, and the whole is there to explain a mistake.
fn parse_args(arguments: &[OsString]) -> Result<Cli, clap::Error> {
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

/// The whole command line, for completions and man pages.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Whether the failure is only that nobody reads the output any more (`| head`).
pub(crate) fn is_broken_pipe(failure: &Failure) -> bool {
    let output = failure
        .source
        .as_ref()
        .and_then(|source| source.downcast_ref::<OutputError>());
    matches!(output, Some(OutputError::Closed))
}

/// Says what went wrong, and returns its exit status.
fn report_failure(shell: &Shell, failure: &Failure) -> ExitStatus {
    if shell.options().json {
        match shell.document(&json!({ "error": failure })) {
            Ok(()) | Err(OutputError::Closed) => return failure.code.exit(),
            // A full disk: what a program cannot read, its user may.
            Err(OutputError::Failed(_) | OutputError::TooLong { .. }) => {}
        }
    }
    shell.error(failure.message.as_str());
    for cause in failure.causes() {
        shell.cause(cause.as_str());
    }
    for hint in &failure.hints {
        shell.hint(hint.as_str());
    }
    failure.code.exit()
}
