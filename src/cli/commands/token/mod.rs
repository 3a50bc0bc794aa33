//! `token create|list|inspect|revoke`

mod create;
mod inspect;
mod list;
mod revoke;

use clap::Subcommand;

use crate::cli::app::App;
use crate::cli::{Exit, Failure};

/// API tokens: the long-lived credentials of programs.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make one; its secret is shown once
    Create(create::CreateArgs),
    /// List them
    List(list::ListArgs),
    /// What a token is, told offline from its form
    Inspect(inspect::InspectArgs),
    /// End one or several, at once and for good
    Revoke(revoke::RevokeArgs),
}

pub(crate) fn run(app: &App, command: TokenCommand) -> Result<Exit, Failure> {
    match command {
        TokenCommand::Create(args) => create::run(app, args),
        TokenCommand::List(args) => list::run(app, &args),
        TokenCommand::Inspect(args) => inspect::run(app, &args),
        TokenCommand::Revoke(args) => revoke::run(app, &args),
    }
}
