//! Renames a profile: copies its credential and journals to the new name, replaces its entry of the index, and deletes
//! the copies under the old name.
//!
//! The index is authoritative, and its entry changes in one write. A crash at any point leaves a complete credential
//! under the name that the index lists. `copy_name` is the other name, under which copies may remain until
//! [`Vault::finish_rename`] deletes them.

use super::{
    JournalKind, Profile, ProfileIndex, ProfileLock, Storage, Vault, VaultError, creation_journal,
    secret_file,
};
use crate::domain::{ProfileName, StoredCredential};

/// The locks of both names.
#[derive(Debug, Clone, Copy)]
pub struct RenameLocks<'a> {
    pub old: &'a ProfileLock,
    pub new: &'a ProfileLock,
}

impl Vault {
    /// Renames a profile that the index lists to a name that it does not list. The default profile stays the default.
    /// Returns the error that prevented the deletion of copies under the old name.
    ///
    /// # Errors
    /// [`VaultError::Busy`] if a rotation or a creation of the profile is running; if a file cannot be read or written.
    /// The profile then keeps its name.
    pub async fn rename_profile(
        &self,
        locks: RenameLocks<'_>,
    ) -> Result<Option<VaultError>, VaultError> {
        let (old, new) = (locks.old.profile(), locks.new.profile());
        self.finish_rename(old).await?;
        let Some(record) = self.index()?.profiles.remove(old) else {
            // An earlier run was killed after it changed the index.
            return Ok(self.finish_rename(new).await.err());
        };
        self.check_no_creation_runs(old)?;
        // A stale copy in the other backend would stay under the old name.
        self.delete_stale_copy(locks.old, record.clone()).await?;
        self.prepare_keyring(locks.old, record.storage).await?;
        let rotations = self.open_rotation_journal(old).await?;
        let mark = |index: &mut ProfileIndex| set_copy_name(index, old, Some(new));
        self.update_index(mark).await?;
        let copied = self.copy_to_new_name(locks, record.storage).await;
        let copied = copied.and_then(|()| rotations.read());
        let switched = match copied {
            Ok(rotation) => {
                if let Some(rotation) = rotation {
                    self.open_rotation_journal(new).await?.write(&rotation)?;
                }
                self.update_index(|index| rename_entry(index, old, new))
                    .await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = switched {
            // A failed write of the index may have failed after it was replaced.
            if self.index()?.profiles.contains_key(old) {
                let _ = self.finish_rename(old).await;
                return Err(error);
            }
        }
        drop(rotations);
        locks.old.end_refresh();
        Ok(self.finish_rename(new).await.err())
    }

    /// Deletes what an interrupted rename of `profile` left under another name, and gives the journals of creations there
    /// the name of the profile.
    ///
    /// # Errors
    /// If the copies cannot be deleted: the next call tries again.
    pub async fn finish_rename(&self, profile: &ProfileName) -> Result<(), VaultError> {
        let mut index = self.index()?;
        let Some(record) = index.profiles.remove(profile) else {
            return Ok(());
        };
        let Some(other) = record.copy_name else {
            return Ok(());
        };
        // A profile with that name may have been added since.
        if !index.profiles.contains_key(&other) {
            self.remove_credential(&other, record.storage)?;
            let mut journals = self.unfinished_journals(Some(&other)).into_iter();
            if journals.any(|journal| journal.kind == JournalKind::Rotation) {
                self.open_rotation_journal(&other).await?.delete()?;
            }
            self.rename_creation_journals(&other, profile)?;
        }
        self.update_index(|index| set_copy_name(index, profile, None))
            .await
    }

    /// Writes the credential under the new name, with the entry of a refresh whose response was lost.
    async fn copy_to_new_name(
        &self,
        locks: RenameLocks<'_>,
        storage: Storage,
    ) -> Result<(), VaultError> {
        self.recover_refresh(locks.old)?;
        let Some(stored) = self.read(locks.old.profile(), storage)? else {
            return Ok(());
        };
        if storage == Storage::Keyring {
            let guard = self.guard_path(locks.new.profile());
            locks.new.add_guard_file(&guard, &self.wait_log).await?;
        }
        self.replace(locks.new, storage, &stored)?;
        copy_refresh_entry(locks, &stored)
    }

    fn check_no_creation_runs(&self, profile: &ProfileName) -> Result<(), VaultError> {
        let found = self.claim_creation_journals(profile)?;
        if found.running.is_empty() {
            return Ok(());
        }
        let path = self.directory().join(creation_journal::FOLDER);
        Err(VaultError::Busy { path })
    }

    fn rename_creation_journals(
        &self,
        old: &ProfileName,
        new: &ProfileName,
    ) -> Result<(), VaultError> {
        let directory = self.directory().join(creation_journal::FOLDER);
        for name in creation_journal::file_names(&directory)? {
            let profile = creation_journal::profile_of(&name)
                .or_else(|| creation_journal::profile_of_reported(&name));
            if profile == Some(old.as_str())
                && let Some(rest) = name.strip_prefix(old.as_str())
            {
                secret_file::rename(&directory, &name, &format!("{new}{rest}"))?;
            }
        }
        Ok(())
    }
}

fn copy_refresh_entry(locks: RenameLocks<'_>, stored: &StoredCredential) -> Result<(), VaultError> {
    locks.new.end_refresh();
    let token = stored.refresh_token.as_ref();
    let interrupted = token.and_then(|token| Some((token, locks.old.interrupted_refresh(token)?)));
    interrupted.map_or(Ok(()), |(token, began_at)| {
        locks.new.begin_refresh(token, began_at)
    })
}

fn set_copy_name(index: &mut ProfileIndex, profile: &ProfileName, other: Option<&ProfileName>) {
    if let Some(record) = index.profiles.get_mut(profile) {
        record.copy_name = other.cloned();
    }
}

/// Does nothing if another process removed the profile or added one with the new name.
fn rename_entry(index: &mut ProfileIndex, old: &ProfileName, new: &ProfileName) {
    if index.profiles.contains_key(new) {
        return;
    }
    let Some(record) = index.profiles.remove(old) else {
        return;
    };
    let record = Profile {
        copy_name: Some(old.clone()),
        ..record
    };
    index.profiles.insert(new.clone(), record);
    if index.default_profile.as_ref() == Some(old) {
        index.default_profile = Some(new.clone());
    }
}
