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

    /// Stores the credential in the backend that `kept` names, and `kept` in the index. Returns the error that
    /// prevented the deletion of a stale copy; the next write tries again.
    ///
    /// # Errors
    /// If the credential cannot be written: the index then still names the old one.
    pub async fn store(
        &self,
        lock: &ProfileLock,
        kept: Profile,
        stored: &StoredCredential,
    ) -> Result<Option<VaultError>, VaultError> {
        let place = kept.storage;
        self.prepare_keyring(lock, place).await?;
        let before = self.index()?.profiles.remove(lock.profile());
        let moves = before.as_ref().map_or(Storage::File, |it| it.storage) != place;
        let copy_left = moves || before.as_ref().is_some_and(|it| it.has_stale_copy);
        let kept = Profile {
            has_stale_copy: copy_left,
            has_legacy_entry: before.as_ref().is_some_and(|it| it.has_legacy_entry),
            ..kept
        };
        if moves {
            let storage = place.other();
            let before = before.unwrap_or_else(|| kept.clone());
            let told = Profile {
                storage,
                has_stale_copy: copy_left,
                ..before
            };
            self.save_profile(lock, told).await?;
        }
        let old = if moves {
            None
        } else {
            Some(self.read(lock.profile(), place).ok().flatten())
        };
        let written = self.write_or_verify(lock, place, stored);
        let saved = match written {
            Ok(()) => Box::pin(self.save_profile(lock, kept.clone())).await,
            failed => failed,
        };
        if let Err(error) = saved {
            // The index does not describe the new credential, so the old one is restored.
            if let Some(old) = old {
                self.restore(lock, place, old.as_ref());
            }
            return Err(error);
        }
        Ok(self.delete_stale_copy(lock, kept).await.err())
    }

    /// Writes the credential. An error that only affected the sync of the directory is ignored: the credential is
    /// stored.
    fn write_or_verify(
        &self,
        lock: &ProfileLock,
        place: Storage,
        stored: &StoredCredential,
    ) -> Result<(), VaultError> {
        self.write(lock, place, stored).or_else(|error| {
            let found = self.read(lock.profile(), place).ok().flatten();
            // The file stores the clock offset in whole seconds, so the credentials are not equal in every field.
            let is_it = |found: StoredCredential| {
                found.credential == stored.credential && found.refresh_token == stored.refresh_token
            };
            if found.is_some_and(is_it) {
                return Ok(());
            }
            Err(error)
        })
    }

    /// Undoes a write. If this fails, the new credential remains, and the next login replaces it.
    fn restore(&self, lock: &ProfileLock, place: Storage, old: Option<&StoredCredential>) {
        let found = self.read(lock.profile(), place).ok().flatten();
        if found.as_ref() == old {
            return;
        }
        let _ = match old {
            Some(old) => self.replace(lock, place, old),
            None => self.remove(lock, place).map(drop),
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
        let Some(kept) = self.index()?.profiles.remove(lock.profile()) else {
            return Ok(None);
        };
        let storage = wanted(&kept);
        if storage == kept.storage {
            return Ok(self.delete_stale_copy(lock, kept).await.err());
        }
        match self.read(lock.profile(), kept.storage)? {
            Some(stored) => self.store(lock, Profile { storage, ..kept }, &stored).await,
            None => Ok(None),
        }
    }

    /// Returns the copy in the backend that `kept` does not name; `None` if there is none or it is damaged.
    ///
    /// # Errors
    /// If that backend cannot be read.
    pub fn stale_copy(
        &self,
        lock: &ProfileLock,
        kept: &Profile,
    ) -> Result<Option<StoredCredential>, VaultError> {
        let other = kept.storage.other();
        if other == Storage::Keyring && !kept.has_stale_copy {
            return Ok(None);
        }
        match self.read(lock.profile(), other) {
            Err(damage) if damage.is_damage() => Ok(None),
            read => read,
        }
    }

    /// Deletes the copy in the backend that `kept` does not name.
    ///
    /// # Errors
    /// If the copy cannot be deleted, or the index cannot be written.
    pub async fn delete_stale_copy(
        &self,
        lock: &ProfileLock,
        kept: Profile,
    ) -> Result<(), VaultError> {
        let other = kept.storage.other();
        if other == Storage::File || kept.has_stale_copy {
            self.prepare_keyring(lock, other).await?;
            self.remove(lock, other)?;
        }
        if !kept.has_stale_copy {
            return Ok(());
        }
        self.save_profile(
            lock,
            Profile {
                has_stale_copy: false,
                has_legacy_entry: false,
                ..kept
            },
        )
        .await
    }

    async fn save_profile(&self, lock: &ProfileLock, kept: Profile) -> Result<(), VaultError> {
        let profile = lock.profile();
        let insert = kept.clone();
        let change =
            |index: &mut ProfileIndex| drop(index.profiles.insert(profile.clone(), insert));
        let failed = match self.update_index(change).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        // Only the sync of the directory may have failed.
        let found = self.index()?.profiles.remove(profile);
        if found == Some(kept) {
            return Ok(());
        }
        Err(failed)
    }
}
