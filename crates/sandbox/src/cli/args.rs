//! The arguments of `brainmaps-sandbox`.

use std::path::PathBuf;

use brainmaps_sandbox::{ClientFlow, Fault, HelperHost, HelperProtocol};
use clap::{Args, Parser, Subcommand};

/// Local sandbox for BrainMaps and related services
#[derive(Debug, Parser)]
#[command(name = "brainmaps-sandbox", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve all services on a loopback port until Ctrl-C
    Serve(ServeArgs),
    /// Approve a sign-in
    Approve(DecideArgs),
    /// Deny a sign-in
    Deny(DecideArgs),
    /// Delete every token, key, code and session
    Reset(StateArgs),
    /// List the faults that `serve --fault` can inject
    Faults,
    /// Check a client against the rules of the RFCs
    Conformance(ConformanceArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    brainmaps-sandbox serve --auto-approve\n  \
    brainmaps-sandbox serve --state sandbox.sqlite3 --fault 'poll*2=slow_down' --fault refresh=lost\n\n\
    The account is demo@brainmaps.test, the password demo.")]
pub(crate) struct ServeArgs {
    /// Listen on this port; 0 chooses a free one
    #[arg(long, default_value_t = 8000)]
    pub(crate) port: u16,
    /// Keep the state in this file [default: in memory]
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Approve every sign-in at once
    #[arg(long)]
    pub(crate) auto_approve: bool,
    /// Set the polling interval
    #[arg(long, value_name = "SECONDS")]
    pub(crate) interval: Option<u64>,
    /// Set the lifetime of access tokens
    #[arg(long, value_name = "SECONDS")]
    pub(crate) access_ttl: Option<u64>,
    /// Set the lifetime of device codes
    #[arg(long, value_name = "SECONDS")]
    pub(crate) code_ttl: Option<u64>,
    /// Register a redirect URI of every client (repeatable)
    #[arg(long = "redirect-uri", value_name = "URI", value_parser = brainmaps_sandbox::parse_redirect_uri)]
    pub(crate) redirect_uris: Vec<String>,
    /// Accept pushed authorization requests only (RFC 9126)
    #[arg(long)]
    pub(crate) require_par: bool,
    /// Inject a fault: `ENDPOINT[*COUNT]=KIND[:ARGUMENT]` (repeatable)
    #[arg(long = "fault", value_name = "FAULT")]
    pub(crate) faults: Vec<Fault>,
}

#[derive(Debug, Args)]
pub(crate) struct DecideArgs {
    /// The user code that the client shows
    pub(crate) code: String,
    /// The state file of `serve`
    #[arg(long, value_name = "FILE")]
    pub(crate) state: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct StateArgs {
    /// The state file of `serve`
    #[arg(long, value_name = "FILE")]
    pub(crate) state: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  \
    brainmaps-sandbox conformance -- ./my-client --issuer {issuer} --client-id {client_id}\n\n\
    Exits with 0 if no rule is broken, else with 1.")]
pub(crate) struct ConformanceArgs {
    /// Set the flow: device, browser, resource or workload
    #[arg(long, value_name = "FLOW", default_value_t = ClientFlow::Device, conflicts_with = "helper")]
    pub(crate) flow: ClientFlow,
    /// Set the time limit for one case
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) limit: u64,
    /// Set how many cases run in parallel
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub(crate) jobs: usize,
    /// Let the client use your home directory
    #[arg(long)]
    pub(crate) keep_home: bool,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Check a credential helper instead: git, docker, kubectl, cargo or goauth
    #[arg(long, value_name = "PROTOCOL", requires = "host")]
    pub(crate) helper: Option<HelperProtocol>,
    /// Set the server for which the helper has a credential
    #[arg(long, value_name = "HOST", requires = "helper")]
    pub(crate) host: Option<HelperHost>,
    /// The client; `{issuer}`, `{client_id}`, `{resource}` and `{subject_token_file}` are replaced for each case
    #[arg(required = true, last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}
