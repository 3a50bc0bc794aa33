//! `login --import`

use std::path::Path;

use super::save_options::SaveOptions;
use super::{LoginArgs, options, show};
use crate::actions::import_session;
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::exit::ExitStatus;
use crate::cli::failure::Failure;

/// Takes over the session in `file`, or where the service's own client keeps it.
pub(super) fn import(
    app: &App,
    file: Option<&Path>,
    args: &LoginArgs,
    storing: SaveOptions,
) -> Result<ExitStatus, Failure> {
    let mut context = app.context()?;
    context.options.replace = storing.replace;
    let options = options(app, args, storing.storage);
    let (file, signed_in) =
        block_on_interruptible(&context, || import_session(&context, file, &options))?;
    app.shell
        .status(format!("imported the session in {}", file.display()));
    show(app, &context, &signed_in)
}
