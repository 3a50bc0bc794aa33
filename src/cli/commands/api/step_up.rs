//! Offers to sign in again for the scope that a response requires (RFC 6750 §3.1).

use super::ApiArgs;
use crate::cli::app::App;
use crate::cli::commands::login;
use crate::cli::failure::Failure;
use crate::domain::{Scopes, sanitize_line};
use crate::ui::prompt;

/// Returns `true` if the session has the scopes now, and the request can be sent again. Without a terminal, nothing is asked:
/// the failure has a hint.
pub(super) fn offer(app: &App, args: &ApiArgs, scopes: &Scopes) -> Result<bool, Failure> {
    let reads_stdin = args.input.as_ref().is_some_and(|it| it.as_os_str() == "-");
    if reads_stdin || !app.shows_questions() {
        return Ok(false);
    }
    let scope = sanitize_line(&scopes.to_string());
    let question = format!("the request requires the scope {scope}; sign in again to add it?");
    if !prompt::confirm(&app.shell, &question, true)? {
        return Ok(false);
    }
    login::add_scopes(app, scopes)
}
