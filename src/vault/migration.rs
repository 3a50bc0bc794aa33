//! Moves a credential between storage backends: writes the new copy, updates the index, deletes the old copy.
//!
//! The index is authoritative. A crash at any point leaves a complete credential, old or new, in the backend that the
//! index names. `has_stale_copy` means that the other backend may still hold a copy, which the next write or logout
//! deletes. A stale file is looked for in any case; a stale keyring entry only if the index mentions it, because the
//! keyring may prompt for a password.

use super::{Profile, ProfileIndex, ProfileLock, Storage, Vault, VaultError};
use crate::domain::{ProfileName, StoredCredential};

impl Vault {
    /// Returns the credential of `profile`, which was in the backend `seen` before another process may have moved it.
    ///
    /// # Errors
    /// As [`Vault::read`] and [`Vault::index`].
    pub fn read_current(
        &self,
        profile: &ProfileName,
        seen: Storage,
    ) -> Result<Option<StoredCredential>, VaultError> {
        if let Some(found) = self.read(profile, seen)? {
            return Ok(Some(found));
        }
        let index = self.index()?;
        match index.profiles.get(profile) {
            Some(now) if now.storage != seen => self.read(profile, now.storage),
            _ => Ok(None),
        }
    }

    /// Stores the credential in the backend that `record` names, and `record` in the index. Returns the error that
    /// prevented the deletion of a stale copy; the next write tries again.
    ///
    /// # Errors
    /// If the credential cannot be written: the index then still names the old one.
    pub async fn store(
        &self,
        lock: &ProfileLock,
        record: Profile,
        stored: &StoredCredential,
    ) -> Result<Option<VaultError>, VaultError> {
        let storage = record.storage;
        self.prepare_keyring(lock, storage).await?;
        let before = self.index()?.profiles.remove(lock.profile());
        let is_moving = before.as_ref().map_or(Storage::File, |it| it.storage) != storage;
        let has_stale_copy = is_moving || before.as_ref().is_some_and(|it| it.has_stale_copy);
        let record = Profile {
            has_stale_copy,
            has_legacy_entry: before.as_ref().is_some_and(|it| it.has_legacy_entry),
            copy_name: before.as_ref().and_then(|it| it.copy_name.clone()),
            ..record
        };
        if is_moving {
            let from = Profile {
                storage: storage.other(),
                ..before.unwrap_or_else(|| record.clone())
            };
            self.begin_move(lock, from).await?;
        }
        let old = if is_moving {
            None
        } else {
            Some(self.read(lock.profile(), storage).ok().flatten())
        };
        let written = self.write_or_verify(lock, storage, stored);
        let saved = match written {
            Ok(()) => Box::pin(self.save_profile(lock, record.clone())).await,
            failed => failed,
        };
        if let Err(error) = saved {
            // The index does not describe the new credential, so the old one is restored.
            if let Some(old) = old {
                self.restore(lock, storage, old.as_ref());
            }
            return Err(error);
        }
        Ok(self.delete_stale_copy(lock, record).await.err())
    }

    /// Records that both backends may hold a copy. Locks the guard file first: without the credential file, only that
    /// excludes a process whose lock file was recreated.
    async fn begin_move(&self, lock: &ProfileLock, from: Profile) -> Result<(), VaultError> {
        if from.storage == Storage::File {
            let guard = self.guard_path(lock.profile());
            lock.add_guard_file(&guard, &self.wait_log).await?;
        }
        let from = Profile {
            has_stale_copy: true,
            ..from
        };
        self.save_profile(lock, from).await
    }

    /// Writes the credential. An error that only affected the sync of the directory is ignored: the credential is
    /// stored.
    fn write_or_verify(
        &self,
        lock: &ProfileLock,
        storage: Storage,
        stored: &StoredCredential,
    ) -> Result<(), VaultError> {
        self.write(lock, storage, stored).or_else(|error| {
            let found = self.read(lock.profile(), storage).ok().flatten();
            // The file stores the clock offset in whole seconds, so the credentials are not equal in every field.
            let is_stored = |found: StoredCredential| {
                found.credential == stored.credential && found.refresh_token == stored.refresh_token
            };
            if found.is_some_and(is_stored) {
                return Ok(());
            }
            Err(error)
        })
    }

    /// Undoes a write. If this fails, the new credential remains, and the next login replaces it.
    fn restore(&self, lock: &ProfileLock, storage: Storage, old: Option<&StoredCredential>) {
        let found = self.read(lock.profile(), storage).ok().flatten();
        if found.as_ref() == old {
            return;
        }
        let _ = match old {
            Some(old) => self.replace(lock, storage, old),
            None => self.remove(lock, storage).map(drop),
        };
    }

    /// Moves the credential to the backend that `wanted` returns and deletes a stale copy. Returns the error that
    /// prevented the deletion.
    ///
    /// # Errors
    /// If the credential cannot be read or written: it is then unchanged.
    pub async fn migrate(
        &self,
        lock: &ProfileLock,
        wanted: impl FnOnce(&Profile) -> Storage,
    ) -> Result<Option<VaultError>, VaultError> {
        let Some(record) = self.index()?.profiles.remove(lock.profile()) else {
            return Ok(None);
        };
        let storage = wanted(&record);
        if storage == record.storage {
            return Ok(self.delete_stale_copy(lock, record).await.err());
        }
        match self.read(lock.profile(), record.storage)? {
            Some(stored) => {
                self.store(lock, Profile { storage, ..record }, &stored)
                    .await
            }
            None => Ok(None),
        }
    }

    /// Returns the copy in the backend that `record` does not name; `None` if there is none or it is damaged.
    ///
    /// # Errors
    /// If that backend cannot be read.
    pub fn stale_copy(
        &self,
        lock: &ProfileLock,
        record: &Profile,
    ) -> Result<Option<StoredCredential>, VaultError> {
        let other = record.storage.other();
        if other == Storage::Keyring && !record.has_stale_copy {
            return Ok(None);
        }
        match self.read(lock.profile(), other) {
            Err(damage) if damage.is_damage() => Ok(None),
            read => read,
        }
    }

    /// Deletes the copy in the backend that `record` does not name.
    ///
    /// # Errors
    /// If the copy cannot be deleted, or the index cannot be written.
    pub async fn delete_stale_copy(
        &self,
        lock: &ProfileLock,
        record: Profile,
    ) -> Result<(), VaultError> {
        let other = record.storage.other();
        if other == Storage::File || record.has_stale_copy {
            self.prepare_keyring(lock, other).await?;
            self.remove(lock, other)?;
        }
        if !record.has_stale_copy {
            return Ok(());
        }
        self.save_profile(
            lock,
            Profile {
                has_stale_copy: false,
                has_legacy_entry: false,
                ..record
            },
        )
        .await
    }

    async fn save_profile(&self, lock: &ProfileLock, record: Profile) -> Result<(), VaultError> {
        let profile = lock.profile();
        let insert = record.clone();
        let change =
            |index: &mut ProfileIndex| drop(index.profiles.insert(profile.clone(), insert));
        let failed = match self.update_index(change).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        // Only the sync of the directory may have failed.
        let found = self.index()?.profiles.remove(profile);
        if found == Some(record) {
            return Ok(());
        }
        Err(failed)
    }
}
