//! Creates and removes a symbolic link.

use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Mode, OFlags, openat, renameat, symlinkat, unlinkat};

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
/// System errors.
pub(crate) fn create_link(path: &Path, target: &Path) -> io::Result<()> {
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    std::fs::create_dir_all(parent)?;
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
    let directory = openat(rustix::fs::CWD, parent, flags, Mode::empty())?;
    // Fails if another process made something there meanwhile.
    match symlinkat(target.as_os_str().as_bytes(), &directory, name) {
        Err(rustix::io::Errno::EXIST) => {}
        created => return Ok(created?),
    }
    let temporary = format!(".{}.brainmaps-link", name.to_string_lossy());
    let _ = unlinkat(&directory, &temporary, AtFlags::empty());
    symlinkat(target.as_os_str().as_bytes(), &directory, &temporary)?;
    Ok(renameat(&directory, &temporary, &directory, name)?)
}

/// Removes the link at `path`.
///
/// # Errors
/// System errors.
pub(crate) fn remove_link(path: &Path) -> io::Result<()> {
    std::fs::remove_file(path)
}
