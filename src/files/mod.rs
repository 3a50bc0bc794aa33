//! Opens files and directories that another user may have prepared.
//!
//! A path is never checked first and opened later, because it may name another file by then. A file is opened once,
//! without following a symbolic link, without blocking on a pipe and without acquiring a controlling terminal; type,
//! owner, mode, size and content are read from the descriptor. The same rules apply to root.
//!
//! This module does not decide how to handle a refused file; its callers do.

mod absolute_path;
pub(crate) mod config_value;
mod descriptor;
mod directory;
mod error;
pub(crate) mod fault_injection;
mod link;
mod obstacle;
mod own_link;
mod pipe;
mod requirements;
#[cfg(test)]
mod tests;
mod toml_text;
mod toml_update;

use std::ffi::OsString;
use std::fs::File;
use std::io::Read as _;
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Mode, OFlags, openat, statat};
use rustix::io::Errno;
use zeroize::Zeroizing;

use crate::domain::remove_byte_order_mark;

pub(crate) use absolute_path::{absolute_path, absolute_unless_dash};
pub(crate) use directory::{Directory, DirectoryEntry};
pub(crate) use error::{FileError, quote_path, shell_word};
pub(crate) use link::resolve_own_link;
pub(crate) use obstacle::{Obstacle, find_obstacle};
pub(crate) use own_link::{create_link, link_target, remove_link};
use pipe::PipeKind;
use requirements::Pipes;
pub(crate) use requirements::is_trusted_owner;
pub(crate) use requirements::{Links, Requirements};
pub(crate) use toml_text::{InvalidToml, SYNTAX_ERROR, parse_toml, position};
pub(crate) use toml_update::update_toml;

/// The mode of a file that only its owner can read and change.
pub(crate) const PRIVATE_FILE: u32 = 0o600;

/// `NOFOLLOW` because a link may point anywhere, `NONBLOCK` because opening a pipe without a writer would block,
/// `NOCTTY` because opening a terminal could make it the controlling terminal.
const OPEN_FLAGS: OFlags = OFlags::NOFOLLOW
    .union(OFlags::NONBLOCK)
    .union(OFlags::CLOEXEC)
    .union(OFlags::NOCTTY);

/// A regular file, or a pipe where one is accepted, that satisfies its [`Requirements`].
#[derive(Debug)]
pub struct TrustedFile {
    file: File,
    path: PathBuf,
    owner: Owner,
    mode: u32,
    hard_links: u64,
    size: u64,
    max_size: u64,
    pipe: Option<PipeKind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    pub user: u32,
    pub group: u32,
}

impl TrustedFile {
    /// Returns the open file. Its offset is where the last read ended.
    pub fn file(&self) -> &File {
        &self.file
    }

    pub fn into_file(self) -> File {
        self.file
    }

    /// Returns the owner and group at the time of opening.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// Returns the permission bits at the time of opening.
    pub fn mode(&self) -> u32 {
        self.mode
    }

    /// Returns the number of hard links at the time of opening.
    pub fn hard_links(&self) -> u64 {
        self.hard_links
    }

    /// Returns `true` if the content can be read only once.
    pub fn is_pipe(&self) -> bool {
        self.pipe.is_some()
    }

    /// Reads the whole file into a buffer that is zeroized when dropped.
    ///
    /// # Errors
    /// [`FileError::TooLarge`] if the file has grown beyond the limit since it was opened, [`FileError::PipeTimeout`],
    /// and system errors.
    pub fn read(self) -> Result<Zeroizing<Vec<u8>>, FileError> {
        if let Some(kind) = self.pipe {
            return kind.read(&self.file, &self.path, self.max_size);
        }
        let capacity = usize::try_from(self.size.min(self.max_size)).unwrap_or_default() + 1;
        // Allocated once: a buffer that grows leaves copies that are not zeroized.
        let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
        let mut limited = (&self.file).take(self.max_size + 1);
        limited
            .read_to_end(&mut bytes)
            .map_err(FileError::io("read", &self.path))?;
        if bytes.len() as u64 > self.max_size {
            return Err(self.too_large());
        }
        Ok(bytes)
    }

    /// Reads the whole file as UTF-8, without a byte order mark, into a buffer that is zeroized when dropped.
    ///
    /// # Errors
    /// As [`TrustedFile::read`], and [`FileError::NotText`].
    pub fn read_text(self) -> Result<Zeroizing<String>, FileError> {
        let path = self.path.clone();
        let mut bytes = self.read()?;
        remove_byte_order_mark(&mut bytes);
        match String::from_utf8(std::mem::take(&mut *bytes)) {
            Ok(text) => Ok(Zeroizing::new(text)),
            Err(error) => {
                drop(Zeroizing::new(error.into_bytes()));
                Err(FileError::NotText { path })
            }
        }
    }

    fn too_large(&self) -> FileError {
        FileError::TooLarge {
            path: self.path.clone(),
            limit: self.max_size,
        }
    }
}

/// Opens the file at `path` for reading; `None` if it does not exist.
///
/// # Errors
/// [`FileError`] if the file does not satisfy `requirements` or cannot be opened.
pub(crate) fn open(
    path: &Path,
    requirements: &Requirements,
) -> Result<Option<TrustedFile>, FileError> {
    match descriptor::descriptor_number(path) {
        Some(number) if requirements.pipes == Pipes::NamedOrDescriptor => {
            open_descriptor(number, path, requirements)
        }
        _ => open_at(CWD, path, path, requirements),
    }
}

/// Opens the file of a descriptor of this process.
fn open_descriptor(
    number: u32,
    path: &Path,
    requirements: &Requirements,
) -> Result<Option<TrustedFile>, FileError> {
    let mut requirements = *requirements;
    if descriptor::is_memory_file(number) {
        requirements = requirements.any_mode();
    }
    let file = match descriptor::open(number) {
        Ok(file) => file,
        Err(Errno::NOENT) => return Ok(None),
        // A socket.
        Err(Errno::NXIO) => {
            let path = path.to_owned();
            return Err(FileError::NotAFile { path });
        }
        Err(error) => return Err(FileError::io("open", path)(error.into())),
    };
    let checked = check(file, path, &requirements)?;
    let pipe = |file: &TrustedFile| file.pipe.map(|_| PipeKind::Descriptor);
    Ok(checked.map(|file| TrustedFile {
        pipe: pipe(&file),
        ..file
    }))
}

/// Returns the unsorted names in the directory at `path`; none if it does not exist. Does not use
/// `std::fs::read_dir`, which panics if the system fails to close the directory.
///
/// # Errors
/// As [`Directory::open`].
pub(crate) fn names(path: &Path) -> Result<Vec<OsString>, FileError> {
    let Some(directory) = Directory::open(path)? else {
        return Ok(Vec::new());
    };
    directory.names().map_err(FileError::io("list", path))
}

/// Reads the text of the settings file `name` in `directory`; `None` if it does not exist. Fails if users other than
/// the effective user and root can change `directory` or a directory in `name`.
///
/// # Errors
/// As [`TrustedFile::read_text`], and [`FileError::ForeignOwner`] and [`FileError::Permissive`] for a directory.
pub(crate) fn read_settings(
    directory: &Path,
    name: &Path,
    requirements: &Requirements,
) -> Result<Option<Zeroizing<String>>, FileError> {
    let (Some(inside), Some(file_name)) = (name.parent(), name.file_name()) else {
        return Ok(None);
    };
    let Some(mut opened) = open_unchangeable(Directory::open_for_search(directory))? else {
        return Ok(None);
    };
    for part in inside {
        let Some(next) = open_unchangeable(opened.search_own_directory(part))? else {
            return Ok(None);
        };
        opened = next;
    }
    let path = opened.path().join(file_name);
    let file = open_at(
        opened.descriptor(),
        Path::new(file_name),
        &path,
        requirements,
    )?;
    file.map(TrustedFile::read_text).transpose()
}

fn open_unchangeable(
    opened: Result<Option<Directory>, FileError>,
) -> Result<Option<Directory>, FileError> {
    let opened = match opened {
        // A path below a regular file does not exist.
        Err(FileError::NotADirectory { .. }) => return Ok(None),
        opened => opened?,
    };
    if let Some(directory) = &opened {
        directory.check_unchangeable()?;
    }
    Ok(opened)
}

/// Opens `name` in `directory`; errors contain `path`.
fn open_at(
    directory: impl AsFd,
    name: &Path,
    path: &Path,
    requirements: &Requirements,
) -> Result<Option<TrustedFile>, FileError> {
    let flags = OPEN_FLAGS | requirements.access;
    match openat(&directory, name, flags, Mode::empty()) {
        Ok(descriptor) => check(File::from(descriptor), path, requirements),
        // A path below a regular file does not exist either.
        Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
        // POSIX specifies ELOOP for a link opened with O_NOFOLLOW; FreeBSD returns EMLINK.
        Err(Errno::LOOP | Errno::MLINK) => match requirements.links {
            Links::Refused => Err(FileError::Symlink {
                path: path.to_owned(),
            }),
            Links::OwnOnly => match link::open_target(&directory, name, path, flags) {
                Ok(file) => check(file, path, requirements),
                Err(error) => explain_open_failure(directory, name, error),
            },
        },
        Err(error) => {
            explain_open_failure(directory, name, FileError::io("open", path)(error.into()))
        }
    }
}

/// Explains a failed open. A file of another user is reported as such, readable or not; a file that was deleted in
/// the meantime does not exist.
fn explain_open_failure(
    directory: impl AsFd,
    name: &Path,
    error: FileError,
) -> Result<Option<TrustedFile>, FileError> {
    let FileError::Io { path, source, .. } = &error else {
        return Err(error);
    };
    let path = path.clone();
    match statat(directory, name, AtFlags::SYMLINK_NOFOLLOW) {
        Err(Errno::NOENT) => Ok(None),
        Ok(found) if !is_trusted_owner(found.st_uid) => Err(FileError::ForeignOwner {
            path,
            owner: found.st_uid,
        }),
        // A socket.
        _ if Errno::from_io_error(source) == Some(Errno::NXIO) => Err(FileError::NotAFile { path }),
        _ => Err(error),
    }
}

fn check(
    file: File,
    path: &Path,
    requirements: &Requirements,
) -> Result<Option<TrustedFile>, FileError> {
    let metadata = file.metadata().map_err(FileError::io("read", path))?;
    match requirements.check(&metadata, path) {
        Err(FileError::IsADirectory { .. }) if requirements.ignores_directories => return Ok(None),
        checked => checked?,
    }
    Ok(Some(TrustedFile {
        file,
        path: path.to_owned(),
        owner: Owner {
            user: metadata.uid(),
            group: metadata.gid(),
        },
        mode: metadata.mode() & 0o7777,
        hard_links: metadata.nlink(),
        size: metadata.len(),
        max_size: requirements.max_size,
        pipe: metadata.file_type().is_fifo().then_some(PipeKind::Named),
    }))
}
