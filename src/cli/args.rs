//! The command line as a whole. Each command's own arguments stand beside its code.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::commands::{
    account, config, credential, doctor, generate, login, logout, profile, project, provider,
    status, token,
};
#[cfg(feature = "sandbox")]
use super::commands::{demo, sandbox};
use crate::domain::{BaseUrl, ProfileName};
use crate::host::Environment;
use crate::ui::{ColorWhen, Options};

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

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of a command line"
)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
    /// Which account [env: `BRAINMAPS_PROFILE`] [default: brainmaps]
    #[arg(short, long, global = true, value_name = "NAME")]
    pub profile: Option<ProfileName>,
    /// Talk to the embedded sandbox instead of the service [env: `BRAINMAPS_SANDBOX`]
    #[arg(long, global = true)]
    pub sandbox: bool,
    /// The service's base URL [env: the service's own, such as `BRAINMAPS_API_URL`]
    #[arg(long, global = true, value_name = "URL")]
    pub api_url: Option<BaseUrl>,
    /// Certificates of authorities (PEM) that are trusted besides the system's [env: `BRAINMAPS_CA_CERT`]
    #[arg(long, global = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub ca_cert: Option<PathBuf>,
    /// Exactly one JSON document on stdout
    #[arg(long, global = true)]
    pub json: bool,
    /// Never ask, never open a browser: fail instead [env: `BRAINMAPS_NO_INPUT`, `CI`]
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Only results, warnings and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show every request on stderr, without secrets [env: `BRAINMAPS_LOG=debug`]
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// When to use colour [env: `NO_COLOR`]
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true
    )]
    pub color: ColorArg,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

impl Globals {
    /// The options that a command in a hint has to repeat, to be about the same profile at the same server.
    pub fn as_flags_text(&self) -> String {
        [vec![String::new()], self.as_flags()].concat().join(" ")
    }

    /// Returns the options that a command in a hint or warning repeats, so that it is about the same credential.
    pub fn as_flags(&self) -> Vec<String> {
        let sandbox = self.sandbox.then(|| "--sandbox".to_owned());
        let profile = self.profile.as_ref();
        let profile = profile.map(|name| format!("--profile {name}"));
        let url = self.api_url.as_ref();
        let url = url.map(|url| format!("--api-url {url}"));
        [sandbox, profile, url].into_iter().flatten().collect()
    }

    /// What the user asked of the output.
    pub fn output_options(&self, environment: &Environment) -> Options {
        let logs = environment
            .get("BRAINMAPS_LOG")
            .is_some_and(|level| !matches!(level, "off" | "0"));
        Options {
            quiet: self.quiet,
            verbose: self.verbose.max(u8::from(logs && !self.quiet)),
            json: self.json,
            color: match self.color {
                ColorArg::Auto => ColorWhen::Auto,
                ColorArg::Always => ColorWhen::Always,
                ColorArg::Never => ColorWhen::Never,
            },
        }
    }
}

// A command that has commands of its own; as arguments, it is made only where it is used. A doc comment here would be shown
// as the help of each of them.
#[derive(Debug, Args)]
pub struct CommandGroup<C: Subcommand> {
    /// Which of them.
    #[command(subcommand)]
    pub command: C,
}

/// What can be done.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Sign in
    Login(login::LoginArgs),
    /// Sign out: at the server, then here
    Logout(logout::LogoutArgs),
    /// What is signed in, from which source, until when
    Status(status::StatusArgs),
    /// The account behind the credential
    Whoami,
    /// The account itself
    Account(CommandGroup<account::AccountCommand>),
    /// Make, list and revoke API tokens
    Token(CommandGroup<token::TokenCommand>),
    /// The credential in use: print, explain, renew it
    Credential(CommandGroup<credential::CredentialCommand>),
    /// Accounts
    Profile(CommandGroup<profile::ProfileCommand>),
    /// Services: built in, or your own
    Provider(CommandGroup<provider::ProviderCommand>),
    /// Which account a directory uses, or none
    Project(CommandGroup<project::ProjectCommand>),
    /// Settings
    Config(CommandGroup<config::ConfigCommand>),
    /// What may be wrong on this computer, and what to do about it
    Doctor(doctor::DoctorArgs),
    /// The stand-in for the services, on this machine
    #[cfg(feature = "sandbox")]
    Sandbox(CommandGroup<sandbox::SandboxCommand>),
    /// The whole job on the sandbox, told step by step; no account and no network needed
    #[cfg(feature = "sandbox")]
    Demo(demo::DemoArgs),
    /// The completion script for a shell
    Completions(generate::CompletionsArgs),
    /// The manual pages
    Man(generate::ManArgs),
}
