//! The `brainmaps-sandbox` command: serves the sandbox, decides about sign-ins, and checks device-flow clients.

mod cli;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match cli::run(cli::Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            cli::print_error(error.as_ref());
            ExitCode::FAILURE
        }
    }
}
