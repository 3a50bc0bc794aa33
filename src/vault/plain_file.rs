//! Writes files that contain no secret as safely as those that do.

use std::fs;
use std::io;
use std::path::Path;

use super::{EnvFile, EnvFileError, VaultError, atomic, permissions};
use crate::files::{FileError, resolve_own_link};

/// Writes the settings file, which contains no secret, as safely as a credential.
///
/// # Errors
/// If the file cannot be written: it is then unchanged.
pub fn write_settings(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let (Some(directory), Some(name)) = (
        path.parent(),
        path.file_name().and_then(|name| name.to_str()),
    ) else {
        return Err(VaultError::NotAFile {
            path: path.to_owned(),
        });
    };
    permissions::ensure_private_directory(directory)?;
    atomic::check_replaceable(directory, name)?;
    atomic::write(directory, name, bytes)
}

/// Writes a file without secrets to a directory of the user. An existing file keeps its owner, group and mode.
///
/// # Errors
/// As [`EnvFile::open`], and if the file cannot be written: it is then unchanged.
pub fn write_user_file(path: &Path, bytes: &[u8]) -> Result<(), EnvFileError> {
    EnvFile::open(path)?.replace_content(bytes)
}

/// Replaces the content of a configuration file of another program if it is still `before`, or deletes the file; `None` is
/// a file that does not exist. A symbolic link of the user stays, and its target is changed.
///
/// # Errors
/// As [`write_user_file`], and [`EnvFileError::Changed`].
pub fn exchange_user_file(
    path: &Path,
    before: Option<&[u8]>,
    after: Option<&[u8]>,
) -> Result<(), EnvFileError> {
    let target = resolve_own_link(path)?;
    EnvFile::open(target.as_deref().unwrap_or(path))?.exchange_content(before, after)
}

/// Deletes a file without secrets from a directory of the user, or a link with its name. Returns `false` if there is
/// none.
///
/// # Errors
/// If the file cannot be deleted.
pub fn delete_user_file(path: &Path) -> Result<bool, EnvFileError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(FileError::io("delete", path)(error).into()),
    }
}
