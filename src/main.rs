//! The `brainmaps` program. Reads the environment once and calls the library.

use std::process::ExitCode;

use brainmaps::{Environment, cli};

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    ExitCode::from(cli::run(&arguments, Environment::capture()))
}
