//! What the helpers of all protocols share.

use std::io;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::actions::{Handover, ProfileSession, Target};
use crate::cli::app::{App, Receiver, finish_handover};
use crate::cli::failure::{Code, Failure};
use crate::domain::{CredentialEvent, HelperProgram, Origin};
use crate::helper::Grant;
use crate::host::read_stdin;

/// No request of a protocol is longer.
pub(super) const MAX_REQUEST: usize = 128 * 1024;

/// Programs write their request at once.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Reads the request of `program` from stdin.
pub(super) fn read_request(
    program: &str,
    is_complete: impl Fn(&[u8]) -> bool,
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    read_stdin(MAX_REQUEST, TIME_LIMIT, is_complete).map_err(|error| {
        let reason = match error.kind() {
            io::ErrorKind::InvalidData => "longer than 128 KiB".to_owned(),
            io::ErrorKind::TimedOut => "timed out".to_owned(),
            _ => error.to_string(),
        };
        invalid_request(program, &reason)
    })
}

/// The failure for a request that cannot be read.
pub(super) fn invalid_request(program: &str, reason: &str) -> Failure {
    let message = format!("cannot read the request of {program}: {reason}");
    Failure::new(Code::Usage, message)
}

/// Returns the fresh credential for `program`; `None` if it belongs to another server.
pub(super) fn grant_for(
    session: ProfileSession<'_>,
    program: HelperProgram,
) -> Result<Option<Grant>, Failure> {
    let receiver = Receiver {
        event: CredentialEvent::Helper,
        name: program.name(),
    };
    session.begin_event(receiver.event);
    let Some(handover) = Handover::prepare_for_program(session)? else {
        session.cancel_event(receiver.event);
        return Ok(None);
    };
    let selected = finish_handover(session, receiver, handover)?;
    Ok(Some(session.grant(&selected)))
}

/// Returns the fresh credential if `program` may have it for a server that `is_requested` accepts.
pub(super) fn bound_grant(
    app: &App,
    program: HelperProgram,
    is_requested: impl Fn(&Origin) -> bool,
) -> Result<Option<Grant>, Failure> {
    let context = app.context()?;
    match Target::resolve_for_program(&context, program, is_requested)? {
        Some(target) => grant_for(context.session(&target), program),
        None => Ok(None),
    }
}

/// Returns `true` if `program` may have a credential for a server that `is_requested` accepts. Does not look for one.
pub(super) fn is_bound(
    app: &App,
    program: HelperProgram,
    is_requested: impl Fn(&Origin) -> bool,
) -> Result<bool, Failure> {
    let target = Target::resolve_for_program(&app.context()?, program, is_requested)?;
    Ok(target.is_some())
}
