//! Signs a profile out: revokes the session at the server (RFC 7009, the refresh token first), then deletes the stored
//! credential, even if the server cannot be reached.

use jiff::Timestamp;
use serde::Serialize;

use crate::actions::credential::file_choice::report_profile_file;
use crate::actions::credential::revoke_session::revoke_session;
use crate::actions::credential::select::find_shadowing_source;
use crate::actions::{ActionError, ProfileSession, RevocationOutcome};
use crate::domain::{CredentialEvent, CredentialKind, ProfileName, StoredCredential};
use crate::vault::{ProfileLock, VaultError};

#[derive(Debug, Clone, Serialize)]
pub struct LogoutResult {
    pub profile: ProfileName,
    /// The kind of the credential that was stored.
    pub kind: Option<CredentialKind>,
    pub server: RevocationOutcome,
    /// When the stored session expires at the server without a revocation; `None` if that is unknown.
    pub expires_at: Option<Timestamp>,
    /// Whether a stored credential was deleted.
    pub deleted: bool,
}

impl ProfileSession<'_> {
    /// Signs the profile out. With `is_local`, sends nothing.
    ///
    /// # Errors
    /// `SessionNotRevoked` if the server could not be reached: the credential is deleted here. `CopyNotDeleted` if a copy
    /// could not be deleted.
    pub async fn logout(self, is_local: bool) -> Result<LogoutResult, ActionError> {
        report_profile_file(self);
        self.begin_event(CredentialEvent::Logout);
        let lock = self.vault().lock(&self.target.name).await?;
        let target = self.target.reload_storage(self.context);
        let session = self.context.session(&target);
        let logout = Box::pin(LockedLogout::prepare(session, lock)).await?;
        let revocation = match &logout.stored {
            Some(stored) if !is_local => Box::pin(revoke_session(session, stored)).await,
            _ => Ok(RevocationOutcome::NotAsked),
        };
        Box::pin(logout.delete(revocation, is_local)).await
    }

    /// As [`Self::logout`], but deletes the sessions of the profile only if `revoke` revoked all of them. Calls `is_wanted` while
    /// the profile is locked, so that its result stays true; if it is false, returns `None` and does nothing.
    ///
    /// # Errors
    /// As [`Self::logout`], and those of `revoke`.
    #[cfg(feature = "scan")]
    pub(crate) async fn logout_if_revoked(
        self,
        is_wanted: impl FnOnce() -> bool,
        mut revoke: impl AsyncFnMut(
            ProfileSession<'_>,
            &StoredCredential,
        ) -> Result<RevocationOutcome, ActionError>,
    ) -> Result<Option<LogoutResult>, ActionError> {
        let lock = self.vault().lock(&self.target.name).await?;
        if !is_wanted() {
            return Ok(None);
        }
        self.begin_event(CredentialEvent::Logout);
        let target = self.target.reload_storage(self.context);
        let session = self.context.session(&target);
        let logout = Box::pin(LockedLogout::prepare(session, lock)).await?;
        let copy = session.vault().stale_copy(&logout.lock, &target.profile)?;
        let mut failure = None;
        // A failure at one server leaves the other session to be revoked.
        for stored in logout.stored.iter().chain(&copy) {
            match Box::pin(revoke(session, stored)).await {
                Ok(RevocationOutcome::Revoked) => {}
                other => failure = failure.or(Some(other)),
            }
        }
        if let Some(outcome) = failure {
            return Ok(Some(logout.result(outcome?, false)));
        }
        let deleted = logout.delete(Ok(RevocationOutcome::Revoked), true);
        Box::pin(deleted).await.map(Some)
    }
}

/// A logout that holds the lock of the profile.
struct LockedLogout<'a> {
    session: ProfileSession<'a>,
    lock: ProfileLock,
    stored: Option<StoredCredential>,
}

impl<'a> LockedLogout<'a> {
    async fn prepare(session: ProfileSession<'a>, lock: ProfileLock) -> Result<Self, ActionError> {
        // A refreshed session that was not renamed yet is the one to revoke.
        let _ = session.vault().recover_refresh(&lock);
        match Box::pin(prepare(session, &lock)).await {
            Err(error) if !error.is_damage() => return Err(error.into()),
            _ => {}
        }
        let stored = read_or_quarantine(session, &lock)?;
        Ok(Self {
            session,
            lock,
            stored,
        })
    }

    /// Deletes the credential and its copy. `revocation` is the result at the server. With `is_local`, sends nothing.
    async fn delete(
        self,
        revocation: Result<RevocationOutcome, ActionError>,
        is_local: bool,
    ) -> Result<LogoutResult, ActionError> {
        let (session, lock, stored) = (self.session, &self.lock, self.stored.as_ref());
        let deleted = match session.vault().delete(lock, session.storage()) {
            Ok(deleted) => deleted || stored.is_some(),
            Err(error) if matches!(revocation, Ok(RevocationOutcome::Revoked)) => {
                return Err(ActionError::CopyNotDeleted(error));
            }
            Err(error) => return Err(error.into()),
        };
        session.forget_all_tokens();
        let copy = delete_stale_copy(session, lock, stored, is_local).await;
        let deleted = deleted | copy.map_err(ActionError::CopyNotDeleted)?;
        warn_if_still_authenticated(session);
        let server = revocation.map_err(|error| ActionError::SessionNotRevoked {
            expires_at: self.expires_at(),
            source: Box::new(error),
        })?;
        session.record_stored(CredentialEvent::Logout, stored);
        Ok(self.result(server, deleted))
    }

    fn result(&self, server: RevocationOutcome, deleted: bool) -> LogoutResult {
        let stored = self.stored.as_ref();
        let is_revoked = server == RevocationOutcome::Revoked;
        LogoutResult {
            profile: self.session.target.name.clone(),
            kind: stored.map(|stored| stored.credential.kind),
            expires_at: self.expires_at().filter(|_| !is_revoked),
            server,
            deleted,
        }
    }

    /// A refresh token may live longer than the access token, and its expiry is unknown.
    fn expires_at(&self) -> Option<Timestamp> {
        let stored = self.stored.as_ref()?;
        stored
            .expires_at()
            .filter(|_| stored.refresh_token.is_none())
    }
}

async fn prepare(session: ProfileSession<'_>, lock: &ProfileLock) -> Result<(), VaultError> {
    let vault = session.vault();
    vault.prepare_keyring(lock, session.storage()).await?;
    // Another profile name may still have a copy of the session.
    vault.finish_rename(lock.profile()).await
}

/// A key from a variable or `.env` stays in use after logout.
fn warn_if_still_authenticated(session: ProfileSession<'_>) {
    if let Some(source) = find_shadowing_source(session) {
        session.context.warn(format!(
            "{source} is still set and stays in use; remove it to sign out completely"
        ));
    }
}

fn read_or_quarantine(
    session: ProfileSession<'_>,
    lock: &ProfileLock,
) -> Result<Option<StoredCredential>, ActionError> {
    match session.read_stored() {
        Ok(stored) => Ok(stored),
        Err(damage) if damage.is_damage() => {
            let quarantined = session.vault().quarantine(lock)?;
            let note = quarantined
                .map(|path| format!("; it is kept as {}", path.display()))
                .unwrap_or_default();
            session.context.warn(format!("{damage}{note}"));
            Ok(None)
        }
        Err(other) => Err(other.into()),
    }
}

/// Deletes the copy that an interrupted migration may have left, and returns whether there was one. If the copy is another
/// session than the stored one, revokes it first, if possible.
async fn delete_stale_copy(
    session: ProfileSession<'_>,
    lock: &ProfileLock,
    stored: Option<&StoredCredential>,
    is_local: bool,
) -> Result<bool, VaultError> {
    let copy = session.vault().stale_copy(lock, &session.target.profile)?;
    if let Some(copy) = copy
        .as_ref()
        .filter(|copy| !is_local && Some(*copy) != stored)
    {
        let _ = revoke_session(session, copy).await;
    }
    session
        .vault()
        .delete_stale_copy(lock, session.target.profile.clone())
        .await?;
    Ok(copy.is_some())
}
