//! Stores credentials: an index without secrets, one credential file or keyring entry per profile, locks and
//! journals.
//!
//! Files have mode 0600 from the moment they are created, in directories with mode 0700; symbolic links are not
//! followed. Reading needs no lock, because files are replaced atomically. Changing a credential requires its
//! [`ProfileLock`]. This module never uses the network and never decides which credential to use.

mod atomic;
mod client_registrations;
mod config_file;
mod created_keys;
mod creation_journal;
mod credential_file;
mod delivered_files;
mod diagnostics;
mod env_file;
mod error;
mod event_log;
mod format;
mod keyring;
mod keyring_entries;
mod lock;
mod migration;
mod oauth_server_file;
mod permissions;
mod plain_file;
mod profile_index;
mod refresh_journal;
mod rename;
mod rotation_journal;
mod rotation_targets;
mod save;
mod secret_destination;
mod secret_file;
mod seen_tokens;
mod shown_notices;
mod stored_secret;
#[cfg(test)]
mod tests;
mod unfinished_journals;
mod usage_record;
mod wait_log;

use std::path::{Path, PathBuf};

pub use config_file::{ConfigFile, ConfigFileError};
pub use created_keys::{CreatedKey, CreatedKeys, IssuingProfile};
pub use creation_journal::{Creation, CreationJournal, CreationJournals, Delivery};
pub use diagnostics::DirectoryState;
pub use env_file::{EnvFile, EnvFileError, EnvTextError, ExpectedValue, Layout};
pub use error::VaultError;
pub use event_log::{BrokenLine, EventLog, EventLogContent};
pub use keyring::KeyringError;
pub use lock::ProfileLock;
pub use plain_file::{delete_user_file, exchange_user_file, write_settings, write_user_file};
pub use profile_index::{Profile, ProfileIndex, Storage};
pub use rename::RenameLocks;
pub use rotation_journal::{RotatedToken, Rotation, RotationJournal};
pub use rotation_targets::{RememberedTargets, RememberedToken};
pub use save::{CredentialReservation, SaveError};
pub use secret_destination::{ConfigEntry, SecretDestination, TargetCommand, TargetState};
pub use seen_tokens::{SeenToken, SeenTokensChange, TokenServer};
pub use unfinished_journals::{
    JournalKind, JournaledOperation, UnfinishedJournal, UnfinishedRotation,
};
pub use usage_record::{CredentialInUse, UsageRecord, UsedCredential};
pub use wait_log::WaitLog;

use crate::domain::{ProfileName, StoredCredential};

const INDEX: &str = "profiles.json";
const INDEX_LOCK: &str = "profiles.lock";
const CREDENTIALS: &str = "credentials";
/// Larger than a credential with long tokens.
const PREFLIGHT_SIZE: usize = 32 * 1024;

#[derive(Debug, Clone)]
pub struct Vault {
    directory: PathBuf,
    credentials: PathBuf,
    keyring_service: String,
    wait_log: WaitLog,
}

impl Vault {
    /// Creates a handle to the store in `directory`. Nothing is read or created until it is needed.
    pub fn new(directory: PathBuf) -> Self {
        Self {
            credentials: directory.join(CREDENTIALS),
            directory,
            keyring_service: "brainmaps".to_owned(),
            wait_log: WaitLog::default(),
        }
    }

    /// Sets the keyring's service name. All data directories of a user share one keyring.
    #[must_use]
    pub fn keyring_service(mut self, name: &str) -> Self {
        name.clone_into(&mut self.keyring_service);
        self
    }

    /// Sets the log of waits for locks.
    #[must_use]
    pub fn wait_log(self, wait_log: WaitLog) -> Self {
        Self { wait_log, ..self }
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Returns the index; an empty one if the file does not exist.
    ///
    /// # Errors
    /// If the file is damaged, accessible to other users or unreadable.
    pub fn index(&self) -> Result<ProfileIndex, VaultError> {
        let path = self.directory.join(INDEX);
        let Some(bytes) = secret_file::read(&path)? else {
            return Ok(ProfileIndex::default());
        };
        format::decode_index(&bytes).map_err(|error| error.at_path(&path))
    }

    /// Applies `change` to the index under its lock. Writes nothing if the index is unchanged.
    ///
    /// # Errors
    /// As [`Vault::index`]; [`VaultError::Busy`] if the lock times out; if the index cannot be written.
    pub async fn update_index(
        &self,
        change: impl FnOnce(&mut ProfileIndex),
    ) -> Result<(), VaultError> {
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
        atomic::check_replaceable(&self.directory, INDEX)?;
        atomic::write(&self.directory, INDEX, &bytes)
    }

    /// Renames a damaged index to `profiles.json.corrupt-<n>`. Returns the new path; `None` if the index is not
    /// damaged.
    ///
    /// # Errors
    /// [`VaultError::Busy`] if the lock times out; if the index cannot be renamed.
    pub async fn quarantine_index(&self) -> Result<Option<PathBuf>, VaultError> {
        let _lock = self.lock_index().await?;
        quarantine_if_damaged(self.index().err(), &self.directory, INDEX)
    }

    /// Returns the profiles that have a credential file, whether or not the index lists them.
    ///
    /// # Errors
    /// If the directory cannot be read.
    pub fn profiles_with_credential_file(&self) -> Result<Vec<ProfileName>, VaultError> {
        permissions::check_directory(&self.directory, CREDENTIALS)?;
        secret_file::profiles_in(&self.credentials)
    }

    /// Returns the credential of `profile` in `storage`; `None` if it does not exist.
    ///
    /// # Errors
    /// If the credential is damaged, accessible to other users or unreadable, or the keyring fails.
    pub fn read(
        &self,
        profile: &ProfileName,
        storage: Storage,
    ) -> Result<Option<StoredCredential>, VaultError> {
        if storage == Storage::Keyring {
            return self.read_keyring_entry(profile);
        }
        permissions::check_directory(&self.directory, CREDENTIALS)?;
        let path = self.credentials.join(file_name(profile));
        let Some(bytes) = secret_file::read(&path)? else {
            return Ok(None);
        };
        credential_file::decode(&bytes)
            .map(Some)
            .map_err(|error| error.at_path(&path))
    }

    /// Waits up to 15 seconds for the lock of `profile`.
    ///
    /// # Errors
    /// [`VaultError::Busy`] if the wait times out; if the lock file cannot be created.
    pub async fn lock(&self, profile: &ProfileName) -> Result<ProfileLock, VaultError> {
        let paths = self.lock_paths(profile)?;
        let held = lock::acquire_all(&paths, &self.wait_log).await?;
        Ok(ProfileLock::new(profile, paths.path, held))
    }

    /// Takes the lock of `profile`; `None` if another process holds it.
    ///
    /// # Errors
    /// If the lock file cannot be created.
    pub fn try_lock(&self, profile: &ProfileName) -> Result<Option<ProfileLock>, VaultError> {
        let paths = self.lock_paths(profile)?;
        let held = lock::try_acquire_all(&paths)?;
        Ok(held.map(|held| ProfileLock::new(profile, paths.path, held)))
    }

    /// Checks that a credential can be written, before the user is prompted for anything.
    ///
    /// # Errors
    /// As [`Vault::write`].
    pub fn preflight_write(&self, lock: &ProfileLock, storage: Storage) -> Result<(), VaultError> {
        self.check_index_lock()?;
        atomic::check_replaceable(&self.directory, INDEX)?;
        self.reserve(lock, storage).map(drop)
    }

    /// A readable or damaged entry can be replaced. If there is no entry, the keyring may be locked: only a test
    /// write shows that.
    fn preflight_keyring_write(&self, profile: &ProfileName) -> Result<(), VaultError> {
        match self.read(profile, Storage::Keyring) {
            Ok(None) => Ok(keyring::preflight_write(&self.keyring_entry(profile)?)?),
            Err(error) if !error.is_damage() => Err(error),
            Ok(Some(_)) | Err(_) => Ok(()),
        }
    }

    /// Replaces the stored credential and clears its refresh journal entry.
    ///
    /// # Errors
    /// If the credential cannot be written. The old one is then unchanged, unless only the sync of the directory
    /// failed: then the new one is stored.
    pub fn write(
        &self,
        lock: &ProfileLock,
        storage: Storage,
        stored: &StoredCredential,
    ) -> Result<(), VaultError> {
        self.replace(lock, storage, stored)?;
        lock.end_refresh();
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
            return self.write_keyring_entry(lock.profile(), bytes);
        }
        secret_file::check_size(&bytes, &path)?;
        self.create_directories()?;
        lock.add_guard(atomic::write_locked(&self.credentials, &name, &bytes)?);
        Ok(())
    }

    /// Deletes the credential. Returns `false` if there was none.
    ///
    /// # Errors
    /// If the credential cannot be deleted.
    pub fn delete(&self, lock: &ProfileLock, storage: Storage) -> Result<bool, VaultError> {
        let deleted = self.remove(lock, storage)?;
        lock.end_refresh();
        Ok(deleted)
    }

    /// Deletes one copy of the credential and keeps the refresh journal entry.
    fn remove(&self, lock: &ProfileLock, storage: Storage) -> Result<bool, VaultError> {
        self.remove_credential(lock.profile(), storage)
    }

    fn remove_credential(
        &self,
        profile: &ProfileName,
        storage: Storage,
    ) -> Result<bool, VaultError> {
        match storage {
            Storage::File => {
                permissions::check_directory(&self.directory, CREDENTIALS)?;
                secret_file::delete(&self.credentials, &file_name(profile))
            }
            Storage::Keyring => Ok(keyring::delete(&self.keyring_entry(profile)?)?),
        }
    }

    /// Renames a damaged credential file to `<profile>.json.corrupt-<n>`. Returns the new path; `None` if the file is
    /// not damaged.
    ///
    /// # Errors
    /// If the file cannot be renamed, or cannot be read for another reason than damage.
    pub fn quarantine(&self, lock: &ProfileLock) -> Result<Option<PathBuf>, VaultError> {
        let error = self.read(lock.profile(), Storage::File).err();
        quarantine_if_damaged(error, &self.credentials, &file_name(lock.profile()))
    }

    async fn lock_index(&self) -> Result<lock::LockedFile, VaultError> {
        permissions::ensure_private_directory(&self.directory)?;
        self.acquire_lock(&self.directory.join(INDEX_LOCK)).await
    }

    /// Locks the settings file at `path` for a change. Its directory is created.
    ///
    /// # Errors
    /// [`VaultError::Busy`] if the lock times out; if the directory or the lock file cannot be created.
    pub async fn lock_settings(&self, path: &Path) -> Result<impl Drop + use<>, VaultError> {
        if let Some(directory) = path.parent() {
            permissions::ensure_private_directory(directory)?;
        }
        self.acquire_lock(&path.with_extension("lock")).await
    }

    async fn acquire_lock(&self, path: &Path) -> Result<lock::LockedFile, VaultError> {
        lock::acquire(path, &self.wait_log).await
    }

    fn lock_paths(&self, profile: &ProfileName) -> Result<lock::LockPaths, VaultError> {
        self.create_directories()?;
        let index = self.index().unwrap_or_default();
        let record = index.profiles.get(profile);
        Ok(lock::LockPaths {
            path: self.credentials.join(format!("{profile}.lock")),
            credential: self.credentials.join(file_name(profile)),
            guard: self.guard_path(profile),
            is_in_keyring: record.is_some_and(|record| record.storage == Storage::Keyring),
        })
    }

    /// Returns the path of the guard file of a credential in the keyring.
    fn guard_path(&self, profile: &ProfileName) -> PathBuf {
        self.credentials.join(format!("{profile}.keyring"))
    }

    fn create_directories(&self) -> Result<(), VaultError> {
        permissions::ensure_private_directory(&self.directory)?;
        permissions::check_directory(&self.directory, CREDENTIALS)?;
        permissions::ensure_private_directory(&self.credentials)
    }
}

fn file_name(profile: &ProfileName) -> String {
    format!("{profile}.json")
}

fn quarantine_if_damaged(
    error: Option<VaultError>,
    directory: &Path,
    name: &str,
) -> Result<Option<PathBuf>, VaultError> {
    match error {
        None => Ok(None),
        Some(error) if error.is_damage() => secret_file::quarantine(directory, name).map(Some),
        Some(error) => Err(error),
    }
}
