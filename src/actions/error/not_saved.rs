//! Errors of saving a new session.

use super::ActionError;
use crate::vault::VaultError;

#[derive(Debug, thiserror::Error)]
pub enum NotSaved {
    #[error(
        "the session of profile \"{profile}\" was refreshed, but not saved{}",
        if *state == UnsavedSession::Recoverable { "" } else { ": sign in again" }
    )]
    Refreshed {
        profile: String,
        state: UnsavedSession,
        source: VaultError,
    },
    #[error("signed in to profile \"{profile}\", but cannot save the session")]
    SignedIn {
        profile: String,
        state: UnsavedSession,
        source: Box<ActionError>,
    },
}

/// What became of a session that was not saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnsavedSession {
    /// A complete copy is on disk, and the next refresh recovers it.
    Recoverable,
    Revoked,
    /// The server could not revoke it; it is valid until it expires.
    StillValid,
}
