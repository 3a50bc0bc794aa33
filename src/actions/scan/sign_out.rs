//! Revokes found tokens of stored sessions: signs their profiles out.

use std::collections::BTreeMap;

use super::known::stored_profiles;
use super::verify::{FoundKey, KeyState, verify};
use crate::actions::account::logout::Deletion;
use crate::actions::{
    ActionError, Context, ProfileSession, RevocationOutcome, ScanError, Target, error_line,
};
use crate::domain::{CredentialEvent, ProfileName, Secret};

/// The profiles that were signed out, each with the reason why its session may still be valid. A file can contain both
/// tokens of a session, which are revoked together.
#[derive(Default)]
pub(super) struct SignedOut(BTreeMap<ProfileName, Option<String>>);

impl SignedOut {
    /// Signs out of every profile that stores `key`.
    ///
    /// # Errors
    /// [`ScanError::SessionNotRevoked`] if no server revoked the session, or the service still accepts the token.
    pub(super) async fn sign_out(
        &mut self,
        context: &Context,
        key: &FoundKey,
    ) -> Result<(), ActionError> {
        let mut is_revoked = false;
        let mut failure = None;
        for target in key.sessions() {
            let profile = &target.name;
            // A session of several profiles is revoked once.
            let deletion = if is_revoked {
                Deletion::Local
            } else {
                Deletion::IfRevoked
            };
            let reason = match self.0.get(profile) {
                Some(reason) => reason.clone(),
                None => sign_out(context.session(target), &key.finding().key, deletion).await,
            };
            self.0.insert(profile.clone(), reason.clone());
            is_revoked |= reason.is_none();
            failure = failure.or(reason.map(|reason| ScanError::SessionNotRevoked {
                profile: profile.clone(),
                reason,
            }));
        }
        if is_revoked {
            require_rejection(context, key).await?;
            self.record(context, key);
            return Ok(());
        }
        failure.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Records the revocation of `key` in the audit log, for each profile whose session it was.
    fn record(&self, context: &Context, key: &FoundKey) {
        let is_revoked = |target: &&Target| self.0.get(&target.name) == Some(&None);
        for target in key.sessions().iter().filter(is_revoked) {
            context
                .session(target)
                .record_revoked_key(&key.finding().key);
        }
    }
}

/// Signs out of the profile, and returns the reason if the session may still be valid: then it stays stored, so that a later
/// scan finds it again.
async fn sign_out(session: ProfileSession<'_>, key: &Secret, deletion: Deletion) -> Option<String> {
    session.begin_event(CredentialEvent::TokenRevoke);
    match Box::pin(session.logout_if(deletion, || stores(session, key))).await {
        Ok(Some(result)) => match result.server {
            RevocationOutcome::Revoked | RevocationOutcome::NotAsked => None,
            RevocationOutcome::Refused(reason) => Some(reason),
            RevocationOutcome::NotOffered => Some("the server has no call for it".to_owned()),
        },
        Ok(None) => Some("the profile no longer stores it".to_owned()),
        Err(error) => Some(error_line(&error)),
    }
}

/// A server may revoke only the refresh token, and a service may accept an access token until it expires.
async fn require_rejection(context: &Context, key: &FoundKey) -> Result<(), ActionError> {
    let state = Box::pin(verify(context, key)).await;
    let Some(profile) = key.profiles().next().filter(|_| state == KeyState::Live) else {
        return Ok(());
    };
    Err(ScanError::SessionNotRevoked {
        profile: profile.clone(),
        reason: "the service still accepts the token".to_owned(),
    }
    .into())
}

/// Another process can have replaced the session since the scan read it.
fn stores(session: ProfileSession<'_>, key: &Secret) -> bool {
    let profiles = stored_profiles(session.context);
    let mut profiles = profiles.iter();
    profiles.any(|profile| profile.name == session.target.name && profile.contains(key))
}
