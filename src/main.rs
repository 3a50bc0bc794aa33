//! The program: it reads the environment, once, and leaves the rest to the library.

use std::process::ExitCode;

use brainmaps::{cli, host::Environment};

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    ExitCode::from(cli::run(&arguments, Environment::capture()))
}
