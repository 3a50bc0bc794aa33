//! Appends to the file of the audit log, and rotates it.

use std::fs::{File, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::fs::{Access, access};

use super::chain::{ChainedRecord, FIRST, hash, last_line};
use super::{MAX_FILE, MAX_FILES, MAX_LINE};
use crate::domain::EventRecord;
use crate::files::fault_injection::{Syscall, inject};
use crate::files::{Directory, Requirements, TrustedFile};
use crate::vault::VaultError;
use crate::vault::permissions::{create_private, make_private, open_trusted};

/// A writer holds the lock for less than a millisecond.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(2);

pub(super) fn append(path: &Path, record: &EventRecord) -> Result<(), VaultError> {
    let location = Location::open(path)?;
    let mut file = location.lock_file()?;
    if location.size(&file)? + MAX_LINE as u64 > MAX_FILE {
        location.rotate()?;
        file = location.lock_file()?;
    }
    location.write(&file, record)
}

pub(super) fn prepare(path: &Path) -> Result<(), VaultError> {
    Location::open(path)?.open_file().map(drop)
}

/// Fails if the file cannot be opened, or cannot be created in its directory. Creates nothing.
pub(super) fn check(path: &Path) -> Result<(), VaultError> {
    let Some(location) = Location::find(path)? else {
        return Ok(());
    };
    for age in 1..MAX_FILES {
        location.open_rotated(age)?;
    }
    let directory = path.parent().unwrap_or(path);
    let is_writable = access(directory, Access::WRITE_OK | Access::EXEC_OK);
    match location.open_existing()? {
        Some(_) => Ok(()),
        None => is_writable.map_err(|error| VaultError::io("create", path)(error.into())),
    }
}

/// Locks the current file as long as the result lives, so that it is not rotated; `None` if it does not exist.
pub(super) fn lock_existing(path: &Path) -> Result<Option<File>, VaultError> {
    let Some(location) = Location::find(path)? else {
        return Ok(None);
    };
    let lock = location.lock_existing()?;
    if let Some(file) = &lock
        && location.size(file)? > 0
    {
        return Ok(lock);
    }
    drop(lock);
    location.wait_for_rotation()?;
    location.lock_existing()
}

/// Opens the file that was current `age` rotations ago; `None` if it does not exist.
pub(super) fn open_rotated(path: &Path, age: usize) -> Result<Option<TrustedFile>, VaultError> {
    match Location::find(path)? {
        Some(location) => location.open_rotated(age),
        None => Ok(None),
    }
}

/// Returns the name of the file that was current `age` rotations ago.
pub(super) fn rotated_name(name: &str, age: usize) -> String {
    if age == 0 {
        return name.to_owned();
    }
    format!("{name}.{age}")
}

/// Returns the directory of the file and its name; `None` if the directory does not exist.
fn split(path: &Path) -> Result<Option<(Directory, &str)>, VaultError> {
    let name = path.file_name().and_then(|name| name.to_str());
    let (Some(parent), Some(name)) = (path.parent(), name) else {
        return Err(VaultError::NotAFile {
            path: path.to_owned(),
        });
    };
    Ok(open_trusted(parent)?.map(|directory| (directory, name)))
}

/// The directory of the log and the name of its current file.
struct Location<'a> {
    directory: Directory,
    name: &'a str,
    path: &'a Path,
}

impl<'a> Location<'a> {
    /// Returns `None` if the directory does not exist.
    fn find(path: &'a Path) -> Result<Option<Self>, VaultError> {
        let found = split(path)?;
        Ok(found.map(|(directory, name)| Self {
            directory,
            name,
            path,
        }))
    }

    fn open(path: &'a Path) -> Result<Self, VaultError> {
        let mut found = Self::find(path)?;
        if let (None, Some(parent)) = (&found, path.parent()) {
            create_private(parent)?;
            found = Self::find(path)?;
        }
        let missing = || VaultError::io("open", path)(io::ErrorKind::NotFound.into());
        found.ok_or_else(missing)
    }

    fn open_rotated(&self, age: usize) -> Result<Option<TrustedFile>, VaultError> {
        let name = rotated_name(self.name, age);
        let requirements = Requirements::private(2 * MAX_FILE).without_hard_links();
        Ok(self.directory.open_file(&name, &requirements)?)
    }

    fn open_existing(&self) -> Result<Option<File>, VaultError> {
        let requirements = Requirements::private(u64::MAX)
            .for_appending()
            .without_hard_links();
        let found = self.directory.open_file(self.name, &requirements)?;
        Ok(found.map(TrustedFile::into_file))
    }

    /// Opens the current file, or creates it.
    fn open_file(&self) -> Result<File, VaultError> {
        if let Some(file) = self.open_existing()? {
            return Ok(file);
        }
        let failed = VaultError::io("create", self.path);
        match self.directory.create_new(self.name) {
            Ok(created) => make_private(&created, self.path)?,
            // Another process created it.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
        }
        let missing = || VaultError::io("open", self.path)(io::ErrorKind::NotFound.into());
        self.open_existing()?.ok_or_else(missing)
    }

    /// Opens and locks the current file. The file that was opened may have been rotated before it was locked.
    fn lock_file(&self) -> Result<File, VaultError> {
        let began = Instant::now();
        loop {
            let file = self.open_file()?;
            let is_locked = self.try_lock(|| file.try_lock())?;
            if is_locked && self.directory.still_names(self.name, &file) {
                return Ok(file);
            }
            self.pause(began)?;
        }
    }

    fn lock_existing(&self) -> Result<Option<File>, VaultError> {
        match self.open_existing()? {
            Some(_) => self.lock_file().map(Some),
            None => Ok(None),
        }
    }

    /// Waits while another process rotates the files: it holds the lock of the renamed file until it has locked the new one.
    fn wait_for_rotation(&self) -> Result<(), VaultError> {
        let began = Instant::now();
        while let Some(renamed) = self.open_rotated(1)? {
            let renamed = renamed.into_file();
            if self.try_lock(|| renamed.try_lock_shared())? {
                break;
            }
            self.pause(began)?;
        }
        Ok(())
    }

    /// Returns whether `lock` succeeded; `false` if another process holds the lock.
    fn try_lock(
        &self,
        lock: impl FnOnce() -> Result<(), TryLockError>,
    ) -> Result<bool, VaultError> {
        let injected = inject(Syscall::Lock).map_err(TryLockError::Error);
        match injected.and_then(|()| lock()) {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(source)) => Err(VaultError::LockUnsupported {
                path: self.path.to_owned(),
                source,
            }),
        }
    }

    /// Sleeps before the next attempt to lock a file. Fails if the attempts `began` too long ago.
    fn pause(&self, began: Instant) -> Result<(), VaultError> {
        if began.elapsed() > LOCK_TIMEOUT {
            let path = self.path.to_owned();
            return Err(VaultError::Busy { path });
        }
        sleep(PAUSE);
        Ok(())
    }

    fn size(&self, file: &File) -> Result<u64, VaultError> {
        let metadata = file.metadata();
        Ok(metadata.map_err(VaultError::io("read", self.path))?.len())
    }

    /// Renames each file to the next name. The oldest is replaced.
    fn rotate(&self) -> Result<(), VaultError> {
        for age in (0..MAX_FILES - 1).rev() {
            let (from, to) = (
                rotated_name(self.name, age),
                rotated_name(self.name, age + 1),
            );
            match inject(Syscall::Rename).and_then(|()| self.directory.rename(&from, &to)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(VaultError::io("rotate", self.path)(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes one line with a single call. A line that is written in part is removed.
    fn write(&self, file: &File, record: &EventRecord) -> Result<(), VaultError> {
        let failed = || VaultError::io("write", self.path);
        let size = self.size(file)?;
        let tail = self.tail(file, size)?;
        let prev = match last_line(&tail) {
            Some(line) => hash(line),
            None => self.last_rotated_hash()?,
        };
        let record = record.clone();
        let line = serde_json::to_string(&ChainedRecord { record, prev });
        let line = line.map_err(|error| failed()(error.into()))?;
        // A line feed is missing after a crash.
        let is_cut = tail.last().is_some_and(|byte| *byte != b'\n');
        let text = format!("{}{line}\n", if is_cut { "\n" } else { "" });
        let mut output = file;
        let written = inject(Syscall::Write).and_then(|()| output.write(text.as_bytes()));
        match written {
            Ok(count) if count == text.len() => return Ok(()),
            Ok(_) => file.set_len(size).map_err(failed())?,
            Err(error) => return Err(failed()(error)),
        }
        Err(failed()(io::ErrorKind::StorageFull.into()))
    }

    /// Returns the end of the file, with at least its last line.
    fn tail(&self, file: &File, size: u64) -> Result<Vec<u8>, VaultError> {
        let length = size.min(2 * MAX_LINE as u64);
        let mut tail = vec![0; usize::try_from(length).unwrap_or_default()];
        let read = file.read_exact_at(&mut tail, size - length);
        read.map_err(VaultError::io("read", self.path))?;
        Ok(tail)
    }

    /// Returns the hash of the last line before the rotation.
    fn last_rotated_hash(&self) -> Result<String, VaultError> {
        let Some(file) = self.open_rotated(1)? else {
            return Ok(FIRST.to_owned());
        };
        let file = file.into_file();
        let tail = self.tail(&file, self.size(&file)?)?;
        Ok(last_line(&tail).map_or_else(|| FIRST.to_owned(), hash))
    }
}
