//! The operating system's keyring as a place for credentials: one entry a profile, holding what the file would.
//!
//! Every call runs on a thread of its own with a time limit: the D-Bus client may panic inside an async runtime, and
//! waits for ever on a collection that nobody unlocks. A failure is explained and never answered by using a file.

#[cfg(not(feature = "keyring"))]
#[path = "unsupported.rs"]
mod system;
#[cfg(feature = "keyring")]
mod system;

use std::time::Duration;

use zeroize::Zeroizing;

use super::credential_file;
use crate::domain::{ProfileName, StoredCredential};

/// As long as `gh` waits.
const TIMEOUT: Duration = Duration::from_secs(3);

/// In bytes, as much as a file may have: the keyrings of Linux have no limit of their own.
const MAX_BYTES: usize = super::secret_file::MAX_SIZE;

/// Why the keyring did not answer as it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// This program was built without the feature `keyring`.
    #[error("this build of brainmaps has no keyring support")]
    NotBuilt,
    /// There is no keyring: no D-Bus session or no service on it, as on servers and in containers.
    #[error("no keyring service is running ({reason})")]
    NoService {
        /// What the system said.
        reason: String,
    },
    /// The keyring is locked, or its prompt was dismissed.
    #[error("the keyring is locked")]
    Locked,
    /// No answer in time, as from a keyring that waits for its password where nobody sees the prompt.
    #[error("the keyring did not answer within {} seconds; it may be locked", TIMEOUT.as_secs())]
    TimedOut,
    /// The credential is longer than the keyring takes.
    #[error("the credential is too large for the keyring, which takes {limit} bytes")]
    TooLarge {
        /// The most that it takes, in bytes.
        limit: usize,
    },
    /// The entry is not what this program writes.
    #[error("the keyring entry of `{profile}` is damaged")]
    Corrupt {
        /// Whose entry.
        profile: ProfileName,
    },
    /// Anything else.
    #[error("the keyring failed: {reason}")]
    Other {
        /// What it said.
        reason: String,
    },
}

impl KeyringError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let files = "to keep the credential in a file that only you can read, run `brainmaps login --storage file`";
        Some(match self {
            Self::Locked | Self::TimedOut => {
                format!("unlock the keyring and try again; {files}")
            }
            Self::Corrupt { .. } => "run `brainmaps login`: it replaces the entry".to_owned(),
            Self::NotBuilt
            | Self::NoService { .. }
            | Self::TooLarge { .. }
            | Self::Other { .. } => files.to_owned(),
        })
    }
}

/// An entry of the keyring.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) service: &'a str,
    pub(super) profile: &'a ProfileName,
    /// The entry's name: that of the profile, with the data directory's id in this and later releases.
    pub(super) user: String,
}

/// The credential in the entry.
pub(super) fn read(entry: &Entry<'_>) -> Result<Option<StoredCredential>, KeyringError> {
    let Some(bytes) = system::get(entry.service, &entry.user)? else {
        return Ok(None);
    };
    let damaged = |_| KeyringError::Corrupt {
        profile: entry.profile.clone(),
    };
    credential_file::decode(&bytes).map(Some).map_err(damaged)
}

/// Puts the encoded credential into the entry, replacing what was there.
pub(super) fn write(entry: &Entry<'_>, bytes: Zeroizing<Vec<u8>>) -> Result<(), KeyringError> {
    if bytes.len() > MAX_BYTES {
        return Err(KeyringError::TooLarge { limit: MAX_BYTES });
    }
    system::set(entry.service, &entry.user, bytes)
}

/// Shows that a new entry can be made, by making one of another name and taking it away.
pub(super) fn preflight_write(entry: &Entry<'_>) -> Result<(), KeyringError> {
    let trial = preflight_entry_name(entry);
    system::set(entry.service, &trial, Zeroizing::new(b"nothing".to_vec()))?;
    system::delete(entry.service, &trial).map(drop)
}

/// No profile has such a name.
fn preflight_entry_name(entry: &Entry<'_>) -> String {
    format!("{} (rehearsal)", entry.user)
}

/// Removes the entry; whether there was one. What a killed rehearsal left goes with it; it holds nothing.
pub(super) fn delete(entry: &Entry<'_>) -> Result<bool, KeyringError> {
    let deleted = system::delete(entry.service, &entry.user)?;
    let _nothing = system::delete(entry.service, &preflight_entry_name(entry));
    Ok(deleted)
}
