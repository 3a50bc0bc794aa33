//! `helper git|install|uninstall`

mod git;
mod install;
mod request;

use clap::{Subcommand, ValueEnum};

use crate::cli::app::App;
use crate::cli::commands::exec::refuse_json;
use crate::cli::failure::{ExitStatus, Failure};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum HelperCommand {
    /// Respond to git's credential requests
    #[command(
        before_help = "Git runs this: see gitcredentials(7). It responds only for the server of the profile, never \
            prompts, and does nothing for `store` and unknown operations.",
        help_template = WITH_DETAILS,
        after_help = after_help! {
        examples: ["printf 'protocol=https\\nhost=HOST\\n' | brainmaps helper git get"],
        see: "brainmaps helper install, brainmaps exec"
    }
    )]
    Git {
        /// Operation: get, store, erase or capability
        operation: String,
    },
    /// Configure a program to ask this one for the credential
    #[command(
        after_help = after_help! {
        examples: [
            "brainmaps helper install git",
            "brainmaps --profile work helper install git --print",
        ],
        see: "brainmaps helper uninstall"
    }
    )]
    Install(install::InstallArgs),
    /// Undo `helper install`
    #[command(
        after_help = after_help! {
        examples: ["brainmaps helper uninstall git"],
        see: "brainmaps helper install"
    }
    )]
    Uninstall(install::UninstallArgs),
}

/// The programs that `helper install` configures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Protocol {
    Git,
}

pub(crate) fn run(app: &App, command: HelperCommand) -> Result<ExitStatus, Failure> {
    match command {
        HelperCommand::Git { operation } => {
            refuse_json(app, "helper git")?;
            git::run(app, &operation)
        }
        HelperCommand::Install(args) => install::install(app, &args),
        HelperCommand::Uninstall(args) => install::uninstall(app, &args),
    }
}
