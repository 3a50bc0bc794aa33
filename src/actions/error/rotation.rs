//! Errors of a token rotation.

use std::path::{Path, PathBuf};

use super::target::TargetOutcome;
use super::{ActionError, NarrowError};
use crate::domain::{Secret, TokenId};
use crate::service::RightsChange;

/// The number of ids that an error names.
const MAX_IDS: usize = 5;

/// The token in use still works after each of these, except where the service replaced it by its own call.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    #[error("profile \"{profile}\" has no stored key to rotate")]
    NoStoredKey {
        profile: String,
        /// `None` for a token without an id.
        id: Option<String>,
        /// The `.env` whose key is in use.
        env_file: Option<PathBuf>,
    },
    #[error(
        "cannot rotate token {id}: the stored key of profile \"{profile}\" belongs to another token"
    )]
    StoredKeyMismatch {
        profile: String,
        id: String,
        /// The `.env` whose key is in use.
        env_file: Option<PathBuf>,
    },
    /// The key of another token would be lost.
    #[error("cannot rotate token {id}: the key in \"{}\" belongs to another token", path.display())]
    FileKeyMismatch { id: String, path: PathBuf },
    #[error("cannot rotate token {id}: the value in \"{}\" is not its key", path.display())]
    ValueMismatch { id: String, path: PathBuf },
    #[error("cannot rotate token {id}: \"{}\" does not exist", path.display())]
    FileNotFound { id: String, path: PathBuf },
    #[error("cannot rotate token {id}: \"{}\" does not set {variable}", path.display())]
    NoKeyInFile {
        id: String,
        path: PathBuf,
        variable: String,
    },
    #[error("cannot rotate token {id}: the service rejects the key in \"{}\"", path.display())]
    KeyRejected { id: String, path: PathBuf },
    #[error("cannot rotate the token: the key in \"{}\" belongs to {key_account}, the credential in use to {used_account}", path.display())]
    AccountMismatch {
        path: PathBuf,
        key_account: String,
        used_account: String,
    },
    #[error("cannot rotate token {id}: unknown whether the key in \"{}\" belongs to it", path.display())]
    CannotCompare { id: String, path: PathBuf },
    /// The key in the env file may belong to one of several tokens.
    #[error(
        "cannot rotate token {id}: unknown whether the key in \"{}\" belongs to it: it may belong to {}",
        path.display(), list_ids(others)
    )]
    SeveralPossible {
        id: String,
        path: PathBuf,
        /// The other tokens whose key it may be.
        others: Vec<String>,
    },
    #[error("{service} lists no token {id}{}", replaced_text(replaced_by.as_deref()))]
    NoSuchToken {
        service: String,
        id: String,
        /// The token that an earlier rotation replaced it with.
        replaced_by: Option<String>,
    },
    #[error(
        "cannot find the new token: {service} neither returns its id nor lists exactly one new token"
    )]
    UnknownNewToken { service: String },
    #[error("cannot rotate token {id}: it is revoked or disabled{}", replaced_text(replaced_by.as_deref()))]
    NotActive {
        id: String,
        /// The token that an earlier rotation replaced it with.
        replaced_by: Option<String>,
    },
    /// The credential in use creates tokens in another space than the old token's.
    #[error(
        "cannot rotate the token: it belongs to {old_space}, the credential in use to {new_space}"
    )]
    SpaceMismatch {
        old_space: String,
        /// The space that the new token would have.
        new_space: String,
    },
    /// The create call cannot express the limits of the old token. Nothing was sent.
    #[error(
        "cannot rotate token {id} with the same rights: {}",
        super::list_changes(changes)
    )]
    WouldWiden {
        id: String,
        changes: Vec<RightsChange>,
    },
    /// The service gave the new token more rights than the old one has.
    #[error(
        "cannot rotate token {id}: the service gave the new token other rights: {}",
        super::list_changes(changes)
    )]
    Widened {
        id: String,
        changes: Vec<RightsChange>,
    },
    #[error(transparent)]
    Narrow(#[from] NarrowError),
    /// The destination does not contain the key that was written.
    #[error("the new token was written, but the destination contains another value")]
    NotWritten,
    /// A journal of a rotation at another server exists.
    #[error("a rotation of token {old} at {origin} is unfinished ({})", path.display())]
    UnfinishedElsewhere {
        path: PathBuf,
        old: TokenId,
        origin: String,
    },
    /// The service replaced the token by its own call.
    #[error("the service replaced token {id}, but the new key cannot be written{}", kept_text(kept_in.as_deref()))]
    NewKeyKept {
        id: String,
        /// The journal that has the key.
        kept_in: Option<PathBuf>,
        /// The key, if nothing else has it.
        secret: Option<Secret>,
        source: Box<ActionError>,
    },
    #[error("the service replaced token {id} and the new key is written, but it is not verified")]
    NewKeyUnverified {
        id: String,
        source: Box<ActionError>,
    },
    /// The request of the service's own call was sent, and the old key no longer works.
    #[error("the response to a rotation of token {id} was lost: the service replaced its key")]
    ResponseLost { id: String },
    /// Some of several targets lack the new key, which stays in the journal.
    #[error(
        "the new key of token {id} is not in all targets: {}",
        TargetOutcome::list(outcomes)
    )]
    TargetsFailed {
        id: String,
        new: String,
        outcomes: Vec<TargetOutcome>,
        /// Whether the service has invalidated the old key.
        is_by_service: bool,
    },
    /// The name of the token was another one's when the targets were remembered.
    #[error("cannot rotate token {id}: the remembered targets belong to token {other}")]
    RememberedForOther { id: String, other: String },
    #[error("the new token is written, but the old one ({id}) could not be revoked")]
    OldNotRevoked {
        id: String,
        source: Box<ActionError>,
    },
    #[error(
        "cannot rotate token {id}: it is the new one of the unfinished rotation of token {old}"
    )]
    NewOfUnfinished { id: String, old: String },
    #[error("cannot rotate token {id} before the unfinished rotation of token {unfinished}")]
    WaitsForOther {
        id: String,
        unfinished: String,
        source: Box<ActionError>,
    },
}

impl RotationError {
    /// The changes that the user may accept with an option.
    pub fn changes(&self) -> Option<&[RightsChange]> {
        match self {
            Self::WouldWiden { changes, .. } | Self::Widened { changes, .. } => Some(changes),
            _ => None,
        }
    }

    /// The other tokens whose key the user may agree to replace; empty if they are unknown.
    pub fn possible_owners(&self) -> Option<&[String]> {
        match self {
            Self::SeveralPossible { others, .. } => Some(others),
            Self::CannotCompare { .. } => Some(&[]),
            _ => None,
        }
    }
}

fn replaced_text(new: Option<&str>) -> String {
    new.map_or_else(String::new, |new| {
        format!("; a rotation replaced it with token {new}")
    })
}

fn kept_text(path: Option<&Path>) -> String {
    path.map_or_else(String::new, |path| {
        format!("; it is kept in \"{}\"", path.display())
    })
}

/// Returns the first of `ids`, and how many follow.
fn list_ids(ids: &[String]) -> String {
    let shown: Vec<&str> = ids.iter().take(MAX_IDS).map(String::as_str).collect();
    let shown = shown.join(", ");
    match ids.len().saturating_sub(MAX_IDS) {
        0 => shown,
        more => format!("{shown} or {more} more"),
    }
}
