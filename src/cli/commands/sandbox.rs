//! `sandbox serve|faults|conformance|approve|deny|reset|path`

mod conformance;
mod faults;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use jiff::SignedDuration;
use serde_json::json;
use tokio::net::TcpListener;

use crate::cli::app::{App, run_to_completion};
use crate::cli::duration_arg;
use crate::cli::embedded_sandbox::{settings, state_path};
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::{Code, Failure};
use crate::host::told_to_stop;
use crate::sandbox::{DEMO_EMAIL, DEMO_PASSWORD, Fault, Sandbox, State, serve};
use crate::ui::Span;

/// A local stand-in for the services: same calls, same rules, invented data. For trying things out and for tests.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum SandboxCommand {
    /// Answer on a port of this machine, until Ctrl-C
    Serve(ServeArgs),
    /// What `serve --fault` can make go wrong
    Faults,
    /// Which rules of the device flow any client keeps
    Conformance(conformance::ConformanceArgs),
    /// Approve a sign-in, as its owner would on the page
    Approve(DecideArgs),
    /// Deny a sign-in
    Deny(DecideArgs),
    /// Forget every token, key and session of the sandbox
    Reset(StateArgs),
    /// Where the state is
    Path,
}

/// The port in the URLs of `--sandbox`.
const DEFAULT_PORT: u16 = 8000;

/// Which state.
#[derive(Debug, Args)]
pub struct StateArgs {
    /// The file, where `sandbox serve` got one
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

/// Decides about a sign-in that waits.
#[derive(Debug, Args)]
pub struct DecideArgs {
    /// The code that the terminal shows
    code: String,
    #[command(flatten)]
    state: StateArgs,
}

/// Answers on loopback. The account is demo@brainmaps.test with the password demo.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps sandbox serve\n  \
    brainmaps sandbox serve --port 0 --memory --auto-approve\n  \
    brainmaps sandbox serve --fault 'poll*2=slow_down' --fault refresh=lost\n  \
    brainmaps --sandbox login                                in another terminal, with the state of the first")]
pub struct ServeArgs {
    /// The port; 0 for any free one
    #[arg(long, default_value_t = DEFAULT_PORT)]
    port: u16,
    /// Keep the state in this file
    #[arg(long, value_name = "FILE", conflicts_with = "memory")]
    state: Option<PathBuf>,
    /// Keep the state in memory alone
    #[arg(long)]
    memory: bool,
    /// Approve every sign-in at once
    #[arg(long)]
    auto_approve: bool,
    /// Seconds between two polls
    #[arg(long, value_name = "TIME", value_parser = duration_arg::parse)]
    interval: Option<SignedDuration>,
    /// How long access tokens live
    #[arg(long, value_name = "TIME", value_parser = duration_arg::parse)]
    access_ttl: Option<SignedDuration>,
    /// How long device codes live
    #[arg(long, value_name = "TIME", value_parser = duration_arg::parse)]
    code_ttl: Option<SignedDuration>,
    /// Make something go wrong: `ENDPOINT[*COUNT]=KIND[:ARGUMENT]`, as `sandbox faults` lists them; may be repeated
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<Fault>,
}

pub(crate) fn run(app: &App, command: SandboxCommand) -> Result<ExitStatus, Failure> {
    let path = state_path(&app.paths()?);
    match command {
        SandboxCommand::Serve(args) => run_server(app, &path, &args),
        SandboxCommand::Faults => faults::list(app),
        SandboxCommand::Conformance(args) => conformance::run(app, &path, &args),
        SandboxCommand::Approve(args) => {
            args.state.open(&path)?.approve(&args.code)?;
            print_decision(app, &args.code, "approved")
        }
        SandboxCommand::Deny(args) => {
            args.state.open(&path)?.deny(&args.code)?;
            print_decision(app, &args.code, "denied")
        }
        SandboxCommand::Reset(args) => {
            args.open(&path)?.reset()?;
            let text = "the sandbox is as new".to_owned();
            print_result(app, &json!({ "reset": true }), text)
        }
        SandboxCommand::Path => {
            let path = path.display().to_string();
            print_result(app, &json!({ "path": path }), path)
        }
    }
}

impl StateArgs {
    fn open(&self, default_path: &Path) -> Result<Sandbox, Failure> {
        let path = self.state.as_deref().unwrap_or(default_path);
        if self.state.is_some() && !path.exists() {
            let message = format!("there is no sandbox state at {}", path.display());
            return Err(Failure::new(Code::NotFound, message));
        }
        Ok(Sandbox::open(settings(path)?)?)
    }
}

fn print_decision(app: &App, code: &str, decision: &str) -> Result<ExitStatus, Failure> {
    let document = json!({ "user_code": code, "decision": decision });
    print_result(app, &document, format!("{decision} {code}"))
}

fn print_result(
    app: &App,
    document: &serde_json::Value,
    text: String,
) -> Result<ExitStatus, Failure> {
    if app.shell.options().json {
        app.shell.document(document)?;
    } else {
        app.shell.result(text)?;
    }
    Ok(SUCCESS)
}

fn run_server(app: &App, path: &Path, args: &ServeArgs) -> Result<ExitStatus, Failure> {
    let mut settings = settings(args.state.as_deref().unwrap_or(path))?;
    if args.memory {
        settings.state = State::Memory;
    }
    settings.auto_approve = args.auto_approve;
    settings.interval = duration_or_default(args.interval, settings.interval);
    settings.access_ttl = duration_or_default(args.access_ttl, settings.access_ttl);
    settings.code_ttl = duration_or_default(args.code_ttl, settings.code_ttl);
    settings.faults.add(args.faults.iter().cloned());
    let sandbox = Sandbox::open(settings)?;
    run_to_completion(|| async {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| port_error(args.port, &error))?;
        let port = listener
            .local_addr()
            .map_err(|error| port_error(args.port, &error))?
            .port();
        let stop = told_to_stop();
        print_address(app, port, args)?;
        serve(sandbox, listener, stop)
            .await
            .map_err(|error| Failure::new(Code::Failed, error.to_string()))
    })?;
    Ok(SUCCESS)
}

fn print_address(app: &App, port: u16, args: &ServeArgs) -> Result<(), Failure> {
    let faults = args.faults.len();
    let url = format!("http://localhost:{port}");
    if app.shell.options().json {
        app.shell.document(&json!({ "url": url }))?;
        return Ok(());
    }
    app.shell.result([
        Span::plain("the sandbox answers at "),
        Span::bold(url.as_str()),
    ])?;
    app.shell.status(format!(
        "account {DEMO_EMAIL}, password {DEMO_PASSWORD}; Ctrl-C stops it"
    ));
    for line in login_commands(args, port, &url) {
        app.shell.status(line);
    }
    if faults > 0 {
        app.shell.status(format!(
            "faults in force: {faults}; see and change them at {url}/_sandbox/faults"
        ));
    }
    Ok(())
}

/// How another terminal signs in. `--sandbox` shares the state in its usual file, and keeps its credentials apart from those
/// of the real services; a profile of its own does that where the state, the port or the settings are this server's alone.
fn login_commands(args: &ServeArgs, port: u16, url: &str) -> Vec<String> {
    let is_shared = !args.memory && args.state.is_none();
    let is_plain = args.faults.is_empty()
        && !args.auto_approve
        && args.interval.is_none()
        && args.access_ttl.is_none()
        && args.code_ttl.is_none();
    let shared_state = "sign in from another terminal: brainmaps --sandbox login".to_owned();
    let own_profile = format!(
        "sign in at this address: brainmaps --api-url {url} profile add sandbox-{port} --provider brainmaps, then brainmaps \
         --profile sandbox-{port} login"
    );
    match (is_shared, is_plain && port == DEFAULT_PORT) {
        (true, true) => vec![shared_state],
        (true, false) => vec![shared_state, own_profile],
        (false, _) => vec![own_profile],
    }
}

fn port_error(port: u16, error: &std::io::Error) -> Failure {
    Failure::new(Code::Failed, format!("port {port} cannot be used: {error}"))
        .with_hint("choose another: --port 0 takes any free one".to_owned())
}

fn duration_or_default(time: Option<SignedDuration>, default: Duration) -> Duration {
    time.and_then(|time| time.try_into().ok())
        .unwrap_or(default)
}
