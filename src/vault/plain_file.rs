//! Writes files that contain no secret as safely as those that do.

use std::fs;
use std::io;
use std::path::Path;

use super::{EnvFile, EnvFileError, VaultError, atomic, permissions};
use crate::files::FileError;

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
