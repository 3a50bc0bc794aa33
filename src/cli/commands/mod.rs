//! One file per command: its arguments, and how its result is shown.

pub(crate) mod account;
pub(crate) mod api;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod credential;
#[cfg(feature = "sandbox")]
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod exec;
pub(crate) mod help;
pub(crate) mod helper;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod man;
pub(crate) mod profile;
pub(crate) mod project;
pub(crate) mod provider;
pub(crate) mod proxy;
#[cfg(feature = "sandbox")]
pub(crate) mod sandbox;
pub(crate) mod status;
pub(crate) mod token;
#[cfg(feature = "tui")]
pub(crate) mod visual;
pub(crate) mod whoami;

use clap::{Args, Subcommand};

use crate::cli::app::App;
use crate::cli::failure::{ExitStatus, Failure};
use crate::cli::options::help_text::{WITH_DETAILS, after_help};

// A doc comment here would become the help of every group.
#[derive(Debug, Args)]
pub struct CommandGroup<C: Subcommand> {
    #[command(subcommand)]
    pub command: C,
}

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Sign in to a service
    Login(login::LoginArgs),
    /// Sign out and revoke the session
    Logout(logout::LogoutArgs),
    /// Show session state, credential source and expiry
    Status(status::StatusArgs),
    /// Show the account of the current credential
    #[command(after_help = after_help! {
        examples: ["brainmaps whoami", "brainmaps --profile work whoami --json | jq -r .account"],
        see: "brainmaps status, brainmaps credential explain"
    })]
    Whoami,
    /// Manage your account
    #[command(after_help = after_help! {
        examples: [
            "brainmaps account resend-verification",
            "brainmaps --profile work account resend-verification",
        ],
        see: "brainmaps whoami, brainmaps login"
    })]
    Account(CommandGroup<account::AccountCommand>),
    /// Create, list, rotate and revoke API tokens
    #[command(after_help = after_help! {
        examples: [
            "brainmaps token create ci --env-file .env",
            "brainmaps token list",
            "brainmaps token revoke 12",
        ],
        see: "brainmaps credential, brainmaps api"
    })]
    Token(CommandGroup<token::TokenCommand>),
    /// Print, explain or refresh the current credential
    #[command(after_help = after_help! {
        examples: [
            "curl -H \"$(brainmaps credential print --header)\" https://api.example.com/",
            "brainmaps credential explain",
        ],
        see: "brainmaps status, brainmaps exec"
    })]
    Credential(CommandGroup<credential::CredentialCommand>),
    /// Send a request to the API of the service
    Api(api::ApiArgs),
    /// Run a command with the credential
    Exec(exec::ExecArgs),
    /// Run a local proxy that adds the credential to each request
    Proxy(proxy::ProxyArgs),
    /// Give the credential to git, docker, pip and other programs
    #[command(after_help = after_help! {
        examples: [
            "brainmaps helper install git",
            "brainmaps --profile work helper install docker --host registry.example.com",
        ],
        see: "brainmaps exec, brainmaps proxy"
    })]
    Helper(CommandGroup<helper::HelperCommand>),
    /// Manage profiles
    #[command(
        before_help = "A profile is a named account of a service. Each service has a profile with its own name; \
            add more for further accounts.",
        help_template = WITH_DETAILS,
        after_help = after_help! {
            examples: [
                "brainmaps profile list",
                "brainmaps profile add work --provider brainmaps",
                "brainmaps profile use work",
            ],
            see: "brainmaps login, brainmaps project"
        }
    )]
    Profile(CommandGroup<profile::ProfileCommand>),
    /// Show services and check provider files
    #[command(
        before_help = "A service is described by a provider file: built in, or your own in the configuration directory.",
        help_template = WITH_DETAILS,
        after_help = after_help! {
            examples: [
                "brainmaps provider list",
                "brainmaps provider new maps > maps.toml",
                "brainmaps provider check maps.toml",
            ],
            see: "brainmaps profile add"
        }
    )]
    Provider(CommandGroup<provider::ProviderCommand>),
    /// Choose the profile for a directory
    #[command(
        before_help = "The binding is stored in .brainmaps.toml and applies to the directory and all below it. \
            --profile and BRAINMAPS_PROFILE take precedence over it.",
        help_template = WITH_DETAILS,
        after_help = after_help! {
            examples: [
                "brainmaps --profile work project set-cloud",
                "brainmaps project show",
            ],
            see: "brainmaps profile"
        }
    )]
    Project(CommandGroup<project::ProjectCommand>),
    /// Read and change settings
    #[command(after_help = after_help! {
        examples: [
            "brainmaps config list",
            "brainmaps config set storage keyring",
        ],
        see: "brainmaps profile, brainmaps doctor"
    })]
    Config(CommandGroup<config::ConfigCommand>),
    /// Diagnose problems on this machine
    Doctor(doctor::DoctorArgs),
    /// Run a sandbox that simulates the services
    #[cfg(feature = "sandbox")]
    #[command(after_help = after_help! {
        examples: [
            "brainmaps sandbox serve",
            "brainmaps --sandbox login",
            "brainmaps sandbox conformance",
        ],
        see: "brainmaps demo, brainmaps help global"
    })]
    Sandbox(CommandGroup<sandbox::SandboxCommand>),
    /// Run the whole workflow on an embedded sandbox
    #[cfg(feature = "sandbox")]
    Demo(demo::DemoArgs),
    /// Print a shell completion script
    Completions(completions::CompletionsArgs),
    /// Show the manual page
    Man(man::ManArgs),
    /// Show help for a command or topic
    Help(help::HelpArgs),
}

impl Command {
    /// Returns true if `--format` is an option of the command itself.
    pub(crate) fn has_own_format(&self) -> bool {
        matches!(
            self,
            Self::Credential(CommandGroup {
                command: credential::CredentialCommand::Print(_)
            }) | Self::Provider(CommandGroup {
                command: provider::ProviderCommand::ExportRules(_)
            })
        )
    }
}

/// Runs one command. `command_line` describes all of them.
pub(crate) fn run(
    app: &App,
    command: Command,
    command_line: fn() -> clap::Command,
) -> Result<ExitStatus, Failure> {
    match command {
        Command::Login(args) => login::run(app, &args),
        Command::Logout(args) => logout::run(app, &args),
        Command::Status(args) => app.print(&status::run(app, &args)?),
        Command::Whoami => app.print(&whoami::run(app)?),
        Command::Account(group) => account::run(app, &group.command),
        Command::Token(group) => token::run(app, group.command),
        Command::Credential(group) => credential::run(app, group.command),
        Command::Api(args) => api::run(app, &args),
        Command::Exec(args) => exec::run(app, &args),
        Command::Proxy(args) => proxy::run(app, &args),
        Command::Helper(group) => helper::run(app, group.command),
        Command::Profile(group) => profile::run(app, group.command),
        Command::Provider(group) => provider::run(app, group.command),
        Command::Project(group) => project::run(app, &group.command),
        Command::Config(group) => config::run(app, group.command),
        #[cfg(feature = "sandbox")]
        Command::Sandbox(group) => sandbox::run(app, group.command),
        #[cfg(feature = "sandbox")]
        Command::Demo(args) => demo::run(app, &args),
        Command::Doctor(args) => app.print(&doctor::run(app, &args)?),
        Command::Completions(args) => completions::run(app, &args),
        Command::Man(args) => man::run(app, &args, command_line()),
        Command::Help(args) => help::run(app, &args),
    }
}
