//! The command line: parses arguments, runs a command, prints its result or failure.
//!
//! A command contains no logic of its own: it calls an action and prints the value.

mod app;
mod args;
mod commands;
mod completion;
mod failure;
mod options;
mod parse;
mod plain_arguments;
mod program_name;
mod reference;
mod usage;
mod whole_lines;

use std::ffi::OsString;
use std::sync::Arc;

use clap::CommandFactory as _;

pub use args::Cli;
pub use failure::{Code, Failure};

use crate::helper::ci_commands;
use crate::host::{Environment, Terminal, disable_core_dumps_and_ptrace, stderr_is_file};
use crate::ui::{Mask, Shell, install_panic_hook, run_jq_process};
use app::App;
use args::ModeArgs;
use commands::Command;
use failure::{ExitStatus, SUCCESS, is_broken_pipe, report_failure};
use parse::parse_args;

/// Runs the program. `arguments` begin with its name.
pub fn run(arguments: &[OsString], environment: Environment) -> ExitStatus {
    install_panic_hook();
    if let Some(status) = run_jq_process(arguments) {
        return status;
    }
    let arguments = &*program_name::expand(arguments);
    if environment.get(completion::VARIABLE).is_some() {
        return completion::complete(Cli::command, arguments, &environment);
    }
    // What follows `--` belongs to another program.
    let mut own_arguments = arguments.iter().take_while(|argument| *argument != "--");
    let has_jq = own_arguments.clone().any(|argument| argument == "--jq");
    let wants_json = own_arguments.any(|argument| argument == "--json") && !has_jq;
    let terminal = Terminal::detect(&environment);
    if matches!(arguments, [_, only] if only == "--version" || only == "-V") {
        // clap would take longer than the rest.
        return usage::print_version(terminal);
    }
    let cli = match parse_args(arguments, terminal.width) {
        Ok(cli) => cli,
        Err(error) => return usage::report_usage_error(error, arguments, terminal, wants_json),
    };
    disable_core_dumps_and_ptrace();
    let mut globals = cli.globals;
    if cli.command.as_ref().is_some_and(Command::has_own_format) {
        globals.own_format = globals.format.take();
    }
    let shell = Shell::new(terminal, globals.output_options(&environment));
    let shell = shell.with_repeated_options(globals.repeated_options());
    let shell = shell.with_mask(ci_mask(&environment));
    // An invalid filter fails before any request.
    let shell = match globals.output_filter() {
        Ok(filter) => Arc::new(shell.with_filter(filter)),
        Err(error) => return report_failure(&shell, &error.into()),
    };
    let app = App::new(Arc::clone(&shell), globals, environment);
    let result = check_options(&app).and_then(|()| dispatch(&app, &cli.mode, cli.command));
    record_result(&app, &result);
    match result {
        Ok(exit) => exit,
        Err(failure) if is_broken_pipe(&failure) => SUCCESS,
        Err(failure) => report_failure(&shell, &failure),
    }
}

/// Records the failure of the events that began and have no result. A command may succeed without one, such as a refresh.
fn record_result(app: &App, result: &Result<ExitStatus, Failure>) {
    let code = match result {
        Ok(_) => Code::Failed,
        Err(failure) => failure.code,
    };
    if let Some(warning) = app.record_failure(code) {
        app.shell.warning(warning);
    }
}

/// Returns how the CI runner masks a secret in its log; `None` if stderr is a file, which the runner does not read.
fn ci_mask(environment: &Environment) -> Option<Mask> {
    let platform = environment.ci_platform().filter(|_| !stderr_is_file())?;
    Some(Box::new(move |secret| ci_commands::mask(platform, secret)))
}

#[cfg_attr(
    not(feature = "tui"),
    expect(unused_variables, reason = "without the TUI there is no mode")
)]
fn dispatch(app: &App, mode: &ModeArgs, command: Option<Command>) -> Result<ExitStatus, Failure> {
    match command {
        #[cfg(feature = "tui")]
        None if mode.visual => commands::visual::run(app),
        #[cfg(feature = "tui")]
        Some(_) if mode.visual => Err(Failure::new(
            Code::Usage,
            "--visual cannot be used with a command",
        )),
        Some(command) => commands::run(app, command, Cli::command),
        None => Err(Failure::new(Code::Usage, "no command was given")),
    }
}

/// Variables that are on or off.
const SWITCHES: [&str; 2] = ["BRAINMAPS_SANDBOX", "BRAINMAPS_NO_INPUT"];

/// Fails for options and variables that would be ignored silently.
fn check_options(app: &App) -> Result<(), Failure> {
    let is_unclear = |name: &&str| {
        let value = app.environment.get(name).map(str::trim);
        let is_off = |value: &str| ["0", "false", "no", "off"].contains(&&*value.to_lowercase());
        !app.environment.is_enabled(name) && value.is_some_and(|value| !is_off(value))
    };
    if let Some(name) = SWITCHES.into_iter().find(is_unclear) {
        let message = format!("{name} is neither on nor off");
        return Err(Failure::new(Code::Usage, message).with_hint("set it to 1 or 0"));
    }
    // The sandbox has its own URLs.
    if app.is_sandbox() && app.globals.api_url.is_some() {
        let failure = Failure::new(Code::Usage, "--api-url cannot be used with --sandbox");
        let hint = "remove --api-url, or --sandbox and the variable BRAINMAPS_SANDBOX";
        return Err(failure.with_hint(hint));
    }
    Ok(())
}

/// The whole command line, for completions and man pages.
pub fn command() -> clap::Command {
    Cli::command()
}
