//! `token create|list|get|update|inspect|scan|revoke|rotate`: runs the commands for API tokens.

mod audit;
mod audit_fix;
mod audit_report;
mod create;
mod inspect;
mod interrupted;
mod kind;
mod list;
mod narrow;
mod password;
mod revoke;
mod revoke_dry_run;
mod revoke_many;
mod rotate;
mod rotate_due;
mod scan;
#[cfg(feature = "scan")]
mod scan_finding;
#[cfg(feature = "scan")]
mod scan_keys;
#[cfg(feature = "scan")]
mod scan_report;
#[cfg(feature = "scan")]
mod scan_unreadable;
mod show;
mod targets;

pub(super) use password::{ConfirmedCommand, PasswordArgs};

use std::os::unix::fs::MetadataExt as _;

use clap::Subcommand;

use crate::cli::app::App;
use crate::cli::failure::{ExitStatus, Failure};
use crate::vault::SecretDestination;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum TokenCommand {
    /// Create an API token (its secret is shown once)
    #[command(visible_alias = "new")]
    Create(create::CreateArgs),
    /// List API tokens
    #[command(visible_alias = "ls")]
    List(list::ListArgs),
    /// Show an API token
    Get(show::GetArgs),
    /// Enable or disable an API token
    Update(show::UpdateArgs),
    /// Decode a token offline
    Inspect(inspect::InspectArgs),
    /// Find leaked keys in files, commits and text
    Scan(scan::ScanArgs),
    /// Revoke one or more API tokens
    #[command(visible_alias = "rm")]
    Revoke(revoke::RevokeArgs),
    /// Replace an API token where it is used and revoke the old one
    Rotate(rotate::RotateArgs),
    /// Find old, unused and over-privileged API tokens
    Audit(audit::AuditArgs),
}

pub(crate) fn run(app: &App, command: TokenCommand) -> Result<ExitStatus, Failure> {
    match command {
        TokenCommand::Create(args) => create::run(app, args),
        TokenCommand::List(args) => list::run(app, &args),
        TokenCommand::Get(args) => app.print(&show::get(app, &args)?),
        TokenCommand::Update(args) => app.print(&show::update(app, &args)?),
        TokenCommand::Inspect(args) => app.print(&inspect::run(app, &args)?),
        #[cfg(feature = "scan")]
        TokenCommand::Scan(args) => scan_report::run(app, &args),
        #[cfg(not(feature = "scan"))]
        TokenCommand::Scan(_) => Err(scan::unsupported()),
        TokenCommand::Revoke(args) => revoke::run(app, &args),
        TokenCommand::Audit(args) => audit::run(app, &args),
        TokenCommand::Rotate(args) => match args.token()? {
            Some(id) => rotate::run(app, &args, id),
            None => rotate_due::run(app, &args),
        },
    }
}

/// Returns the line that reports where a secret was written, and who can read it.
fn secret_location(target: &SecretDestination) -> String {
    let file = target.path().and_then(|path| std::fs::metadata(path).ok());
    let mode = file.map(|file| format!(" (mode {:04o})", file.mode() & 0o777));
    format!("wrote the secret to {target}{}", mode.unwrap_or_default())
}
