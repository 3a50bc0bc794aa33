//! The program: it reads the environment, once, and leaves the rest to the library.

use std::process::ExitCode;

use brainmaps::{cli, host::Environment};

fn main() -> ExitCode {
    ExitCode::from(cli::run(
        std::env::args_os().collect(),
        Environment::capture(),
    ))
}
