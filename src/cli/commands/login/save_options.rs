//! How the result of `login` is stored, and whether it may replace a session of another server.

use super::{LoginArgs, options};
use crate::actions::{ActionError, LoginOptions, find_replacement};
use crate::cli::app::App;
use crate::cli::failure::{Code, Failure};
use crate::ui::prompt;
use crate::vault::Storage;

/// How the result of a sign-in is stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct SaveOptions {
    pub(super) storage: Option<Storage>,
    /// Whether it may replace a credential of another server.
    pub(super) replace: bool,
}

pub(super) fn save_options(
    app: &App,
    args: &LoginArgs,
    storage: Option<Storage>,
) -> Result<SaveOptions, Failure> {
    let replace = args.replace || may_replace(app, &options(app, args, storage))?;
    Ok(SaveOptions { storage, replace })
}

/// Asks before a session of another server is replaced, if prompting is possible. Returns `false` if the login replaces
/// no such session.
pub(in crate::cli::commands) fn may_replace(
    app: &App,
    options: &LoginOptions,
) -> Result<bool, Failure> {
    let context = app.context()?;
    let Some(found) = find_replacement(&context, options)? else {
        return Ok(false);
    };
    if !app.can_prompt() || app.shell.options().json {
        return Err(ActionError::from(found).into());
    }
    if prompt::confirm(&app.shell, &found.question(), false)? {
        return Ok(true);
    }
    Err(Failure::new(Code::Denied, "nothing was replaced"))
}
