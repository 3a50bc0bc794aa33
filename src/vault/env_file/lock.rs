//! Locks the directory of an env file across processes. The lock is on the directory itself, so that no file is left
//! beside the user's files.
//!
//! NFS locks only files that are open for writing, which a directory cannot be. There, a lock file beside the env
//! file is used. It is removed before it is unlocked, so a waiting process checks that the file still has its name.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::EnvFileError;
use crate::files::fault_injection::{Syscall, inject};
use crate::files::{Directory, Requirements};

/// Another writer holds the lock while it reads and writes one file, but never during a request.
const LOCK_TIMEOUT: Duration = Duration::from_secs(15);
const PAUSE: Duration = Duration::from_millis(5);

/// The lock of a directory's files. Dropping it releases the lock; so does the end of the process.
pub(super) enum DirectoryLock<'a> {
    Directory(&'a Directory),
    File {
        directory: &'a Directory,
        name: String,
        file: File,
    },
}

impl<'a> DirectoryLock<'a> {
    /// Waits for the lock. `path` is the env file, for error messages; `name` is the name of the lock file, if one is
    /// needed.
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

    fn try_acquire(directory: &'a Directory, name: &str) -> io::Result<Option<Self>> {
        match try_lock(directory.file()) {
            Ok(is_locked) => Ok(is_locked.then_some(Self::Directory(directory))),
            Err(_) => Self::try_lock_file(directory, name),
        }
    }

    /// Takes the lock by a lock file called `name`; `None` if another process holds it.
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
        // A signal interrupted the call; the next attempt repeats it.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
