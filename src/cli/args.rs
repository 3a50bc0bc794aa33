//! The command line as a whole.

use clap::{Args, Parser};

use super::commands::Command;
use super::options::{Globals, help_text::after_help};

#[cfg(feature = "tui")]
const USAGE: &str = "brainmaps [OPTIONS] <COMMAND>\n       brainmaps --visual";
#[cfg(not(feature = "tui"))]
const USAGE: &str = "brainmaps [OPTIONS] <COMMAND>";

/// Sign in once: fresh credentials for scripts and shells, and API tokens to list, rotate and revoke
#[derive(Debug, Parser)]
#[command(
    name = "brainmaps",
    version,
    arg_required_else_help = true,
    subcommand_required = true,
    disable_help_subcommand = true,
    override_usage = USAGE,
    after_help = concat!(
        "Examples:\n  \
            brainmaps login\n  \
            brainmaps token create ci --env-file .env   # the secret goes into the file\n  \
            brainmaps token revoke 12\n  \
            curl -H \"$(brainmaps credential print --header)\" https://api.example.com/\n  \
            brainmaps demo                              # without an account\n\n",
        after_help!()
    )
)]
pub struct Cli {
    /// Options that replace the command.
    #[command(flatten)]
    pub mode: ModeArgs,
    /// Options of every command.
    #[command(flatten)]
    pub globals: Globals,
    /// The command to run.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options that replace the command.
#[derive(Debug, Clone, Args)]
pub struct ModeArgs {
    /// Open the full-screen interface (TUI)
    #[cfg(feature = "tui")]
    #[arg(long)]
    pub visual: bool,
}
