//! Gets the credential for another program. Starts a runtime only for a refresh.

use jiff::SignedDuration;

use super::block_on_interruptible;
use crate::actions::{Handover, ProfileSession, ResolvedCredential};
use crate::cli::failure::Failure;
use crate::domain::{CredentialEvent, Scopes};

/// How long the credential must stay valid, and its scopes.
pub(crate) struct WantedCredential<'a> {
    /// Without it, the credential is refreshed if it expires soon.
    pub(crate) min_ttl: Option<SignedDuration>,
    /// A new access token that has only these; the credential in use without any.
    pub(crate) scopes: &'a [String],
}

/// Returns the credential for `event`, which is recorded.
pub(crate) fn scoped_credential(
    session: ProfileSession<'_>,
    event: CredentialEvent,
    wanted: &WantedCredential<'_>,
) -> Result<ResolvedCredential, Failure> {
    session.begin_event(event);
    let scopes = Scopes::parse(&wanted.scopes.join(" "));
    if scopes.is_empty() {
        let handover = Handover::prepare(session, wanted.min_ttl)?;
        return finish_handover(session, event, handover);
    }
    let narrowed = block_on_interruptible(session.context, || session.narrow_credential(&scopes))?;
    session.record_use(event, &narrowed);
    Ok(narrowed)
}

/// Refreshes the credential if it needs that, and records `event`.
pub(crate) fn finish_handover(
    session: ProfileSession<'_>,
    event: CredentialEvent,
    handover: Handover<'_>,
) -> Result<ResolvedCredential, Failure> {
    let selected = if handover.needs_refresh() {
        block_on_interruptible(session.context, || handover.refresh())?
    } else {
        handover.into_selected()
    };
    session.record_use(event, &selected);
    Ok(selected)
}
