//! Gets the credential for another program. Starts a runtime only for a refresh.

use jiff::SignedDuration;

use super::block_on_interruptible;
use crate::actions::{Handover, ProfileSession, ResolvedCredential};
use crate::cli::failure::Failure;
use crate::domain::Scopes;

/// Returns the credential, refreshed if it expires within `min_ttl`, or soon without one.
fn fresh_credential(
    session: ProfileSession<'_>,
    min_ttl: Option<SignedDuration>,
) -> Result<ResolvedCredential, Failure> {
    finish_handover(session, Handover::prepare(session, min_ttl)?)
}

/// As [`fresh_credential`]; with `scopes`, returns a new access token that has only these.
pub(crate) fn scoped_credential(
    session: ProfileSession<'_>,
    min_ttl: Option<SignedDuration>,
    scopes: &[String],
) -> Result<ResolvedCredential, Failure> {
    let scopes = Scopes::parse(&scopes.join(" "));
    if scopes.is_empty() {
        return fresh_credential(session, min_ttl);
    }
    block_on_interruptible(session.context, || session.narrow_credential(&scopes))
}

/// Refreshes the credential if it needs that.
pub(crate) fn finish_handover(
    session: ProfileSession<'_>,
    handover: Handover<'_>,
) -> Result<ResolvedCredential, Failure> {
    if handover.needs_refresh() {
        return block_on_interruptible(session.context, || handover.refresh());
    }
    Ok(handover.into_selected())
}
