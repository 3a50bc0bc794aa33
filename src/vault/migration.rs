//! Where a profile's credential is, and how it changes place: the new copy is written, the index names it, the old copy goes.
//!
//! The index has the last word. Killed at any moment, the place that it names holds a whole credential, the old one or the
//! new one; `copy_left` says there that the other place may hold one too, which goes with the next write or the logout. A
//! file is looked for in any case. The keyring is not, since it might ask for a password.

use super::{Profile, ProfileIndex, ProfileLock, Storage, Vault, VaultError};
use crate::domain::{ProfileName, StoredCredential};

impl Vault {
    /// The credential of `profile`, which was `seen` in a place that another process may have changed since.
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

    /// Stores the credential with what is `kept` of its profile, whose place it goes to. What keeps a copy in the other
    /// place from being deleted is given back; the next write tries again.
    ///
    /// # Errors
    /// When it cannot be written: the index then still names the one before.
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
            // The index does not describe the new credential: the old one has to be there again.
            if let Some(old) = old {
                self.restore(lock, place, old.as_ref());
            }
            return Err(error);
        }
        Ok(self.delete_stale_copy(lock, kept).await.err())
    }

    /// Writes the credential. Where its directory alone cannot be synced, it is in its place all the same.
    fn write_or_verify(
        &self,
        lock: &ProfileLock,
        place: Storage,
        stored: &StoredCredential,
    ) -> Result<(), VaultError> {
        self.write(lock, place, stored).or_else(|error| {
            let found = self.read(lock.profile(), place).ok().flatten();
            // The file keeps a clock's offset in seconds: not everything is equal.
            let is_it = |found: StoredCredential| {
                found.credential == stored.credential && found.refresh_token == stored.refresh_token
            };
            if found.is_some_and(is_it) {
                return Ok(());
            }
            Err(error)
        })
    }

    /// Undoes a write. A failure here leaves the new credential, which the next login replaces.
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

    /// Brings the credential to where it is `wanted`, and deletes a copy that was left. What keeps the copy from being
    /// deleted is given back.
    ///
    /// # Errors
    /// When it cannot be read or written: it is then where it was.
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

    /// The copy beside the place that `kept` names, if there is one that can be read.
    ///
    /// # Errors
    /// When the place cannot be looked into.
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

    /// Deletes a copy beside the place that `kept` names.
    ///
    /// # Errors
    /// When it cannot be deleted, or the index cannot be written.
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
        // Its directory alone could not be synced.
        let found = self.index()?.profiles.remove(profile);
        if found == Some(kept) {
            return Ok(());
        }
        Err(failed)
    }
}
