//! Creates, reads and removes a symbolic link of the user.

use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::symlinkat;
use rustix::io::Errno;

use super::{Directory, FileError};

/// Returns the target of the link at `path`; `None` if nothing is there.
///
/// # Errors
/// `InvalidInput` if it is not a link, and system errors.
pub(crate) fn link_target(path: &Path) -> io::Result<Option<PathBuf>> {
    match std::fs::read_link(path) {
        Ok(target) => Ok(Some(target)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Creates a link to `target` at `path`, with missing directories. Replaces a link atomically; the caller has checked that
/// `path` is one, or is free.
///
/// # Errors
/// [`FileError::ForeignOwner`] for a directory of another user, and system errors.
pub(crate) fn create_link(path: &Path, target: &Path) -> Result<(), FileError> {
    let failed = |source| FileError::io("create", path)(source);
    let invalid = || failed(io::ErrorKind::InvalidInput.into());
    let parent = path.parent().ok_or_else(invalid)?;
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(invalid)?;
    std::fs::create_dir_all(parent).map_err(failed)?;
    let directory = Directory::open(parent)?.ok_or_else(invalid)?;
    directory.check_owner()?;
    let create = |name: &str| symlinkat(target.as_os_str().as_bytes(), directory.file(), name);
    match create(name) {
        Err(Errno::EXIST) => {}
        created => return created.map_err(|error| failed(error.into())),
    }
    let temporary = format!(".{name}.brainmaps-link");
    // Of an interrupted run.
    let _ = directory.remove(&temporary);
    create(&temporary).map_err(|error| failed(error.into()))?;
    directory.rename(&temporary, name).map_err(failed)
}

/// Removes the link at `path`.
///
/// # Errors
/// System errors.
pub(crate) fn remove_link(path: &Path) -> Result<(), FileError> {
    std::fs::remove_file(path).map_err(FileError::io("remove", path))
}
