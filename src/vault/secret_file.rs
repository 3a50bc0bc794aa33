//! Reads, deletes and quarantines a single file of the store.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::VaultError;
use super::atomic::{remove_stale_temps, sync_directory};
use super::permissions::open_private;
use crate::domain::ProfileName;
use crate::files::fault_injection::{Syscall, inject};
use crate::files::{self, TrustedFile};

/// In bytes; far larger than any file that this program writes.
pub(super) const MAX_SIZE: usize = 1024 * 1024;

/// Reads the file at `path` into a buffer that is zeroized when dropped; `None` if it does not exist.
pub(super) fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
    let file = open_private(path, MAX_SIZE as u64)?;
    Ok(file.map(TrustedFile::read).transpose()?)
}

/// Reads the JSON document at `path`; `None` if the file does not exist.
pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, VaultError> {
    let Some(bytes) = read(path)? else {
        return Ok(None);
    };
    let read = serde_json::from_slice(&bytes);
    read.map(Some).map_err(|error| VaultError::Corrupt {
        path: path.to_owned(),
        line: error.line(),
        column: error.column(),
    })
}

/// Fails if [`read`] would refuse the file as too large.
pub(super) fn check_size(bytes: &[u8], path: &Path) -> Result<(), VaultError> {
    if bytes.len() <= MAX_SIZE {
        return Ok(());
    }
    let path = path.to_owned();
    Err(VaultError::TooLarge { path })
}

/// Deletes the file (or the symbolic link itself) and temporary files of killed writers. Returns `false` if there was
/// no file. Requires the file's lock.
pub(super) fn delete(directory: &Path, name: &str) -> Result<bool, VaultError> {
    remove_stale_temps(directory, name);
    let path = directory.join(name);
    match inject(Syscall::Remove).and_then(|()| fs::remove_file(&path)) {
        Ok(()) => sync_directory(directory).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(VaultError::io("delete", &path)(error)),
    }
}

/// Renames the file to the first free `<name>.corrupt-<n>`, so that its owner can recover data from it.
pub(super) fn quarantine(directory: &Path, name: &str) -> Result<PathBuf, VaultError> {
    let path = directory.join(name);
    let new_path = (1..u32::MAX)
        .map(|number| directory.join(format!("{name}.corrupt-{number}")))
        .find(|candidate| fs::symlink_metadata(candidate).is_err())
        .unwrap_or_else(|| directory.join(format!("{name}.corrupt")));
    inject(Syscall::Rename)
        .and_then(|()| fs::rename(&path, &new_path))
        .map_err(VaultError::io("set aside", &path))?;
    sync_directory(directory)?;
    Ok(new_path)
}

/// Renames a file within its directory. Requires the file's lock.
pub(super) fn rename(directory: &Path, name: &str, new_name: &str) -> Result<(), VaultError> {
    let path = directory.join(name);
    inject(Syscall::Rename)
        .and_then(|()| fs::rename(&path, directory.join(new_name)))
        .map_err(VaultError::io("rename", &path))?;
    sync_directory(directory)
}

/// Returns the profiles that have a credential file in `directory`.
pub(super) fn profiles_in(directory: &Path) -> Result<Vec<ProfileName>, VaultError> {
    let found = files::names(directory)?.into_iter();
    let mut names: Vec<ProfileName> = found
        .filter_map(|name| name.to_str()?.strip_suffix(".json")?.parse().ok())
        .collect();
    names.sort();
    Ok(names)
}
