//! Gives the credential to other programs that request it for a server. Must not prompt, and must not start a login.

mod bound_hosts;
pub(crate) mod install;

use jiff::SignedDuration;

use crate::actions::{ActionError, Handover, ProfileSession, ResolvedCredential};
use crate::domain::{BaseUrl, Secret, StoredCredential};
use crate::helper::Grant;

impl ProfileSession<'_> {
    pub fn grant(self, selected: &ResolvedCredential) -> Grant {
        let stored = selected.stored.as_ref();
        Grant {
            header: self.auth_header(selected),
            expires_at: stored.and_then(|stored| {
                if self.can_refresh(stored) {
                    stored.expiry.refresh_at()
                } else {
                    stored.expires_at()
                }
            }),
            account: stored.and_then(|stored| stored.account.clone()),
        }
    }

    /// Returns the session to refresh because a server rejected `rejected`; `None` if another process refreshed it
    /// already, or if it cannot be refreshed.
    ///
    /// # Errors
    /// Errors of reading the sources.
    pub fn session_to_replace(
        self,
        rejected: &Secret,
    ) -> Result<Option<StoredCredential>, ActionError> {
        let fingerprint = rejected.fingerprint(Secret::LONG_FINGERPRINT);
        let stored = self.resolve_credential()?.into_stored();
        Ok(stored.filter(|stored| {
            stored.credential.secret.has_fingerprint(&fingerprint) && self.can_refresh(stored)
        }))
    }
}

/// A program that was given an older credential, and reports a rejection, was given the stored one.
const RECENT: SignedDuration = SignedDuration::from_mins(1);

impl ProfileSession<'_> {
    /// As [`Self::session_to_replace`], for a program that does not say which credential was rejected: `None` also for a
    /// recent one, which another process may have refreshed after the rejection.
    ///
    /// # Errors
    /// Errors of reading the sources.
    pub fn old_session_to_replace(self) -> Result<Option<StoredCredential>, ActionError> {
        let stored = self.resolve_credential()?.into_stored();
        let now = self.context.now();
        Ok(stored.filter(|stored| {
            let age = now.duration_since(stored.expiry.issued_at);
            age > RECENT && self.can_refresh(stored)
        }))
    }
}

impl<'a> Handover<'a> {
    /// As [`Handover::prepare`], for another program: `None` if the credential in use is bound to another server than the
    /// profile's, or to a part of one. Programs name servers, not paths.
    ///
    /// # Errors
    /// As [`Handover::prepare`].
    pub fn prepare_for_program(session: ProfileSession<'a>) -> Result<Option<Self>, ActionError> {
        let handover = Self::prepare(session, None)?;
        let own = session.target.base.as_ref().map(BaseUrl::origin);
        let selected = handover.selected();
        let bound = selected
            .stored
            .as_ref()
            .and_then(StoredCredential::bound_base);
        let is_whole_server = bound.is_none_or(|bound| !bound.has_path());
        let is_own = Some(selected.base.origin()) == own;
        Ok((is_own && is_whole_server).then_some(handover))
    }
}
