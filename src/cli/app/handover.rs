//! Gets the credential for another program. Starts a runtime only for a refresh.

use jiff::SignedDuration;

use super::block_on_interruptible;
use crate::actions::{Handover, ProfileSession, ResolvedCredential};
use crate::cli::failure::Failure;

/// Returns the credential, refreshed if it expires within `min_ttl`, or soon without one.
pub(crate) fn fresh_credential(
    session: ProfileSession<'_>,
    min_ttl: Option<SignedDuration>,
) -> Result<ResolvedCredential, Failure> {
    finish_handover(session, Handover::prepare(session, min_ttl)?)
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
