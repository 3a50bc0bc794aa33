//! Why a rotation came to nothing, or only half way.

use std::path::PathBuf;

use crate::actions::ActionError;
use crate::service::RightsChange;

/// The number of ids that an error names.
const MAX_IDS: usize = 5;

/// What can go wrong with a rotation itself; the token in use still works after each of them.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// Nothing that a rotation could replace.
    #[error("profile `{profile}` stores no key that could be replaced")]
    NoStoredKey {
        /// The profile.
        profile: String,
    },
    /// The stored key is another token's.
    #[error("the stored key of profile `{profile}` is not token {id}")]
    StoredKeyMismatch {
        /// The profile.
        profile: String,
        /// The token.
        id: String,
    },
    /// The key in the env file is another token's, which would be lost.
    #[error("the key in the env file is not that of token {id}: it would be overwritten")]
    FileKeyMismatch {
        /// The token.
        id: String,
    },
    /// The env file does not exist.
    #[error("cannot rotate token {id}: `{}` does not exist", path.display())]
    FileNotFound {
        /// The token.
        id: String,
        /// The file.
        path: PathBuf,
    },
    /// The env file has no key.
    #[error("cannot rotate token {id}: `{}` does not set {variable}", path.display())]
    NoKeyInFile {
        /// The token.
        id: String,
        /// The file.
        path: PathBuf,
        /// The variable.
        variable: String,
    },
    /// The key in the env file does not work.
    #[error("cannot rotate token {id}: the service rejects the key in `{}`, which is another one", path.display())]
    KeyRejected {
        /// The token.
        id: String,
        /// The file.
        path: PathBuf,
    },
    /// The key in the env file is another account's.
    #[error("the key in `{}` belongs to {there}, and the credential in use to {here}", path.display())]
    AccountMismatch {
        /// The file.
        path: PathBuf,
        /// Whose the key is.
        there: String,
        /// Whose the credential in use is.
        here: String,
    },
    /// Nothing tells whose the key in the env file is.
    #[error("cannot tell whether the key in `{}` is that of token {id}", path.display())]
    CannotCompare {
        /// The token.
        id: String,
        /// The file.
        path: PathBuf,
    },
    /// The key in the env file may be that of several tokens.
    #[error(
        "cannot tell whether the key in `{}` is that of token {id}: it may be that of {}",
        path.display(), list_ids(others)
    )]
    SeveralPossible {
        /// The token.
        id: String,
        /// The file.
        path: PathBuf,
        /// The other tokens whose key it may be.
        others: Vec<String>,
    },
    /// The key in the env file turned out to be another token's, after the rotated one was revoked.
    #[error(
        "token {old} is revoked, but the key in the env file was another one: it still works and was put back; {}",
        fate(new, *is_revoked)
    )]
    OtherKeyReplaced {
        /// The token that was rotated.
        old: String,
        /// The new token.
        new: String,
        /// Whether the new token was revoked again.
        is_revoked: bool,
    },
    /// The service lists no such token.
    #[error("{service} lists no token {id}")]
    NoSuchToken {
        /// The service's name.
        service: String,
        /// The token.
        id: String,
    },
    /// The service lists the token as one that no longer works.
    #[error("token {id} is revoked or switched off: there is nothing to replace")]
    NotActive {
        /// The token.
        id: String,
    },
    /// The credential in use makes tokens of another part of the account than the one that is to be replaced.
    #[error(
        "the token in use belongs to {there}, and the credential that makes the new one to {here}"
    )]
    SpaceMismatch {
        /// What the token that stands there is restricted to.
        there: String,
        /// What the new one would be restricted to.
        here: String,
    },
    /// The create call cannot express what the old token is restricted to; nothing was sent.
    #[error("cannot rotate token {id} with the same rights: {}", list(changes))]
    WouldWiden {
        /// The token.
        id: String,
        /// What would be wider.
        changes: Vec<RightsChange>,
    },
    /// The service gave the new token more than the old one has.
    #[error(
        "cannot rotate token {id}: the service gave the new token other rights: {}",
        list(changes)
    )]
    Widened {
        /// The old token.
        id: String,
        /// What is wider.
        changes: Vec<RightsChange>,
    },
    /// What was written is not what can be read.
    #[error("the new token was written, but something else stands there")]
    NotWritten,
    /// An unfinished rotation of tokens that are elsewhere.
    #[error("a rotation at {origin} is unfinished ({})", path.display())]
    UnfinishedElsewhere {
        /// Its journal.
        path: PathBuf,
        /// Where its tokens are.
        origin: String,
    },
    /// A rotation that could not be finished.
    #[error("the new token is in its place, but the old one ({id}) could not be revoked")]
    OldNotRevoked {
        /// The old token.
        id: String,
        /// Why.
        source: Box<ActionError>,
    },
}

impl RotationError {
    /// The changes that the user may accept, where the rotation was refused because of them.
    pub fn changes(&self) -> Option<&[RightsChange]> {
        match self {
            Self::WouldWiden { changes, .. } | Self::Widened { changes, .. } => Some(changes),
            _ => None,
        }
    }
}

fn list(changes: &[RightsChange]) -> String {
    let changes: Vec<String> = changes.iter().map(ToString::to_string).collect();
    changes.join(", ")
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

fn fate(new: &str, is_revoked: bool) -> String {
    if is_revoked {
        "the new token was revoked again".to_owned()
    } else {
        format!("revoke the new token {new} by hand")
    }
}
