//! Saves the result of a refresh. At that point the old refresh token is invalid and the new one exists only in
//! memory, so disk space is reserved before the request, and a complete temporary file is kept if the last steps
//! fail.

use super::atomic::{self, Reservation, WriteError};
use super::{
    PREFLIGHT_SIZE, ProfileLock, Storage, Vault, VaultError, credential_file, file_name,
    secret_file,
};
use crate::domain::StoredCredential;

/// Disk space for one credential.
#[derive(Debug)]
pub struct CredentialReservation {
    storage: Storage,
    /// Boxed, because it is held across requests.
    file: Option<Box<Reservation>>,
}

/// A credential that was not saved.
#[derive(Debug)]
pub enum SaveError {
    /// A complete temporary file was kept. [`Vault::recover_refresh`] finds it.
    KeptInTemp(VaultError),
    /// The credential is not on the disk.
    Lost(VaultError),
}

impl Vault {
    /// Reserves disk space for the credential that a refresh will return. Call this before the refresh token is sent:
    /// on a full or read-only disk, the new token would be lost.
    ///
    /// # Errors
    /// As [`Vault::write`].
    pub fn reserve(
        &self,
        lock: &ProfileLock,
        storage: Storage,
    ) -> Result<CredentialReservation, VaultError> {
        let file = match storage {
            Storage::File => {
                let name = file_name(lock.profile());
                let file = atomic::reserve(&self.credentials, &name, PREFLIGHT_SIZE)?;
                Some(Box::new(file))
            }
            Storage::Keyring => {
                self.preflight_keyring_write(lock.profile())?;
                None
            }
        };
        Ok(CredentialReservation { storage, file })
    }

    /// Saves the credential that a refresh returned. Returns an error if the credential was saved, but a power
    /// failure might undo that.
    ///
    /// # Errors
    /// [`SaveError`], after a second attempt.
    pub fn save_refreshed(
        &self,
        lock: &ProfileLock,
        reserved: CredentialReservation,
        stored: &StoredCredential,
    ) -> Result<Option<VaultError>, SaveError> {
        let Some(file) = reserved.file else {
            let saved = self
                .write(lock, reserved.storage, stored)
                .or_else(|_| self.write(lock, reserved.storage, stored));
            return saved.map(|()| None).map_err(SaveError::Lost);
        };
        let path = self.credentials.join(file_name(lock.profile()));
        let bytes = credential_file::encode(stored)
            .map_err(|error| SaveError::Lost(VaultError::io("write", &path)(error.into())))?;
        secret_file::check_size(&bytes, &path).map_err(SaveError::Lost)?;
        let not_synced = match self.write_reserved(lock, *file, &bytes) {
            Ok(file) => {
                lock.add_guard(file);
                None
            }
            Err(WriteError::NotSynced(error)) => Some(error),
            Err(WriteError::NothingWritten(error)) => return Err(SaveError::Lost(error)),
            Err(WriteError::TempComplete(error, temp)) => {
                // This fails only on Windows.
                return Err(match temp.keep() {
                    Ok(_) => SaveError::KeptInTemp(error),
                    Err(_) => SaveError::Lost(error),
                });
            }
        };
        lock.end_refresh();
        Ok(not_synced)
    }

    /// Writes to the reserved file, and to a new one if that fails.
    fn write_reserved(
        &self,
        lock: &ProfileLock,
        file: Reservation,
        bytes: &[u8],
    ) -> Result<std::fs::File, WriteError> {
        let first = match file.write(bytes) {
            Err(error @ (WriteError::NothingWritten(_) | WriteError::TempComplete(..))) => error,
            done => return done,
        };
        match (
            atomic::write_without_cleanup(&self.credentials, &file_name(lock.profile()), bytes),
            first,
        ) {
            // The first file is complete, so it can be kept.
            (Err(WriteError::NothingWritten(_)), first) => Err(first),
            (second, _) => second,
        }
    }
}
