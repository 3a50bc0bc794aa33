//! Handles sessions that a server issued and that cannot be saved. No other program has them: they are kept for a later
//! command or revoked, and the error says which.

use crate::actions::credential::revoke_session::revoke_session;
use crate::actions::{ActionError, NotSaved, ProfileSession, RevocationOutcome, UnsavedSession};
use crate::domain::StoredCredential;
use crate::vault::{CredentialReservation, ProfileLock, SaveError, VaultError};

/// Saves a refreshed session. The server replaced the session `before` by it.
pub(crate) async fn save_refreshed(
    session: ProfileSession<'_>,
    lock: &ProfileLock,
    reserved: CredentialReservation,
    before: &StoredCredential,
    refreshed: StoredCredential,
) -> Result<StoredCredential, ActionError> {
    let (state, source) = match session
        .context
        .vault
        .save_refreshed(lock, reserved, &refreshed)
    {
        Ok(None) => return Ok(refreshed),
        Ok(Some(error)) => {
            session.context.warn(format!(
                "the session of profile \"{}\" is saved, but may be lost in a power failure: {}",
                session.target.name,
                with_cause(&error)
            ));
            return Ok(refreshed);
        }
        Err(SaveError::KeptInTemp(error) | SaveError::Lost(error))
            if refreshed.refresh_token == before.refresh_token =>
        {
            // The server did not rotate the refresh token, so that the stored one still works.
            lock.end_refresh();
            return Err(error.into());
        }
        Err(SaveError::KeptInTemp(error)) => (UnsavedSession::Recoverable, error),
        Err(SaveError::Lost(error)) => (try_revoke(session, &refreshed).await, error),
    };
    let profile = session.target.name.to_string();
    Err(NotSaved::Refreshed {
        profile,
        state,
        source,
    }
    .into())
}

/// Revokes a new session that a login could not save.
pub(crate) async fn on_login_not_saved(
    session: ProfileSession<'_>,
    stored: &StoredCredential,
    error: ActionError,
) -> ActionError {
    NotSaved::SignedIn {
        profile: session.target.name.to_string(),
        state: try_revoke(session, stored).await,
        source: Box::new(error),
    }
    .into()
}

async fn try_revoke(session: ProfileSession<'_>, stored: &StoredCredential) -> UnsavedSession {
    match Box::pin(revoke_session(session, stored)).await {
        Ok(RevocationOutcome::Revoked) => UnsavedSession::Revoked,
        _ => UnsavedSession::StillValid,
    }
}

fn with_cause(error: &VaultError) -> String {
    let cause = std::error::Error::source(error);
    cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
