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
pub(crate) mod whoami;

use super::app::App;
use super::args::Command;
use super::{Exit, Failure};

/// Runs one command.
pub(crate) fn run(app: &App, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Login(args) => login::run(app, &args),
        Command::Logout(args) => logout::run(app, &args),
        Command::Status(args) => status::run(app, &args),
        Command::Whoami => whoami::run(app),
        Command::Account(command) => account::run(app, &command),
        Command::Token(command) => token::run(app, command),
        Command::Credential(command) => credential::run(app, command),
        Command::Profile(command) => profile::run(app, command),
        Command::Provider(command) => provider::run(app, command),
        Command::Project(command) => project::run(app, &command),
        Command::Config(command) => config::run(app, command),
        #[cfg(feature = "sandbox")]
        Command::Sandbox(command) => sandbox::run(app, command),
        #[cfg(feature = "sandbox")]
        Command::Demo(args) => demo::run(app, &args),
        Command::Doctor(args) => doctor::run(app, &args),
        Command::Completions(args) => generate::completions(app, &args),
        Command::Man(args) => generate::man(app, &args),
    }
}
