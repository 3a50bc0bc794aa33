//! The journal of a refresh: one line in the profile's lock file, which whoever refreshes holds. It stands there from
//! before the request until what came of it is saved; found later, it tells that the answer was lost (RFC 9700 §2.2.2:
//! the server may have rotated the token by then). It holds no secret; of the token only a fingerprint.
//!
//! Never synced. It has to outlive this process, and what a process has written outlives it without; where a power cut
//! takes it, the end of a session is told without its reason, and nothing else is lost.

use std::os::unix::fs::FileExt as _;

use jiff::Timestamp;

use super::fault_injection::{Syscall, inject};
use super::{
    ProfileLock, Storage, Vault, VaultError, atomic, credential_file, file_name, secret_file,
};
use crate::domain::{Secret, StoredCredential};

/// Longer than the line is.
const MAX_ENTRY: usize = 128;

impl ProfileLock {
    /// When a refresh with `token` began of which nobody saved an answer.
    pub fn interrupted_refresh(&self, token: &Secret) -> Option<Timestamp> {
        let mut room = [0; MAX_ENTRY];
        let length = self.file().read_at(&mut room, 0).ok()?;
        let text = std::str::from_utf8(room.get(..length)?).ok()?;
        let (found, moment) = text.strip_suffix('\n')?.split_once(' ')?;
        token.has_fingerprint(found).then(|| moment.parse().ok())?
    }

    /// Notes that `token` is about to be spent. A note of an earlier time stays, since it tells more.
    ///
    /// # Errors
    /// When it cannot be written: then nothing should be sent, for the successor would find no room either; and
    /// [`VaultError::LockReplaced`] when another process may hold a lock of the same name.
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

    /// Takes the note away: what came of it is known. One that stays after all is of a token that is no longer stored, or
    /// at worst explains too much.
    pub fn end_refresh(&self) {
        let _ = self.file().set_len(0);
    }
}

impl Vault {
    /// Puts the result of a refresh that was cut short in its place, if it was written as a whole; otherwise changes
    /// nothing. To be called before anything that removes temporary files.
    ///
    /// # Errors
    /// When the credential cannot be read, or the result cannot be put in its place.
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

    /// What a refresh that was killed had written down as a whole, and not given its name yet, in its place after all;
    /// `None` where there is no such thing. Only of the same session as `before`, whose token was spent.
    ///
    /// # Errors
    /// When it is there and cannot be put in its place.
    pub fn recover_written_credential(
        &self,
        lock: &ProfileLock,
        before: &StoredCredential,
    ) -> Result<Option<StoredCredential>, VaultError> {
        let name = file_name(lock.profile());
        let is_of_it = |found: &StoredCredential| {
            (&found.provider, &found.origin, &found.oauth_server)
                == (&before.provider, &before.origin, &before.oauth_server)
        };
        let whole = atomic::stale_temps(&self.credentials, &name).find_map(|path| {
            let bytes = secret_file::read(&path).ok()??;
            let found = credential_file::decode(&bytes).ok().filter(is_of_it)?;
            Some((path, found))
        });
        let Some((path, found)) = whole else {
            return Ok(None);
        };
        lock.add_guard(atomic::complete_rename(&path, &self.credentials, &name)?);
        lock.end_refresh();
        Ok(Some(found))
    }
}
