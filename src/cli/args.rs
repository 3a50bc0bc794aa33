//! The command line as a whole.

use clap::{Args, Parser};

use super::commands::Command;
use super::globals::Globals;

/// Sign in once; from then on every shell, script and CI job has a valid credential and full control of the tokens
/// behind it.
#[derive(Debug, Parser)]
#[command(
    name = "brainmaps",
    version,
    arg_required_else_help = true,
    subcommand_required = true,
    after_help = "Examples:\n  \
        brainmaps --visual                        look after tokens on the whole terminal\n  \
        brainmaps demo                            the whole job, without an account\n  \
        brainmaps login                           sign in to BrainMaps\n  \
        brainmaps token create \"nightly build\"    make an API token\n  \
        brainmaps token revoke 3f2a…              end one\n  \
        curl -H \"$(brainmaps credential print --header)\" …"
)]
pub struct Cli {
    /// What applies to every command.
    #[command(flatten)]
    pub globals: Globals,
    /// What takes the place of a command.
    #[command(flatten)]
    pub mode: ModeArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What takes the place of a command.
#[derive(Debug, Clone, Args)]
pub struct ModeArgs {
    /// Look after tokens and sessions on the whole terminal; takes no command
    #[cfg(feature = "tui")]
    #[arg(long)]
    pub visual: bool,
}
