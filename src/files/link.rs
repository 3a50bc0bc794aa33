//! Follows symbolic links whose owner is trusted.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, openat, readlinkat, statat};
use rustix::io::Errno;

use super::{FileError, is_trusted_owner};

/// The same limit as Linux.
const MAX_LINKS: usize = 40;

/// Opens the file at the end of the chain of symbolic links that starts with `name` in `directory`.
///
/// # Errors
/// [`FileError::ForeignLink`] for a link of another user, and system errors. The file itself is not checked.
pub(super) fn open_target(
    directory: impl AsFd,
    name: &Path,
    path: &Path,
    flags: OFlags,
) -> Result<File, FileError> {
    let failed = |error: Errno| FileError::io("open", path)(error.into());
    let mut name = name.to_owned();
    for _ in 0..MAX_LINKS {
        // If the link was replaced by a file since, that file is opened.
        if let Some(target) = read_link(&directory, &name, path)? {
            // A relative target is relative to the link's directory; an absolute one replaces the path.
            name = name.parent().unwrap_or(Path::new("")).join(target);
        }
        match openat(&directory, &name, flags, Mode::empty()) {
            Ok(descriptor) => return Ok(File::from(descriptor)),
            Err(Errno::LOOP | Errno::MLINK) => {}
            // Linux reports `ENOTDIR` for a link if a directory is requested.
            Err(Errno::NOTDIR) if flags.contains(OFlags::DIRECTORY) => {}
            Err(Errno::NOENT) => {
                let cause = "the target of the symbolic link does not exist";
                let error = io::Error::new(io::ErrorKind::NotFound, cause);
                return Err(FileError::io("open", path)(error));
            }
            Err(error) => return Err(failed(error)),
        }
    }
    Err(failed(Errno::LOOP))
}

/// Returns the file at the end of the chain of symbolic links that starts at `path`; `None` if `path` is not a link.
///
/// # Errors
/// As [`open_target`].
pub(crate) fn resolve_own_link(path: &Path) -> Result<Option<PathBuf>, FileError> {
    let mut name = path.to_owned();
    for _ in 0..MAX_LINKS {
        match read_link(CWD, &name, path) {
            Ok(Some(target)) => name = name.parent().unwrap_or(Path::new("")).join(target),
            Ok(None) => return Ok((name != path).then_some(name)),
            Err(FileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return Ok((name != path).then_some(name));
            }
            Err(error) => return Err(error),
        }
    }
    Err(FileError::io("open", path)(Errno::LOOP.into()))
}

/// Returns the target of the link if its owner is trusted; `None` if `name` is not a link.
fn read_link(directory: impl AsFd, name: &Path, path: &Path) -> Result<Option<PathBuf>, FileError> {
    let failed = |error: Errno| FileError::io("open", path)(error.into());
    let (owner, target) = owner_and_target(directory, name).map_err(failed)?;
    if is_trusted_owner(owner) {
        return Ok(target);
    }
    Err(FileError::ForeignLink {
        path: path.to_owned(),
        owner,
    })
}

/// A link cannot be changed, only replaced. On Linux, owner and target are read from one descriptor.
#[cfg(target_os = "linux")]
fn owner_and_target(directory: impl AsFd, name: &Path) -> Result<(u32, Option<PathBuf>), Errno> {
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let link: OwnedFd = openat(directory, name, flags, Mode::empty())?;
    let found = statat(&link, "", AtFlags::EMPTY_PATH)?;
    if FileType::from_raw_mode(found.st_mode) != FileType::Symlink {
        return Ok((found.st_uid, None));
    }
    let target = readlinkat(&link, "", Vec::new())?;
    Ok((found.st_uid, Some(path_of(target))))
}

/// On other systems, the link is compared before and after its target is read.
#[cfg(not(target_os = "linux"))]
fn owner_and_target(directory: impl AsFd, name: &Path) -> Result<(u32, Option<PathBuf>), Errno> {
    let facts = || statat(&directory, name, AtFlags::SYMLINK_NOFOLLOW);
    let before = facts()?;
    if FileType::from_raw_mode(before.st_mode) != FileType::Symlink {
        return Ok((before.st_uid, None));
    }
    let target = readlinkat(&directory, name, Vec::new())?;
    let after = facts()?;
    if (before.st_dev, before.st_ino) != (after.st_dev, after.st_ino) {
        return Err(Errno::LOOP);
    }
    Ok((before.st_uid, Some(path_of(target))))
}

fn path_of(target: std::ffi::CString) -> PathBuf {
    std::ffi::OsString::from_vec(target.into_bytes()).into()
}
