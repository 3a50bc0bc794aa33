//! Sessions that a server issued and that cannot be saved. Nobody else holds them: what cannot be kept for a later command
//! is revoked, and the error says which of both happened.

use crate::actions::account::logout::{RevocationOutcome, revoke_session};
use crate::actions::{ActionError, Context, Target};
use crate::domain::StoredCredential;
use crate::vault::{CredentialReservation, ProfileLock, SaveError, VaultError};

/// Why a new session is not in use.
#[derive(Debug, thiserror::Error)]
pub enum NotSaved {
    /// After a refresh.
    #[error(
        "the session of profile \"{profile}\" was refreshed, but not saved{}",
        if *fate == Fate::Kept { "" } else { ": sign in again" }
    )]
    Refreshed {
        /// The profile.
        profile: String,
        /// What became of the new session.
        fate: Fate,
        /// What the system reported.
        source: VaultError,
    },
    /// After a login.
    #[error("signed in to profile \"{profile}\", but cannot save the session")]
    SignedIn {
        /// The profile.
        profile: String,
        /// What became of the new session.
        fate: Fate,
        /// What went wrong.
        source: Box<ActionError>,
    },
}

/// What became of a session that was not saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// A complete copy is on the disk, where the next refresh finds it.
    Kept,
    /// It was revoked at the server.
    Revoked,
    /// It could not be revoked, and is alive until it expires.
    Alive,
}

/// Saves what a refresh returned, which has replaced the session `before` at the server.
pub(crate) async fn save_refreshed(
    context: &Context,
    target: &Target,
    (lock, reserved): (&ProfileLock, CredentialReservation),
    before: &StoredCredential,
    renewed: StoredCredential,
) -> Result<StoredCredential, ActionError> {
    let (fate, source) = match context.vault.save_refreshed(lock, reserved, &renewed) {
        Ok(None) => return Ok(renewed),
        Ok(Some(error)) => {
            context.warn(format!(
                "the session of profile \"{}\" is saved, but a power cut might undo that: {}",
                target.name,
                with_cause(&error)
            ));
            return Ok(renewed);
        }
        Err(SaveError::KeptInTemp(error) | SaveError::Lost(error))
            if renewed.refresh_token == before.refresh_token =>
        {
            // The server did not rotate the token: what is stored still refreshes.
            lock.end_refresh();
            return Err(error.into());
        }
        Err(SaveError::KeptInTemp(error)) => (Fate::Kept, error),
        Err(SaveError::Lost(error)) => (try_revoke(context, target, &renewed).await, error),
    };
    let profile = target.name.to_string();
    Err(NotSaved::Refreshed {
        profile,
        fate,
        source,
    }
    .into())
}

/// Ends a new session, which a login could not save for the reason `error`.
pub(crate) async fn on_login_not_saved(
    context: &Context,
    target: &Target,
    stored: &StoredCredential,
    error: ActionError,
) -> ActionError {
    NotSaved::SignedIn {
        profile: target.name.to_string(),
        fate: try_revoke(context, target, stored).await,
        source: Box::new(error),
    }
    .into()
}

async fn try_revoke(context: &Context, target: &Target, stored: &StoredCredential) -> Fate {
    match Box::pin(revoke_session(context, target, stored)).await {
        Ok(RevocationOutcome::Revoked) => Fate::Revoked,
        _ => Fate::Alive,
    }
}

fn with_cause(error: &VaultError) -> String {
    let cause = std::error::Error::source(error);
    cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
