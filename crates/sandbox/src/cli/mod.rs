//! The command line of the binary. The library must not depend on it.

mod args;
mod conformance;
mod serve;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use brainmaps_sandbox::{FAULT_ENDPOINTS, FAULT_KINDS, Sandbox, Settings, State};
use url::Url;

pub(crate) use args::Cli;
use args::Command;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

pub(crate) fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        Command::Serve(args) => serve::run(args)?,
        Command::Faults => list_faults()?,
        Command::Conformance(args) => return conformance::run(args),
        Command::Approve(args) => {
            open(&args.state)?.approve(&args.code)?;
            writeln!(io::stdout(), "approved {}", args.code)?;
        }
        Command::Deny(args) => {
            open(&args.state)?.deny(&args.code)?;
            writeln!(io::stdout(), "denied {}", args.code)?;
        }
        Command::Reset(args) => {
            open(&args.state)?.reset()?;
            writeln!(io::stdout(), "sandbox reset")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints `error: message: cause: …` to stderr.
pub(crate) fn print_error(error: &dyn Error) {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    // stderr may be closed, and then the error cannot be reported.
    let _ = writeln!(io::stderr(), "error: {message}");
}

fn settings(state: State) -> Result<Settings> {
    let base_url = Url::parse("http://localhost:8000")?;
    Ok(Settings::new(state, base_url, Arc::new(now)))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the binary reads the system clock and injects it"
)]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// Opens an existing state file. A misspelled path is an error and not a new state.
fn open(path: &Path) -> Result<Sandbox> {
    if !path.exists() {
        return Err(format!("no sandbox state at {}", path.display()).into());
    }
    let settings = settings(State::File(path.to_owned()))?;
    Ok(Sandbox::open(settings)?)
}

fn list_faults() -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "ENDPOINT[*COUNT]=KIND[:ARGUMENT]\n\nEndpoints:")?;
    for endpoint in &FAULT_ENDPOINTS {
        writeln!(out, "  {:<14}{}", endpoint.name, endpoint.meaning)?;
    }
    writeln!(
        out,
        "  {:<14}for example 'GET /api/tokens/'",
        "[METHOD ]PATH"
    )?;
    writeln!(out, "\nKinds:")?;
    for kind in &FAULT_KINDS {
        writeln!(
            out,
            "  {:<14}{:<44}{}",
            kind.name, kind.argument, kind.meaning
        )?;
    }
    Ok(())
}
