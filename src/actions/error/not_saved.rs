//! Errors of saving a new session.

use super::ActionError;
use crate::vault::VaultError;

#[derive(Debug, thiserror::Error)]
pub enum NotSaved {
    #[error(
        "the session of profile \"{profile}\" was refreshed, but not saved{}",
        if *fate == Fate::Kept { "" } else { ": sign in again" }
    )]
    Refreshed {
        profile: String,
        fate: Fate,
        source: VaultError,
    },
    #[error("signed in to profile \"{profile}\", but cannot save the session")]
    SignedIn {
        profile: String,
        fate: Fate,
        source: Box<ActionError>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// A complete copy is on the disk; the next refresh finds it.
    Kept,
    Revoked,
    /// It could not be revoked and is valid until it expires.
    Alive,
}
