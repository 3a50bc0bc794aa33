//! The command line: parses arguments, runs a command, prints its result or failure.
//!
//! A command contains no logic of its own: it calls an action and prints the value.

mod app;
mod args;
mod commands;
mod completion;
mod duration_arg;
#[cfg(feature = "sandbox")]
mod embedded_sandbox;
mod exit;
mod failure;
mod global_flags;
mod globals;
mod help_text;
mod parse;
mod reference;
mod report;
mod usage;

use std::ffi::OsString;
use std::sync::Arc;

use clap::CommandFactory as _;

pub use args::Cli;
pub use failure::{Code, Failure};

use crate::host::{Environment, Terminal, disable_core_dumps_and_ptrace};
use crate::ui::{Shell, install_panic_hook};
use app::App;
use exit::{ExitStatus, SUCCESS};
use parse::parse_args;
use report::{is_broken_pipe, report_failure};

/// Runs the program: `arguments` begin with its name. Returns the exit status.
pub fn run(arguments: &[OsString], environment: Environment) -> ExitStatus {
    install_panic_hook();
    if environment.get(completion::VARIABLE).is_some() {
        return completion::complete(Cli::command, arguments, &environment);
    }
    let wants_json = arguments.iter().any(|argument| argument == "--json");
    let terminal = Terminal::detect(&environment);
    let cli = match parse_args(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage::report_usage_error(error, arguments, terminal, wants_json),
    };
    disable_core_dumps_and_ptrace();
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
        Some(command) => commands::run(&app, command, Cli::command),
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

/// The whole command line, for completions and man pages.
pub fn command() -> clap::Command {
    Cli::command()
}
