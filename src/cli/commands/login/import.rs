//! `login --import`

use std::path::Path;

use super::storing::Storing;
use super::{LoginArgs, options, show};
use crate::actions::import_login;
use crate::cli::app::{App, block_on};
use crate::cli::{Exit, Failure};

/// Takes over the session in `file`, or where the service's own client keeps it.
pub(super) fn take_over(
    app: &App,
    file: Option<&Path>,
    args: &LoginArgs,
    storing: Storing,
) -> Result<Exit, Failure> {
    let mut context = app.context()?;
    context.choice.replace = storing.replace;
    let options = options(app, args, storing.storage);
    let (file, signed_in) = block_on(&context, || import_login(&context, file, &options))?;
    app.shell
        .status(format!("took over the session in {}", file.display()));
    show(app, &context, &signed_in)
}
