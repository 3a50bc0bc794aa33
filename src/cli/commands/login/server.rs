//! Lets the user choose one of several authorization servers.

use crate::actions::ActionError;
use crate::cli::app::App;
use crate::cli::failure::{Code, Failure};
use crate::oauth::ResourceError;
use crate::ui::prompt;

/// Returns the servers that the user can choose from; any other error is returned unchanged.
pub(super) fn to_choose(app: &App, error: ActionError) -> Result<Vec<String>, ActionError> {
    match error {
        ActionError::Resource(ResourceError::SeveralServers { servers, .. })
            if app.shows_questions() =>
        {
            Ok(servers)
        }
        other => Err(other),
    }
}

/// Shows `servers` with numbers and returns the chosen one.
pub(super) fn choose_server(app: &App, servers: Vec<String>) -> Result<String, Failure> {
    let shell = &app.shell;
    shell.question_detail("The resource accepts tokens of several authorization servers:");
    for (number, server) in servers.iter().enumerate() {
        shell.question_detail(format!("  {}  {server}", number + 1));
    }
    let question = format!("Number of the server (1-{})", servers.len());
    let typed = prompt::line(shell, &question)?;
    let number = typed.parse::<usize>().ok().and_then(|it| it.checked_sub(1));
    let chosen = number.and_then(|number| servers.into_iter().nth(number));
    chosen.ok_or_else(|| Failure::new(Code::Usage, format!("no server has the number {typed}")))
}
