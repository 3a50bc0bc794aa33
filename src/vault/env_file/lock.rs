//! One writer at a time, across processes: an advisory lock on the directory itself, so that nothing is left beside the
//! user's files.
//!
//! NFS locks only files that are open for writing, and a directory never is. There a lock file beside the env file takes
//! its place. It is removed before it is unlocked, and whoever waited for it looks whether it still has its name.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::super::fault_injection::{Syscall, inject};
use super::EnvFileError;
use crate::files::{Directory, Requirements};

/// How long another writer may take. Each holds the lock while it reads and writes one file, and never during a request.
const LOCK_TIMEOUT: Duration = Duration::from_secs(15);
const PAUSE: Duration = Duration::from_millis(5);

/// The right to change the files of a directory. It ends when this is dropped, or with the process.
pub(super) enum DirectoryLock<'a> {
    Directory(&'a Directory),
    File {
        directory: &'a Directory,
        name: String,
        file: File,
    },
}

impl<'a> DirectoryLock<'a> {
    /// Waits for the lock; `path` is the env file, for messages, and `name` the lock file's name where one is needed.
    pub(super) fn acquire(
        directory: &'a Directory,
        name: &str,
        path: &Path,
    ) -> Result<Self, EnvFileError> {
        let end = Instant::now() + LOCK_TIMEOUT;
        loop {
            match Self::try_acquire(directory, name) {
                Ok(Some(lock)) => return Ok(lock),
                Ok(None) if Instant::now() < end => sleep(PAUSE),
                Ok(None) => {
                    let path = path.to_owned();
                    return Err(EnvFileError::Busy { path });
                }
                Err(source) => {
                    let path = path.to_owned();
                    return Err(EnvFileError::LockUnsupported { path, source });
                }
            }
        }
    }

    /// Returns the lock if nobody holds it.
    fn try_acquire(directory: &'a Directory, name: &str) -> io::Result<Option<Self>> {
        match try_lock(directory.file()) {
            Ok(is_locked) => Ok(is_locked.then_some(Self::Directory(directory))),
            Err(_) => Self::try_lock_file(directory, name),
        }
    }

    /// Returns the lock by a lock file called `name` if nobody holds it.
    pub(super) fn try_lock_file(directory: &'a Directory, name: &str) -> io::Result<Option<Self>> {
        let requirements = Requirements::private(0).for_writing();
        let file = match directory.create_new(name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                match directory.open_file(name, &requirements) {
                    Ok(Some(found)) => found.into_file(),
                    Ok(None) => return Ok(None),
                    Err(error) => return Err(io::Error::other(error)),
                }
            }
            created => created?,
        };
        if !try_lock(&file)? || !directory.still_names(name, &file) {
            return Ok(None);
        }
        let name = name.to_owned();
        Ok(Some(Self::File {
            directory,
            name,
            file,
        }))
    }
}

impl Drop for DirectoryLock<'_> {
    fn drop(&mut self) {
        match self {
            Self::Directory(directory) => drop(directory.file().unlock()),
            Self::File {
                directory,
                name,
                file,
            } => {
                if directory.still_names(name, file) {
                    drop(directory.remove(name));
                }
            }
        }
    }
}

fn try_lock(file: &File) -> io::Result<bool> {
    let taken = inject(Syscall::Lock).map_err(TryLockError::Error);
    match taken.and_then(|()| file.try_lock()) {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        // Interrupted by a signal: as good as not yet.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
