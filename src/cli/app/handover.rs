//! Gets the credential for another program. Starts a runtime only for a refresh.

use jiff::SignedDuration;

use super::block_on_interruptible;
use crate::actions::{Handover, ProfileSession, ResolvedCredential};
use crate::cli::failure::Failure;
use crate::domain::{CredentialEvent, Scopes};

/// The program that gets a credential.
#[derive(Clone, Copy)]
pub(crate) struct Receiver {
    pub(crate) event: CredentialEvent,
    /// Its name in the record of uses.
    pub(crate) name: &'static str,
}

/// How long the credential must stay valid, and its scopes.
pub(crate) struct WantedCredential<'a> {
    /// Without it, the credential is refreshed if it expires soon.
    pub(crate) min_ttl: Option<SignedDuration>,
    /// A new access token that has only these; the credential in use without any.
    pub(crate) scopes: &'a [String],
}

/// Returns the credential for `receiver`, and records that it gets it.
pub(crate) fn scoped_credential(
    session: ProfileSession<'_>,
    receiver: Receiver,
    wanted: &WantedCredential<'_>,
) -> Result<ResolvedCredential, Failure> {
    session.begin_event(receiver.event);
    let scopes = Scopes::parse(&wanted.scopes.join(" "));
    if scopes.is_empty() {
        let handover = Handover::prepare(session, wanted.min_ttl)?;
        return finish_handover(session, receiver, handover);
    }
    let narrowed = block_on_interruptible(session.context, || session.narrow_credential(&scopes))?;
    session.record_handover(receiver.event, &narrowed, receiver.name);
    Ok(narrowed)
}

/// Refreshes the credential if it needs that, and records that `receiver` gets it.
pub(crate) fn finish_handover(
    session: ProfileSession<'_>,
    receiver: Receiver,
    handover: Handover<'_>,
) -> Result<ResolvedCredential, Failure> {
    let selected = if handover.needs_refresh() {
        block_on_interruptible(session.context, || handover.refresh())?
    } else {
        handover.into_selected()
    };
    session.record_handover(receiver.event, &selected, receiver.name);
    Ok(selected)
}
