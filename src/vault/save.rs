//! Saving what a refresh returned. By then the refresh token is spent, and the new one is nowhere else: the room is taken
//! before the server is asked, and a complete temporary file is kept when the last steps fail.

use super::atomic::{self, Reservation, WriteError};
use super::{
    PREFLIGHT_SIZE, ProfileLock, Storage, Vault, VaultError, credential_file, file_name,
    secret_file,
};
use crate::domain::StoredCredential;

/// The room for one credential.
#[derive(Debug)]
pub struct CredentialReservation {
    storage: Storage,
    /// Boxed: it is held while a server is waited for.
    file: Option<Box<Reservation>>,
}

/// A credential that could not be saved.
#[derive(Debug)]
pub enum SaveError {
    /// A complete temporary file was kept, which [`Vault::recover`] finds.
    KeptInTemp(VaultError),
    /// It is nowhere on the disk.
    Lost(VaultError),
}

impl Vault {
    /// Takes the room for the credential that a refresh will return. To be called before a refresh token is spent: on a
    /// full or read-only disk its successor would be lost.
    ///
    /// # Errors
    /// What writing the credential would fail with.
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

    /// Saves the credential that a refresh returned. Returns the error when it was saved, but a power cut might undo that.
    ///
    /// # Errors
    /// [`Unsaved`], after a second attempt.
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
            Err(WriteError::TempComplete(error, left)) => {
                // It fails on Windows alone.
                return Err(match left.keep() {
                    Ok(_) => SaveError::KeptInTemp(error),
                    Err(_) => SaveError::Lost(error),
                });
            }
        };
        lock.end_refresh();
        Ok(not_synced)
    }

    /// Writes into the reserved file, and into a new one when that fails.
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
            // The first complete file is as good as the second.
            (Err(WriteError::NothingWritten(_)), first) => Err(first),
            (second, _) => second,
        }
    }
}
