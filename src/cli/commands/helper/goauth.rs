//! `helper goauth`: prints the headers with the credential to go, and replaces a credential that the server rejected.

use super::request::{grant_for, read_request};
use crate::actions::{ProfileSession, RefreshReason, Target};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::failure::{ExitStatus, Failure, SUCCESS};
use crate::domain::{HelperProgram, Origin};
use crate::helper::goauth::{is_rejection, is_supported, response};
use crate::helper::parse_url_origin;

/// Without `url`, the go command asks for all servers before its first request; with it, after a failed one.
pub(super) fn run(app: &App, url: Option<&str>) -> Result<ExitStatus, Failure> {
    if url.is_some() && !is_rejection(&read_request("go", |input| input.contains(&b'\n'))?) {
        return Ok(SUCCESS);
    }
    let requested = url.map(parse_url_origin);
    let is_requested = |origin: &Origin| {
        is_supported(origin)
            && requested
                .as_ref()
                .is_none_or(|it| it.as_ref() == Some(origin))
    };
    let context = app.context()?;
    let program = HelperProgram::Goauth;
    let Some(target) = Target::resolve_for_program(&context, program, is_requested)? else {
        return Ok(SUCCESS);
    };
    let session = context.session(&target);
    if url.is_some() {
        replace_rejected(session)?;
    }
    let mut origins = session.bound_origins(program);
    origins.retain(is_requested);
    if let Some(grant) = grant_for(session, program)? {
        app.shell.verbatim(&response(&origins, &grant))?;
    }
    Ok(SUCCESS)
}

/// The server rejected the credential of the first call.
fn replace_rejected(session: ProfileSession<'_>) -> Result<(), Failure> {
    let Some(stored) = session.old_session_to_replace()? else {
        return Ok(());
    };
    let refresh = || session.refresh_session(&stored, RefreshReason::Rejected);
    block_on_interruptible(session.context, refresh).map(drop)
}
