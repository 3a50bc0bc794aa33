//! `sandbox serve|faults|conformance|ci|approve|deny|reset|path`: serves the sandbox and manages its state.

mod ci;
mod conformance;
mod faults;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use jiff::SignedDuration;
use serde_json::json;
use tokio::net::TcpListener;

use crate::cli::app::embedded_sandbox::{settings, state_path};
use crate::cli::app::{App, Message, run_to_completion};
use crate::cli::failure::{Code, ExitStatus, Failure, SUCCESS};
use crate::cli::options::duration;
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::cli::options::number;
use crate::host::shutdown_signal;
use crate::sandbox::{DEMO_EMAIL, DEMO_PASSWORD, Fault, Sandbox, State, parse_redirect_uri, serve};
use crate::ui::{Line, Span};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum SandboxCommand {
    /// Serve the sandbox on a local port until Ctrl-C
    Serve(ServeArgs),
    /// List the faults that `serve --fault` can inject
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps sandbox faults",
            "brainmaps sandbox faults --json",
        ],
        see: "brainmaps sandbox serve, brainmaps sandbox conformance"
    }
    )]
    Faults,
    /// Check a client of an OAuth 2.0 flow, or a credential helper
    Conformance(conformance::ConformanceArgs),
    /// Run a command as a job of a CI system with an identity
    Ci(ci::CiArgs),
    /// Approve a sign-in
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps sandbox approve DXCB-VBBQ",
            "brainmaps sandbox approve DXCB-VBBQ --state state.sqlite3",
        ],
        see: "brainmaps sandbox deny, brainmaps sandbox serve"
    }
    )]
    Approve(DecideArgs),
    /// Deny a sign-in
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps sandbox deny DXCB-VBBQ",
            "brainmaps sandbox deny DXCB-VBBQ --state state.sqlite3",
        ],
        see: "brainmaps sandbox approve, brainmaps sandbox serve"
    }
    )]
    Deny(DecideArgs),
    /// Delete every token, key and session of the sandbox
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps sandbox reset",
            "brainmaps sandbox reset --state test.sqlite3",
        ],
        see: "brainmaps sandbox serve, brainmaps sandbox path"
    }
    )]
    Reset(StateArgs),
    /// Print the path of the sandbox state
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps sandbox path",
            "ls -l \"$(brainmaps sandbox path)\"",
        ],
        see: "brainmaps sandbox reset, brainmaps sandbox serve"
    }
    )]
    Path,
}

/// The port in the URLs of `--sandbox`.
const DEFAULT_PORT: u16 = 8000;

#[derive(Debug, Args)]
pub struct StateArgs {
    /// Use the state in this file, as given to `sandbox serve`
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct DecideArgs {
    /// User code that the client prints
    code: String,
    #[command(flatten)]
    state: StateArgs,
}

#[derive(Debug, Args)]
#[command(
    before_help = "Listens on loopback only. The account is demo@brainmaps.test with the password demo.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps sandbox serve",
        "brainmaps sandbox serve --port 0 --memory --auto-approve",
        "brainmaps --sandbox login   # in another terminal; uses the same state",
    ],
    see: "brainmaps sandbox approve, brainmaps sandbox faults, brainmaps demo"
}
)]
pub struct ServeArgs {
    /// Listen on this port; 0 selects a free one
    #[arg(long, default_value_t = DEFAULT_PORT, value_parser = number::<u16>("a port from 0 to 65535"))]
    port: u16,
    /// Store the state in this file
    #[arg(long, value_name = "FILE", conflicts_with = "memory")]
    state: Option<PathBuf>,
    /// Keep the state in memory only
    #[arg(long)]
    memory: bool,
    /// Approve every sign-in immediately
    #[arg(long)]
    auto_approve: bool,
    /// Set the minimum time between two polls, for example `1s`
    #[arg(long, value_name = "TIME", value_parser = duration::parse_or_seconds)]
    interval: Option<SignedDuration>,
    /// Set the lifetime of access tokens, for example `10m`
    #[arg(long, value_name = "TIME", value_parser = duration::parse_or_seconds)]
    access_ttl: Option<SignedDuration>,
    /// Set the lifetime of device codes, for example `10m`
    #[arg(long, value_name = "TIME", value_parser = duration::parse_or_seconds)]
    code_ttl: Option<SignedDuration>,
    /// Register a redirect URI, for example `http://localhost:3000/callback` (repeatable)
    #[arg(long = "redirect-uri", value_name = "URI", value_parser = parse_redirect_uri)]
    redirect_uris: Vec<String>,
    /// Accept pushed authorization requests only (RFC 9126)
    #[arg(long)]
    require_par: bool,
    /// Inject a fault: `ENDPOINT[*COUNT]=KIND[:ARGUMENT]`, see `sandbox faults` (repeatable)
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<Fault>,
}

pub(crate) fn run(app: &App, command: SandboxCommand) -> Result<ExitStatus, Failure> {
    let path = state_path(&app.paths()?);
    match command {
        SandboxCommand::Serve(args) => run_server(app, &path, &args),
        SandboxCommand::Faults => app.print(&faults::FaultList),
        SandboxCommand::Conformance(args) => app.print(&conformance::run(app, &path, &args)?),
        SandboxCommand::Ci(args) => ci::run(app, &args),
        SandboxCommand::Approve(args) => {
            args.state.open(&path)?.approve(&args.code)?;
            app.print(&decision(&args.code, "approved"))
        }
        SandboxCommand::Deny(args) => {
            args.state.open(&path)?.deny(&args.code)?;
            app.print(&decision(&args.code, "denied"))
        }
        SandboxCommand::Reset(args) => {
            args.open(&path)?.reset()?;
            app.print(&Message::new("sandbox reset", json!({ "reset": true })))
        }
        SandboxCommand::Path => {
            let path = path.display().to_string();
            app.print(&Message::new(path.as_str(), json!({ "path": path })))
        }
    }
}

impl StateArgs {
    fn open(&self, default_path: &Path) -> Result<Sandbox, Failure> {
        let path = self.state.as_deref().unwrap_or(default_path);
        if self.state.is_some() && !path.exists() {
            let message = format!("no sandbox state at {}", path.display());
            return Err(Failure::new(Code::NotFound, message));
        }
        Ok(Sandbox::open(settings(path)?)?)
    }
}

fn decision(code: &str, decision: &str) -> Message {
    let document = json!({ "user_code": code, "decision": decision });
    Message::new(format!("{decision} {code}"), document)
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
    settings.require_par = args.require_par;
    settings.redirect_uris.clone_from(&args.redirect_uris);
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
        let stop = shutdown_signal();
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
    let line = Line::from([
        Span::plain("sandbox listening on "),
        Span::bold(url.as_str()),
    ]);
    app.print(&Message::new(line, json!({ "url": url })))?;
    app.shell.status(format!(
        "account {DEMO_EMAIL}, password {DEMO_PASSWORD}; press Ctrl-C to stop"
    ));
    for line in login_commands(args, port, &url) {
        app.shell.status(line);
    }
    if faults > 0 {
        app.shell.status(format!(
            "active faults: {faults}; view and change them at {url}/_sandbox/faults"
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
    // The page of `--sandbox login` is at the default port.
    match (is_shared && port == DEFAULT_PORT, is_plain) {
        (true, true) => vec![shared_state],
        (true, false) => vec![shared_state, own_profile],
        (false, _) => vec![own_profile],
    }
}

fn port_error(port: u16, error: &std::io::Error) -> Failure {
    Failure::new(
        Code::Failed,
        format!("cannot listen on port {port}: {error}"),
    )
    .with_hint("choose another port; --port 0 selects a free one")
}

fn duration_or_default(time: Option<SignedDuration>, default: Duration) -> Duration {
    time.and_then(|time| time.try_into().ok())
        .unwrap_or(default)
}
