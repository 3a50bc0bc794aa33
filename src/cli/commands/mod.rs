//! One file a command: its arguments, and how its value is shown.

pub(crate) mod account;
pub(crate) mod config;
pub(crate) mod credential;
#[cfg(feature = "sandbox")]
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod generate;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod profile;
pub(crate) mod project;
pub(crate) mod provider;
#[cfg(feature = "sandbox")]
pub(crate) mod sandbox;
pub(crate) mod status;
pub(crate) mod token;
#[cfg(feature = "tui")]
pub(crate) mod visual;
pub(crate) mod whoami;

use clap::{Args, Subcommand};

use super::app::App;
use super::exit::ExitStatus;
use super::failure::Failure;

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

/// Runs one command. `command_line` describes all of them.
pub(crate) fn run(
    app: &App,
    command: Command,
    command_line: fn() -> clap::Command,
) -> Result<ExitStatus, Failure> {
    match command {
        Command::Login(args) => login::run(app, &args),
        Command::Logout(args) => logout::run(app, &args),
        Command::Status(args) => status::run(app, &args),
        Command::Whoami => whoami::run(app),
        Command::Account(group) => account::run(app, &group.command),
        Command::Token(group) => token::run(app, group.command),
        Command::Credential(group) => credential::run(app, group.command),
        Command::Profile(group) => profile::run(app, group.command),
        Command::Provider(group) => provider::run(app, group.command),
        Command::Project(group) => project::run(app, &group.command),
        Command::Config(group) => config::run(app, group.command),
        #[cfg(feature = "sandbox")]
        Command::Sandbox(group) => sandbox::run(app, group.command),
        #[cfg(feature = "sandbox")]
        Command::Demo(args) => demo::run(app, &args),
        Command::Doctor(args) => doctor::run(app, &args),
        Command::Completions(args) => generate::completions(app, &args, command_line()),
        Command::Man(args) => generate::man(app, &args, command_line()),
    }
}
