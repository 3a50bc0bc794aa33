//! Uses the stored credential, whatever the environment and the files of the directory set.

use jiff::SignedDuration;

use crate::actions::credential::fixed_credential::{FixedCredential, STORED};
use crate::actions::credential::lookup::LookupResult;
use crate::actions::credential::select::find_in_vault;
use crate::actions::{
    ActionError, AuthenticatedClient, PickedCredential, ProfileSession, ResolvedCredential,
};

impl ProfileSession<'_> {
    /// Returns true if a credential is stored for this service and server.
    pub(crate) fn has_stored_credential(self) -> bool {
        find_stored_only(self).is_ok()
    }
}

impl<'a> FixedCredential<'a> {
    /// Uses the stored credential, refreshed if it expired.
    ///
    /// # Errors
    /// If none is stored for this service and server, or it has expired and cannot be refreshed.
    pub(crate) async fn stored(session: ProfileSession<'a>) -> Result<Self, ActionError> {
        let min_ttl = SignedDuration::ZERO;
        let picked = PickedCredential::of(session, find_stored_only(session)?, min_ttl)?;
        let client = AuthenticatedClient::with_credential(session, picked.into_resolved());
        let selected = Box::pin(client.refresh_if_expiring(min_ttl)).await?;
        Ok(Self {
            session,
            selected,
            name: STORED,
        })
    }
}

/// Returns the stored credential, whatever the environment and the files of the directory set.
///
/// # Errors
/// If none is stored for this service and server.
fn find_stored_only(session: ProfileSession<'_>) -> Result<ResolvedCredential, ActionError> {
    let reasons = match find_in_vault(session)? {
        LookupResult::Found(selected) => return Ok(*selected),
        LookupResult::Refused { source, reason } => vec![format!("{}: {reason}", source.label())],
        _ => Vec::new(),
    };
    Err(ActionError::LoginRequired {
        profile: session.target.name.to_string(),
        variable: None,
        reasons,
    })
}
