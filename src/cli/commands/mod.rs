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

use super::app::App;
use super::args::Command;
use super::{ExitStatus, Failure};

/// Runs one command.
pub(crate) fn run(app: &App, command: Command) -> Result<ExitStatus, Failure> {
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
        Command::Completions(args) => generate::completions(app, &args),
        Command::Man(args) => generate::man(app, &args),
    }
}
