//! `helper git`: responds to git, only about servers that the profile's credential may be sent to. It stores nothing.

use super::request::{grant_for, invalid_request, read_request};
use crate::actions::{ProfileSession, RefreshReason, Target};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::failure::{ExitStatus, Failure, SUCCESS};
use crate::domain::{HelperProgram, Origin, Secret};
use crate::helper::git::{CAPABILITIES, QUIT, Request};

pub(super) fn run(app: &App, operation: &str) -> Result<ExitStatus, Failure> {
    match operation {
        "capability" => app.shell.script(CAPABILITIES.as_bytes())?,
        "get" => with_bound_request(app, |session, request| get(app, session, request))?,
        "erase" => with_bound_request(app, erase)?,
        // `store`, and operations of later versions: gitcredentials(7) asks to ignore them.
        _ => {}
    }
    Ok(SUCCESS)
}

/// Reads the request, and runs `work` if it names the server of the profile.
fn with_bound_request(
    app: &App,
    work: impl FnOnce(ProfileSession<'_>, &Request) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let is_complete = |input: &[u8]| input == b"\n" || input.ends_with(b"\n\n");
    let input = read_request("git", is_complete)?;
    let request =
        Request::parse(&input).map_err(|error| invalid_request("git", &error.to_string()))?;
    let Some(origin) = request.origin() else {
        return Ok(());
    };
    let context = app.context()?;
    let is_requested = |bound: &Origin| *bound == origin;
    match Target::resolve_for_program(&context, HelperProgram::Git, is_requested)? {
        Some(target) => work(context.session(&target), &request),
        None => Ok(()),
    }
}

/// Without a credential, git must not prompt for one: a user would type a password for the service.
fn get(app: &App, session: ProfileSession<'_>, request: &Request) -> Result<(), Failure> {
    match grant_for(session, HelperProgram::Git) {
        Ok(Some(grant)) => Ok(app.shell.verbatim(&request.response(&grant))?),
        Ok(None) => Ok(()),
        Err(failure) => {
            app.shell.verbatim(&Secret::verbatim(QUIT.to_owned()))?;
            Err(failure)
        }
    }
}

fn erase(session: ProfileSession<'_>, request: &Request) -> Result<(), Failure> {
    let Some(rejected) = request.rejected() else {
        return Ok(());
    };
    let Some(stored) = session.session_to_replace(rejected)? else {
        return Ok(());
    };
    let refresh = || session.refresh_session(&stored, RefreshReason::Rejected);
    block_on_interruptible(session.context, refresh).map(drop)
}
