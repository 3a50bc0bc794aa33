//! Stores entries in the operating system's keyring.
//!
//! Every call runs on its own thread with a timeout: the D-Bus client may panic inside an async runtime, and blocks
//! forever on a locked collection. A failure is reported, and the credential is never written to a file instead.

#[cfg(not(feature = "keyring"))]
#[path = "unsupported.rs"]
mod system;
#[cfg(feature = "keyring")]
mod system;

use std::time::Duration;

use zeroize::Zeroizing;

use crate::domain::{Hint, ProfileName};

/// The same timeout as `gh`.
const TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    #[error("this build of brainmaps has no keyring support")]
    NotBuilt,
    /// No D-Bus session, or no keyring service on it, as on servers and in containers.
    #[error("no keyring service is running ({reason})")]
    NoService { reason: String },
    /// The keyring is locked, or its prompt was dismissed.
    #[error("the keyring is locked")]
    Locked,
    /// The keyring did not respond in time; it may wait for a password in a prompt that is not visible.
    #[error("timed out after {} seconds waiting for the keyring (it may be locked)", TIMEOUT.as_secs())]
    TimedOut,
    #[error("the credential is too large for the keyring (limit {limit} bytes)")]
    TooLarge { limit: usize },
    #[error("the keyring entry of `{profile}` is damaged")]
    Corrupt { profile: ProfileName },
    #[error("the keyring failed: {reason}")]
    Other { reason: String },
}

impl KeyringError {
    pub fn hint(&self) -> Hint {
        let in_file = |before: &str| {
            let text = "to keep the credential in a file that only you can read, run ";
            Hint::from(format!("{before}{text}")).command("login --storage file")
        };
        match self {
            Self::Locked | Self::TimedOut => in_file("unlock the keyring and try again; "),
            Self::Corrupt { .. } => Hint::run("login").text(" to replace the entry"),
            Self::NotBuilt
            | Self::NoService { .. }
            | Self::TooLarge { .. }
            | Self::Other { .. } => in_file(""),
        }
    }
}

#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) service: &'a str,
    /// The entry's name.
    pub(super) user: String,
}

pub(super) fn read(entry: &Entry<'_>) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
    system::get(entry.service, &entry.user)
}

pub(super) fn write(entry: &Entry<'_>, bytes: Zeroizing<Vec<u8>>) -> Result<(), KeyringError> {
    system::set(entry.service, &entry.user, bytes)
}

/// Checks that an entry can be created: creates one under another name and deletes it.
pub(super) fn preflight_write(entry: &Entry<'_>) -> Result<(), KeyringError> {
    let trial = preflight_entry_name(entry);
    system::set(entry.service, &trial, Zeroizing::new(b"nothing".to_vec()))?;
    system::delete(entry.service, &trial).map(drop)
}

/// No profile name contains a space or a parenthesis.
fn preflight_entry_name(entry: &Entry<'_>) -> String {
    format!("{} (rehearsal)", entry.user)
}

/// Deletes the entry and a leftover test entry, which contains no secret. Returns `false` if there was no entry.
pub(super) fn delete(entry: &Entry<'_>) -> Result<bool, KeyringError> {
    let deleted = system::delete(entry.service, &entry.user)?;
    // The test entry contains no secret.
    let _ = system::delete(entry.service, &preflight_entry_name(entry));
    Ok(deleted)
}
