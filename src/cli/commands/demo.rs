//! `demo`

use clap::Args;

use crate::cli::app::App;
use crate::cli::{DONE, Exit, Failure};

/// Runs the whole job.
#[derive(Debug, Args)]
pub struct DemoArgs {}

pub(crate) fn run(_app: &App, _args: &DemoArgs) -> Result<Exit, Failure> {
    Ok(DONE)
}
