//! Revokes found tokens that belong to stored sessions, by signing out the profiles that store them.

use std::collections::{BTreeMap, BTreeSet};

use super::known;
use super::verify::{FoundKey, KeyState, verify_session};
use crate::actions::credential::revoke_session::revoke_session;
use crate::actions::{
    ActionError, Context, ProfileSession, RevocationOutcome, ScanError, Target, error_line,
};
use crate::domain::{CredentialEvent, ProfileName, Secret, StoredCredential};

/// A profile whose server may still accept a key.
pub(super) struct Unrevoked<'a> {
    pub(super) target: &'a Target,
    pub(super) error: ActionError,
}

impl<'a> Unrevoked<'a> {
    pub(super) fn new(target: &'a Target, reason: String) -> Self {
        let profile = target.name.clone();
        let error = ScanError::SessionNotRevoked { profile, reason };
        let error = error.into();
        Self { target, error }
    }
}

/// The profiles whose sessions were revoked.
#[derive(Default)]
pub(super) struct SignedOut {
    /// The profiles that were tried, each with the reason if its session may still be valid. A file can contain both tokens of
    /// a session, which are revoked together.
    profiles: BTreeMap<ProfileName, Option<String>>,
    /// A session that several profiles store is revoked once.
    revoked: Vec<StoredCredential>,
}

impl SignedOut {
    /// Signs out of every profile that stores `key`. Returns those whose session may still be valid.
    pub(super) async fn sign_out<'k>(
        &mut self,
        context: &Context,
        key: &'k FoundKey,
    ) -> Vec<Unrevoked<'k>> {
        let mut failures = Vec::new();
        for target in key.sessions() {
            let session = context.session(target);
            let secret = &key.finding().key;
            let reason = match self.profiles.get(&target.name) {
                Some(reason) => reason.clone(),
                None => Box::pin(self.sign_out_profile(session, secret)).await,
            };
            self.profiles.insert(target.name.clone(), reason.clone());
            match reason {
                Some(reason) => failures.push(Unrevoked::new(target, reason)),
                None => session.record_revoked_key(secret),
            }
        }
        failures
    }

    pub(super) fn into_profiles(self) -> BTreeSet<ProfileName> {
        let profiles = self.profiles.into_iter();
        let profiles = profiles.filter(|(_, reason)| reason.is_none());
        profiles.map(|(profile, _)| profile).collect()
    }

    /// Signs out of the profile, and returns the reason if the session may still be valid: then it stays stored, so that a
    /// later scan finds it again.
    async fn sign_out_profile(
        &mut self,
        session: ProfileSession<'_>,
        key: &Secret,
    ) -> Option<String> {
        session.begin_event(CredentialEvent::TokenRevoke);
        let revoke = async |session: ProfileSession<'_>, stored: &StoredCredential| {
            self.revoke(session, stored).await
        };
        match Box::pin(session.logout_if_revoked(|| is_still_stored(session, key), revoke)).await {
            Ok(Some(result)) => match result.server {
                RevocationOutcome::Revoked => None,
                RevocationOutcome::Refused(reason) => Some(reason),
                RevocationOutcome::NotOffered | RevocationOutcome::NotAsked => {
                    Some(NO_REVOCATION_CALL.to_owned())
                }
            },
            Ok(None) => Some("the profile no longer stores it".to_owned()),
            Err(error) => Some(error_line(&error)),
        }
    }

    async fn revoke(
        &mut self,
        session: ProfileSession<'_>,
        stored: &StoredCredential,
    ) -> Result<RevocationOutcome, ActionError> {
        if self.revoked.contains(stored) {
            return Ok(RevocationOutcome::Revoked);
        }
        let outcome = Box::pin(revoke_and_verify(session, stored)).await?;
        if outcome == RevocationOutcome::Revoked {
            self.revoked.push(stored.clone());
        }
        Ok(outcome)
    }
}

pub(super) const NO_REVOCATION_CALL: &str = "the server has no call for it";

/// Revokes the session. A server may revoke only the refresh token, and refuses a session that was revoked before: the
/// service shows whether it still accepts the token.
async fn revoke_and_verify(
    session: ProfileSession<'_>,
    stored: &StoredCredential,
) -> Result<RevocationOutcome, ActionError> {
    let outcome = Box::pin(revoke_session(session, stored)).await?;
    let state = match outcome {
        RevocationOutcome::Revoked | RevocationOutcome::Refused(_) => {
            Box::pin(verify_session(session, stored)).await
        }
        RevocationOutcome::NotOffered | RevocationOutcome::NotAsked => KeyState::Unknown,
    };
    Ok(match (outcome, state) {
        (RevocationOutcome::Revoked, KeyState::Live) => {
            RevocationOutcome::Refused("the service still accepts the token".to_owned())
        }
        // A refresh token can outlive the access token.
        (RevocationOutcome::Refused(_), KeyState::Rejected) if stored.refresh_token.is_none() => {
            RevocationOutcome::Revoked
        }
        (outcome, _) => outcome,
    })
}

/// Returns `true` if the profile still stores `key`. Another process can have replaced the session since the scan read it.
fn is_still_stored(session: ProfileSession<'_>, key: &Secret) -> bool {
    let profile = known::read_profile(session.context, session.target.name.clone());
    profile.is_ok_and(|profile| profile.is_some_and(|profile| profile.contains(key)))
}
