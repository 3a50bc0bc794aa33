//! Credentials at rest: an index without secrets, one secret file or keyring entry a profile, locks, atomic writes.
//!
//! Files are 0600 from the instant they exist, in directories at 0700, and links are not followed. Reading needs no
//! lock, since files are replaced as a whole; changing a credential needs its [`ProfileLock`]. Never the network,
//! never a decision about which credential to use.

mod atomic;
mod created_keys;
mod creation;
mod credential_file;
mod entries;
mod env_file;
mod error;
mod format;
mod health;
mod index;
mod keyring;
mod lock;
mod permissions;
mod places;
mod rotation;
mod save;
mod seam;
mod secret_file;
mod spent;
#[cfg(test)]
mod tests;
mod unfinished;

use std::path::{Path, PathBuf};

pub use created_keys::{CreatedKey, CreatedKeys};
pub use creation::{Creation, CreationJournal, Creations, Delivery};
pub use env_file::{
    EnvFile, EnvFileError, EnvTextError, Layout, write_project_file, write_settings,
};
pub use error::VaultError;
pub use health::DirectoryState;
pub use index::{Index, Profile, Storage};
pub use keyring::KeyringError;
pub use lock::ProfileLock;
pub use rotation::{Made, Rotation, RotationJournal, RotationPlace};
pub use save::{Reserved, Unsaved};
pub use unfinished::{OpenJournal, Unfinished};

use crate::domain::{ProfileName, StoredCredential};

const INDEX: &str = "profiles.json";
const INDEX_LOCK: &str = "profiles.lock";
const CREDENTIALS: &str = "credentials";
/// More than a credential with long tokens takes.
const REHEARSED_SIZE: usize = 32 * 1024;

/// The store in one data directory.
#[derive(Debug, Clone)]
pub struct Vault {
    directory: PathBuf,
    credentials: PathBuf,
    keyring_service: String,
}

impl Vault {
    /// The vault in `directory`. Nothing is read or made before it is needed.
    pub fn new(directory: PathBuf) -> Self {
        Self {
            credentials: directory.join(CREDENTIALS),
            directory,
            keyring_service: "brainmaps".to_owned(),
        }
    }

    /// Uses another service name in the keyring, which all vaults of a user share.
    #[must_use]
    pub fn keyring_service(mut self, name: &str) -> Self {
        name.clone_into(&mut self.keyring_service);
        self
    }

    /// The data directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The index; an empty one where there is none yet.
    ///
    /// # Errors
    /// When the file is damaged, open to others or unreadable.
    pub fn index(&self) -> Result<Index, VaultError> {
        let path = self.directory.join(INDEX);
        let Some(bytes) = secret_file::read(&path)? else {
            return Ok(Index::default());
        };
        format::decode_index(&bytes).map_err(|flaw| flaw.at(&path))
    }

    /// Reads the index, lets `change` work on it and writes it back, all under its lock. Without a change nothing is
    /// written.
    ///
    /// # Errors
    /// As [`Vault::index`]; [`VaultError::Busy`] when the lock is not free in time; when it cannot be written.
    pub async fn update_index(&self, change: impl FnOnce(&mut Index)) -> Result<(), VaultError> {
        let _lock = self.lock_index().await?;
        let old = self.index()?;
        let mut new = old.clone();
        change(&mut new);
        if new == old {
            return Ok(());
        }
        let path = self.directory.join(INDEX);
        let bytes = format::encode_index(&new)
            .map_err(|error| VaultError::io("write", &path)(error.into()))?;
        secret_file::check_size(&bytes, &path)?;
        atomic::write(&self.directory, INDEX, &bytes)
    }

    /// Renames a damaged index to `profiles.json.corrupt-<n>`; `None` where it is not damaged after all.
    ///
    /// # Errors
    /// [`VaultError::Busy`] when the lock is not free in time; when it cannot be renamed.
    pub async fn set_aside_index(&self) -> Result<Option<PathBuf>, VaultError> {
        let _lock = self.lock_index().await?;
        set_aside_damaged(self.index().err(), &self.directory, INDEX)
    }

    /// The profiles that have a credential file, whatever the index says.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn stored(&self) -> Result<Vec<ProfileName>, VaultError> {
        permissions::check_directory(&self.directory, CREDENTIALS)?;
        secret_file::names(&self.credentials)
    }

    /// The credential of `profile`; `None` where there is none.
    ///
    /// # Errors
    /// When it is damaged, open to others or unreadable, or the keyring fails.
    pub fn read(
        &self,
        profile: &ProfileName,
        storage: Storage,
    ) -> Result<Option<StoredCredential>, VaultError> {
        if storage == Storage::Keyring {
            return self.read_entry(profile);
        }
        permissions::check_directory(&self.directory, CREDENTIALS)?;
        let path = self.credentials.join(file_name(profile));
        let Some(bytes) = secret_file::read(&path)? else {
            return Ok(None);
        };
        credential_file::decode(&bytes)
            .map(Some)
            .map_err(|flaw| flaw.at(&path))
    }

    /// Waits for the right to change the credential of `profile`, up to 15 seconds.
    ///
    /// # Errors
    /// [`VaultError::Busy`] when the time is over; when the lock file cannot be made.
    pub async fn lock(&self, profile: &ProfileName) -> Result<ProfileLock, VaultError> {
        let locked = self.locked(profile)?;
        let held = lock::acquire_all(&locked).await?;
        Ok(ProfileLock::new(profile, locked.path, held))
    }

    /// The right to change the credential of `profile`, if nobody has it.
    ///
    /// # Errors
    /// When the lock file cannot be made.
    pub fn try_lock(&self, profile: &ProfileName) -> Result<Option<ProfileLock>, VaultError> {
        let locked = self.locked(profile)?;
        let held = lock::try_acquire_all(&locked)?;
        Ok(held.map(|held| ProfileLock::new(profile, locked.path, held)))
    }

    /// Shows that a credential can be written now, before the user is asked for anything.
    ///
    /// # Errors
    /// What [`Vault::write`] would fail with.
    pub fn rehearse(&self, lock: &ProfileLock, storage: Storage) -> Result<(), VaultError> {
        self.check_index_lock()?;
        self.reserve(lock, storage).map(drop)
    }

    /// An entry that can be read can be replaced, a damaged one too; without one, the keyring may be locked.
    fn rehearse_in_keyring(&self, profile: &ProfileName) -> Result<(), VaultError> {
        match self.read(profile, Storage::Keyring) {
            Ok(None) => Ok(keyring::rehearse(&self.own_entry(profile)?)?),
            Err(error) if !error.is_damage() => Err(error),
            Ok(Some(_)) | Err(_) => Ok(()),
        }
    }

    /// Stores the credential, replacing the one before, whose refresh is then settled.
    ///
    /// # Errors
    /// When it cannot be written: the one before is then still there, or, where the directory alone could not be synced,
    /// the new one.
    pub fn write(
        &self,
        lock: &ProfileLock,
        storage: Storage,
        stored: &StoredCredential,
    ) -> Result<(), VaultError> {
        self.replace(lock, storage, stored)?;
        lock.settle();
        Ok(())
    }

    fn replace(
        &self,
        lock: &ProfileLock,
        storage: Storage,
        stored: &StoredCredential,
    ) -> Result<(), VaultError> {
        let name = file_name(lock.profile());
        let path = self.credentials.join(&name);
        let bytes = credential_file::encode(stored)
            .map_err(|error| VaultError::io("write", &path)(error.into()))?;
        if storage == Storage::Keyring {
            return Ok(keyring::write(&self.own_entry(lock.profile())?, bytes)?);
        }
        secret_file::check_size(&bytes, &path)?;
        self.make_directories()?;
        lock.hold(atomic::write_locked(&self.credentials, &name, &bytes)?);
        Ok(())
    }

    /// Deletes the credential; whether there was one.
    ///
    /// # Errors
    /// When it cannot be deleted.
    pub fn delete(&self, lock: &ProfileLock, storage: Storage) -> Result<bool, VaultError> {
        let deleted = self.remove(lock, storage)?;
        lock.settle();
        Ok(deleted)
    }

    /// Deletes a copy; what the journal says of a refresh stays.
    fn remove(&self, lock: &ProfileLock, storage: Storage) -> Result<bool, VaultError> {
        match storage {
            Storage::File => {
                permissions::check_directory(&self.directory, CREDENTIALS)?;
                secret_file::delete(&self.credentials, &file_name(lock.profile()))
            }
            Storage::Keyring => Ok(keyring::delete(&self.own_entry(lock.profile())?)?),
        }
    }

    /// Renames a damaged credential file to `<profile>.json.corrupt-<n>`; `None` where it is not damaged after all.
    ///
    /// # Errors
    /// When it cannot be renamed, or cannot be read for a reason that is no damage.
    pub fn set_aside(&self, lock: &ProfileLock) -> Result<Option<PathBuf>, VaultError> {
        let found = self.read(lock.profile(), Storage::File).err();
        set_aside_damaged(found, &self.credentials, &file_name(lock.profile()))
    }

    async fn lock_index(&self) -> Result<lock::LockedFile, VaultError> {
        permissions::private_directory(&self.directory)?;
        lock::acquire(&self.directory.join(INDEX_LOCK)).await
    }

    fn locked(&self, profile: &ProfileName) -> Result<lock::Locked, VaultError> {
        self.make_directories()?;
        let index = self.index().unwrap_or_default();
        let kept = index.profiles.get(profile);
        let in_keyring = kept.is_some_and(|kept| kept.storage == Storage::Keyring);
        let file = |ending| self.credentials.join(format!("{profile}.{ending}"));
        Ok(lock::Locked {
            path: file("lock"),
            credential: self.credentials.join(file_name(profile)),
            guard: in_keyring.then(|| file("keyring")),
        })
    }

    fn make_directories(&self) -> Result<(), VaultError> {
        permissions::private_directory(&self.directory)?;
        permissions::check_directory(&self.directory, CREDENTIALS)?;
        permissions::private_directory(&self.credentials)
    }
}

fn file_name(profile: &ProfileName) -> String {
    format!("{profile}.json")
}

fn set_aside_damaged(
    found: Option<VaultError>,
    directory: &Path,
    name: &str,
) -> Result<Option<PathBuf>, VaultError> {
    match found {
        None => Ok(None),
        Some(error) if error.is_damage() => secret_file::set_aside(directory, name).map(Some),
        Some(error) => Err(error),
    }
}
