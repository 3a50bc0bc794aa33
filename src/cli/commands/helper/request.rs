//! What the helpers of all protocols share.

use std::io;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::actions::{Handover, ProfileSession};
use crate::cli::app::{App, finish_handover};
use crate::cli::failure::{Code, Failure};
use crate::domain::{BaseUrl, Origin};
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

/// Returns the fresh credential for `origin`; `None` if it belongs to another one.
pub(super) fn grant_for(
    session: ProfileSession<'_>,
    origin: &Origin,
) -> Result<Option<Grant>, Failure> {
    let Some(handover) = Handover::prepare_for(session, origin)? else {
        return Ok(None);
    };
    let selected = finish_handover(session, handover)?;
    Ok(Some(session.grant(&selected)))
}

/// What a program gets, and the server that it is for.
pub(super) struct BoundGrant {
    pub(super) origin: Origin,
    pub(super) grant: Grant,
}

/// Returns the fresh credential if `is_asked` accepts the server of the profile.
pub(super) fn bound_request(
    app: &App,
    is_asked: impl FnOnce(&Origin) -> bool,
) -> Result<Option<BoundGrant>, Failure> {
    let (context, target) = app.context_and_target()?;
    let origin = target.base.as_ref().map(BaseUrl::origin);
    let Some(origin) = origin.filter(is_asked) else {
        return Ok(None);
    };
    let grant = grant_for(context.session(&target), &origin)?;
    Ok(grant.map(|grant| BoundGrant { origin, grant }))
}

/// As [`bound_request`], without the server.
pub(super) fn bound_grant(
    app: &App,
    is_asked: impl FnOnce(&Origin) -> bool,
) -> Result<Option<Grant>, Failure> {
    Ok(bound_request(app, is_asked)?.map(|bound| bound.grant))
}
