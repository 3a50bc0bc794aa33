//! `helper`: gives other programs the credential, each by its own protocol.

mod cargo;
mod docker;
mod git;
mod goauth;
mod install;
mod keyring;
mod kubectl;
mod pnpm;
mod request;
mod terraform;

use std::ffi::OsString;

use clap::Subcommand;

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
        examples: [
            "printf 'protocol=https\\nhost=HOST\\n' | brainmaps helper git get",
            "brainmaps helper git capability",
        ],
        see: "brainmaps helper install, brainmaps exec"
    }
    )]
    Git {
        /// Operation: get, store, erase or capability
        operation: String,
    },
    /// Respond to credential requests of docker, podman, skopeo and helm
    #[command(
        before_help = "These programs run docker-credential-NAME, which must be a link to this program.",
        help_template = WITH_DETAILS,
        after_help = after_help! {
        examples: [
            "echo registry.example.com | brainmaps --profile registry helper docker get",
            "brainmaps --profile registry helper docker list",
        ],
        see: "brainmaps helper git"
    }
    )]
    Docker {
        /// Operation: get, store, erase, list or version
        operation: String,
    },
    /// Respond to credential requests of kubectl
    #[command(
        before_help = "Kubectl runs this for a user with an `exec` entry and `provideClusterInfo: true`.",
        help_template = WITH_DETAILS,
        after_help = after_help! {
        examples: [
            "brainmaps --profile cluster helper kubectl",
            "brainmaps --profile cluster helper install kubectl",
        ],
        see: "brainmaps helper git"
    }
    )]
    Kubectl,
    /// Respond to credential requests of cargo
    #[command(
        before_help = "Cargo runs brainmaps-credential-provider-PROFILE, which must be a link to this program.",
        help_template = WITH_DETAILS,
        after_help = after_help! {
        examples: [
            "brainmaps --profile registry helper cargo",
            "brainmaps --profile registry helper install cargo",
        ],
        see: "brainmaps helper git"
    }
    )]
    Cargo,
    /// Respond to credential requests of go
    #[command(
        after_help = after_help! {
        examples: [
            "GOAUTH='brainmaps --profile modules helper goauth' go mod download",
            "brainmaps --profile modules helper install goauth",
        ],
        see: "brainmaps helper git"
    }
    )]
    Goauth {
        /// URL whose request failed
        url: Option<String>,
    },
    /// Respond to pip and uv in place of the keyring command
    #[command(
        before_help = "Pip and uv run keyring, which must be a link to this program. A request about another server \
            goes to the next keyring in PATH.",
        help_template = WITH_DETAILS,
        after_help = after_help! {
        examples: [
            "brainmaps helper keyring get https://packages.example.com/simple/ me",
            "brainmaps helper keyring get packages.example.com --mode creds",
        ],
        see: "brainmaps helper install"
    }
    )]
    Keyring {
        /// Arguments of the keyring command
        #[arg(
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "ARGUMENT"
        )]
        arguments: Vec<OsString>,
    },
    /// Respond to pnpm's tokenHelper setting
    #[command(
        before_help = "Pnpm runs brainmaps-token-PROFILE, which must be a link to this program. It prints the value \
            of the header.",
        help_template = WITH_DETAILS,
        after_help = after_help! {
        examples: [
            "brainmaps --profile packages helper pnpm",
            "brainmaps --profile packages helper install pnpm",
        ],
        see: "brainmaps helper install"
    }
    )]
    Pnpm,
    #[command(
        about = "Respond to credential requests of Terraform and OpenTofu",
        before_help = "Terraform runs terraform-credentials-NAME, which must be a link to this program.",
        help_template = WITH_DETAILS,
        after_help = after_help! {
        examples: [
            "brainmaps --profile modules helper terraform get registry.example.com",
            "brainmaps --profile modules helper install terraform",
        ],
        see: "brainmaps helper install"
    }
    )]
    Terraform {
        /// Operation: get, store or forget
        operation: String,
        /// Host of the registry
        host: String,
    },
    /// Configure a program to ask brainmaps for the credential
    #[command(
        before_help = "Keeps all other settings of the program. --host adds a host that gets the credential; \
            \"brainmaps profile show\" lists these hosts.",
        help_template = WITH_DETAILS,
        after_help = after_help! {
        examples: [
            "brainmaps helper install git",
            "brainmaps --profile work helper install docker --host registry.example.com",
            "brainmaps --profile work helper install pnpm --print",
        ],
        see: "brainmaps helper uninstall, brainmaps profile show"
    }
    )]
    Install(install::InstallArgs),
    /// Undo `helper install`
    #[command(
        before_help = "Removes only the settings for the profile, even if the profile was renamed or deleted.",
        help_template = WITH_DETAILS,
        after_help = after_help! {
        examples: [
            "brainmaps helper uninstall git",
            "brainmaps --profile work helper uninstall docker --host registry.example.com",
        ],
        see: "brainmaps helper install"
    }
    )]
    Uninstall(install::UninstallArgs),
}

pub(crate) fn run(app: &App, command: HelperCommand) -> Result<ExitStatus, Failure> {
    let is_protocol = !matches!(
        command,
        HelperCommand::Install(_) | HelperCommand::Uninstall(_)
    );
    if is_protocol {
        refuse_json(app, "helper")?;
    }
    let app = if is_protocol { &app.for_helper() } else { app };
    match command {
        HelperCommand::Git { operation } => git::run(app, &operation),
        HelperCommand::Docker { operation } => docker::run(app, &operation),
        HelperCommand::Kubectl => kubectl::run(app),
        HelperCommand::Cargo => cargo::run(app),
        HelperCommand::Goauth { url } => goauth::run(app, url.as_deref()),
        HelperCommand::Keyring { arguments } => keyring::run(app, &arguments),
        HelperCommand::Pnpm => pnpm::run(app),
        HelperCommand::Terraform { operation, host } => terraform::run(app, &operation, &host),
        HelperCommand::Install(args) => install::install(app, &args),
        HelperCommand::Uninstall(args) => install::uninstall(app, &args),
    }
}
