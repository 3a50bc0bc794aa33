//! Gives the credential to other programs that request it for a server. Must not prompt, and must not start a login.

pub(crate) mod git_config;

use crate::actions::{ActionError, Handover, ProfileSession, ResolvedCredential};
use crate::domain::{Origin, Secret, StoredCredential};
use crate::helper::Grant;

impl ProfileSession<'_> {
    /// Returns `true` if the profile is bound to `origin`. Reads no file, and needs no lock and no network: programs ask
    /// every helper about every server.
    pub fn is_bound_to(self, origin: &Origin) -> bool {
        let base = self.target.base.as_ref();
        base.is_some_and(|base| base.origin() == *origin)
    }

    /// Returns what a program gets.
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
        let stored = self.resolve_credential()?.stored;
        Ok(stored.filter(|stored| {
            stored.credential.secret.has_fingerprint(&fingerprint) && self.can_refresh(stored)
        }))
    }
}

impl<'a> Handover<'a> {
    /// As [`Handover::prepare`], for a program that asks about `origin`: `None` if the credential in use is bound to
    /// another one.
    ///
    /// # Errors
    /// As [`Handover::prepare`].
    pub fn prepare_for(
        session: ProfileSession<'a>,
        origin: &Origin,
    ) -> Result<Option<Self>, ActionError> {
        let handover = Self::prepare(session, None)?;
        Ok(Some(handover).filter(|it| it.selected().base.origin() == *origin))
    }
}
