//! How a bench begins, and how it judges.

use std::process::ExitCode;

use anyhow::Result;

use super::table::note;

pub(crate) const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// Runs the bench, unless `cargo test --benches` asks for a trial run: there is nothing to try without a release build.
pub(crate) fn main(run: fn() -> Result<()>) -> ExitCode {
    if std::env::args().any(|argument| argument == "--test") {
        return ExitCode::SUCCESS;
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            note(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// A goal fails nothing; it is said whether it was met.
pub(crate) fn verdict(figure: f64, goal: f64) -> String {
    if figure <= goal { "met" } else { "NOT MET" }.to_owned()
}
