//! Inspects the store for `doctor`: creates nothing, changes no mode, and releases every lock at once.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::permissions::{OTHERS, STICKY};
use super::{
    CREDENTIALS, INDEX, INDEX_LOCK, Vault, VaultError, atomic, creation_journal, file_name, lock,
    permissions, rotation_journal,
};
use crate::domain::ProfileName;
use crate::files::{self, Directory, FileError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectoryState {
    Missing,
    /// Only its owner has access.
    Private,
    /// Other users have access; the files in it are private anyway.
    Open {
        mode: u32,
    },
}

impl Vault {
    /// Returns the data directory and the existing directories in it, each with its state.
    pub fn directories(&self) -> Vec<(PathBuf, Result<DirectoryState, VaultError>)> {
        let opened = Directory::open_for_search(&self.directory);
        let inside = match &opened {
            Ok(Some(data)) => [
                CREDENTIALS,
                rotation_journal::FOLDER,
                creation_journal::FOLDER,
            ]
            .map(|name| {
                (
                    self.directory.join(name),
                    directory_state(data.search_directory(name)),
                )
            })
            .into(),
            _ => Vec::new(),
        };
        let is_there = |state: &Result<_, _>| !matches!(state, Ok(DirectoryState::Missing));
        let inside = inside.into_iter().filter(|(_, state)| is_there(state));
        std::iter::once((self.directory.clone(), directory_state(opened)))
            .chain(inside)
            .collect()
    }

    /// Checks that no process holds the lock of `profile`.
    ///
    /// # Errors
    /// [`VaultError::Busy`] if a process holds it; if the lock file cannot be used.
    pub fn check_lock(&self, profile: &ProfileName) -> Result<(), VaultError> {
        self.check_index_lock()?;
        let path = self.credentials.join(format!("{profile}.lock"));
        if is_lock_free(&path)? {
            return Ok(());
        }
        Err(VaultError::Busy { path })
    }

    /// Fails if the lock file of the index cannot be used. It may be locked: every change of the index locks it for a
    /// moment.
    pub(super) fn check_index_lock(&self) -> Result<(), VaultError> {
        is_lock_free(&self.directory.join(INDEX_LOCK)).map(drop)
    }

    /// Fails if the journals of interrupted operations cannot be listed.
    ///
    /// # Errors
    /// Those of the directories.
    pub fn check_journals(&self) -> Result<(), VaultError> {
        creation_journal::file_names(&self.directory.join(rotation_journal::FOLDER))?;
        creation_journal::file_names(&self.directory.join(creation_journal::FOLDER))?;
        Ok(())
    }

    /// Returns an error for each record that cannot be read: registered clients, targets, created keys and uses.
    pub fn find_unreadable_records(&self) -> Vec<VaultError> {
        if let Err(error) = permissions::open_trusted(&self.directory) {
            return vec![error];
        }
        let records = [
            self.read_registrations().err(),
            self.remembered_targets().err(),
            self.created_keys().err(),
            self.read_usage().err(),
        ];
        records.into_iter().flatten().collect()
    }

    /// Returns an error for each file of the store that cannot be replaced: a login or a refresh would fail.
    pub fn find_irreplaceable_files(&self, profiles: &[ProfileName]) -> Vec<VaultError> {
        let index = atomic::check_replaceable(&self.directory, INDEX);
        let credentials = profiles
            .iter()
            .map(|profile| atomic::check_replaceable(&self.credentials, &file_name(profile)));
        std::iter::once(index)
            .chain(credentials)
            .filter_map(Result::err)
            .collect()
    }

    /// Returns the damaged files that were renamed. They may still contain a token or its name.
    pub fn quarantined_files(&self) -> Vec<PathBuf> {
        let journals = [rotation_journal::FOLDER, creation_journal::FOLDER]
            .map(|name| self.directory.join(name));
        let [rotations, creations] = &journals;
        let directories = [&self.directory, &self.credentials, rotations, creations].into_iter();
        let is_aside = |path: &PathBuf| path.to_string_lossy().contains(".json.corrupt");
        let mut paths: Vec<PathBuf> = directories
            .flat_map(|path| {
                let names = files::names(path).unwrap_or_default().into_iter();
                names.map(move |name| path.join(name))
            })
            .filter(is_aside)
            .collect();
        paths.sort();
        paths
    }
}

/// Returns `true` if no process holds the lock at `path`, or the file does not exist.
fn is_lock_free(path: &Path) -> Result<bool, VaultError> {
    match fs::symlink_metadata(path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(true)
        }
        _ => Ok(lock::try_acquire(path)?.is_some()),
    }
}

fn directory_state(
    opened: Result<Option<Directory>, FileError>,
) -> Result<DirectoryState, VaultError> {
    let Some(directory) = opened? else {
        return Ok(DirectoryState::Missing);
    };
    // Every other command refuses such a directory too.
    directory.check_unchangeable()?;
    directory
        .names()
        .map_err(VaultError::io("list", directory.path()))?;
    let mode = directory.mode();
    if mode & OTHERS != 0 && mode & STICKY == 0 {
        return Ok(DirectoryState::Open { mode });
    }
    Ok(DirectoryState::Private)
}
