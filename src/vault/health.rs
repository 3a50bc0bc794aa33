//! How the vault stands, looked at from outside: nothing is made, closed or locked for longer than a look.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::permissions::{OTHERS, STICKY, check_directory};
use super::{Vault, VaultError, creation, lock, rotation};
use crate::domain::ProfileName;

/// How a directory stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectoryState {
    /// There is none yet.
    Missing,
    /// Only its owner can enter.
    Private,
    /// Others can enter; the files in it are closed all the same.
    Open {
        /// Its permission bits.
        mode: u32,
    },
}

impl Vault {
    /// The data directory and that of the credentials, each with its state.
    ///
    /// # Errors
    /// For one that is a link, somebody else's, or cannot be looked at.
    pub fn directories(&self) -> [(&Path, Result<DirectoryState, VaultError>); 2] {
        [&self.directory, &self.credentials].map(|path| (path.as_path(), state(path)))
    }

    /// Shows that nobody holds the lock of `profile`.
    ///
    /// # Errors
    /// [`VaultError::Busy`] when a process does, and what keeps the lock file from being used.
    pub fn look_at_lock(&self, profile: &ProfileName) -> Result<(), VaultError> {
        let path = self.credentials.join(format!("{profile}.lock"));
        if fs::symlink_metadata(&path).is_err() || lock::try_acquire(&path)?.is_some() {
            return Ok(());
        }
        Err(VaultError::Busy { path })
    }

    /// Damaged files that were kept aside. They may still hold a token, or name one.
    pub fn kept_aside(&self) -> Vec<PathBuf> {
        let journals = [rotation::FOLDER, creation::FOLDER].map(|name| self.directory.join(name));
        let [rotations, creations] = &journals;
        let entries = [&self.directory, &self.credentials, rotations, creations].map(fs::read_dir);
        let files = entries.into_iter().flatten().flatten().flatten();
        let mut paths: Vec<PathBuf> = files
            .filter(|file| file.file_name().to_string_lossy().contains(".json.corrupt"))
            .map(|file| file.path())
            .collect();
        paths.sort();
        paths
    }
}

fn state(directory: &Path) -> Result<DirectoryState, VaultError> {
    let metadata = match fs::metadata(directory) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return check_directory(directory).map(|()| DirectoryState::Missing);
        }
        Err(error) => return Err(VaultError::io("open", directory)(error)),
    };
    check_directory(directory)?;
    let mode = metadata.mode() & 0o7777;
    if mode & OTHERS != 0 && mode & STICKY == 0 {
        return Ok(DirectoryState::Open { mode });
    }
    Ok(DirectoryState::Private)
}
