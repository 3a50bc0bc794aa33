//! Write-ahead journal for a refresh: one line in the profile's lock file.
//!
//! Before the request, the token's fingerprint and the time are written; after the result is saved, they are cleared.
//! A leftover entry means that the response was lost, and the server may already have rotated the token (RFC 9700
//! §2.2.2).
//!
//! The entry is not fsynced: it only has to survive a killed process. If a power failure loses it, the user does
//! not learn why the session ended; nothing else is lost.

use std::os::unix::fs::FileExt as _;

use jiff::Timestamp;

use super::{
    ProfileLock, Storage, Vault, VaultError, atomic, credential_file, file_name, secret_file,
};
use crate::domain::{Secret, StoredCredential};
use crate::files::fault_injection::{Syscall, inject};

/// Longer than any entry.
const MAX_ENTRY: usize = 128;

impl ProfileLock {
    /// Returns when a refresh with `token` began whose result was never saved.
    pub fn interrupted_refresh(&self, token: &Secret) -> Option<Timestamp> {
        let mut buffer = [0; MAX_ENTRY];
        let length = self.file().read_at(&mut buffer, 0).ok()?;
        let text = std::str::from_utf8(buffer.get(..length)?).ok()?;
        let (found, began_at) = text.strip_suffix('\n')?.split_once(' ')?;
        token
            .has_fingerprint(found)
            .then(|| began_at.parse().ok())?
    }

    /// Writes the entry for a refresh with `token`. Keeps an existing entry for the same token: the earlier time
    /// explains more.
    ///
    /// # Errors
    /// If the entry cannot be written: then do not send the request, because the new token could not be saved either.
    /// [`VaultError::LockReplaced`] if another process may hold a lock of the same name.
    pub fn begin_refresh(&self, token: &Secret, now: Timestamp) -> Result<(), VaultError> {
        if !self.is_exclusive() {
            let path = self.path().to_owned();
            return Err(VaultError::LockReplaced { path });
        }
        if self.interrupted_refresh(token).is_some() {
            return Ok(());
        }
        let second = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let line = format!("{} {second}\n", token.fingerprint(Secret::LONG_FINGERPRINT));
        inject(Syscall::Truncate)
            .and_then(|()| self.file().set_len(0))
            .and_then(|()| inject(Syscall::WriteJournal))
            .and_then(|()| self.file().write_all_at(line.as_bytes(), 0))
            .map_err(VaultError::io("write", self.path()))
    }

    /// Clears the entry. A failure is harmless: the entry names a token that is no longer stored.
    pub fn end_refresh(&self) {
        let _ = self.file().set_len(0);
    }
}

impl Vault {
    /// Completes the rename of a refresh result that a killed process wrote completely; otherwise changes nothing.
    /// Call this before anything that removes temporary files.
    ///
    /// # Errors
    /// If the credential cannot be read, or the file cannot be renamed.
    pub fn recover_refresh(&self, lock: &ProfileLock) -> Result<(), VaultError> {
        let Some(before) = self.read(lock.profile(), Storage::File)? else {
            return Ok(());
        };
        let token = before.refresh_token.as_ref();
        if token.is_some_and(|token| lock.interrupted_refresh(token).is_some()) {
            self.recover_written_credential(lock, &before)?;
        }
        Ok(())
    }

    /// Renames a complete temporary file of a killed refresh to the credential file and returns its credential;
    /// `None` if there is none. The credential must belong to the same session as `before`, whose token was sent.
    ///
    /// # Errors
    /// If the file cannot be renamed.
    pub fn recover_written_credential(
        &self,
        lock: &ProfileLock,
        before: &StoredCredential,
    ) -> Result<Option<StoredCredential>, VaultError> {
        let name = file_name(lock.profile());
        let is_same_session = |found: &StoredCredential| {
            (&found.provider, &found.origin, &found.oauth_server)
                == (&before.provider, &before.origin, &before.oauth_server)
        };
        let complete = atomic::stale_temps(&self.credentials, &name).find_map(|path| {
            let bytes = secret_file::read(&path).ok()??;
            let found = credential_file::decode(&bytes)
                .ok()
                .filter(is_same_session)?;
            Some((path, found))
        });
        let Some((path, found)) = complete else {
            return Ok(None);
        };
        lock.add_guard(atomic::complete_rename(&path, &self.credentials, &name)?);
        lock.end_refresh();
        Ok(Some(found))
    }
}
