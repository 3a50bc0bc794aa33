//! Opens a directory once and uses it through its descriptor, so that it cannot be replaced in between.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd as _, AsRawFd as _, BorrowedFd};
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Dir, Mode, OFlags, openat, renameat, statat, unlinkat};
use rustix::io::Errno;

use super::{FileError, Owner, Requirements, TrustedFile, is_trusted_owner, link, open_at};

#[derive(Debug)]
pub(crate) struct Directory {
    file: File,
    path: PathBuf,
    owner: Owner,
    mode: u32,
    device: u64,
    inode: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DirectoryEntry {
    pub(crate) device: u64,
    pub(crate) inode: u64,
    pub(crate) owner: u32,
    pub(crate) is_socket: bool,
}

/// A directory that is only searched need not be readable.
#[cfg(target_os = "linux")]
const FOR_SEARCH: OFlags = OFlags::PATH;
#[cfg(not(target_os = "linux"))]
const FOR_SEARCH: OFlags = OFlags::empty();

const OPEN_FLAGS: OFlags = OFlags::DIRECTORY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::CLOEXEC);

/// In a sticky directory, only a file's owner can rename or delete it.
const STICKY: u32 = 0o1000;
const WRITABLE_BY_OTHERS: u32 = 0o022;

impl Directory {
    /// Opens the directory at `path`with any owner; `None` if it does not exist. A symbolic link at `path` is
    /// followed if its owner is trusted.
    ///
    /// # Errors
    /// [`FileError::NotADirectory`], [`FileError::ForeignLink`], and system errors.
    pub(crate) fn open(path: &Path) -> Result<Option<Self>, FileError> {
        Self::follow(path, OFlags::empty())
    }

    /// As [`Directory::open`], but a symbolic link at `path` is refused.
    ///
    /// # Errors
    /// [`FileError::Symlink`], [`FileError::NotADirectory`], and system errors.
    pub(crate) fn open_without_links(path: &Path) -> Result<Option<Self>, FileError> {
        Self::open_at(CWD, path, path, OFlags::empty())
    }

    /// As [`Directory::open`], but only to open files in it: its names cannot be listed.
    ///
    /// # Errors
    /// As [`Directory::open`].
    pub(crate) fn open_for_search(path: &Path) -> Result<Option<Self>, FileError> {
        Self::follow(path, FOR_SEARCH)
    }

    fn follow(path: &Path, flags: OFlags) -> Result<Option<Self>, FileError> {
        Self::follow_at(CWD, path, path, flags)
    }

    fn follow_at(
        parent: BorrowedFd<'_>,
        name: &Path,
        path: &Path,
        flags: OFlags,
    ) -> Result<Option<Self>, FileError> {
        match Self::open_at(parent, name, path, flags) {
            Err(FileError::Symlink { .. }) => {
                let file = link::open_target(parent, name, path, flags | OPEN_FLAGS)?;
                Self::opened(file, path).map(Some)
            }
            opened => opened,
        }
    }

    /// Opens the subdirectory `name` to open files in itwith any owner; `None` if it does not exist. A symbolic
    /// link is followed if its owner is trusted.
    ///
    /// # Errors
    /// As [`Directory::open`].
    pub(crate) fn search_own_directory(&self, name: &OsStr) -> Result<Option<Self>, FileError> {
        let path = self.path.join(name);
        Self::follow_at(self.descriptor(), Path::new(name), &path, FOR_SEARCH)
    }

    /// Opens the subdirectory `name` to open files in itwith any owner; `None` if it does not exist. A symbolic
    /// link is refused.
    ///
    /// # Errors
    /// [`FileError::Symlink`], [`FileError::NotADirectory`], and system errors.
    pub(crate) fn search_directory(&self, name: &str) -> Result<Option<Self>, FileError> {
        let path = self.path.join(name);
        Self::open_at(self.descriptor(), Path::new(name), &path, FOR_SEARCH)
    }

    /// Opens the directory above this one to open files in it; `None` at the root.
    ///
    /// # Errors
    /// What the system reports.
    pub(crate) fn open_parent(&self) -> Result<Option<Self>, FileError> {
        let path = self.path.parent().unwrap_or(Path::new("/"));
        let parent = Self::open_at(self.descriptor(), Path::new(".."), path, FOR_SEARCH)?;
        Ok(parent.filter(|parent| !parent.is_same(self.device, self.inode)))
    }

    fn open_at(
        parent: BorrowedFd<'_>,
        name: &Path,
        path: &Path,
        flags: OFlags,
    ) -> Result<Option<Self>, FileError> {
        match openat(parent, name, flags | OPEN_FLAGS, Mode::empty()) {
            Ok(descriptor) => Self::opened(File::from(descriptor), path).map(Some),
            Err(Errno::NOENT) => Ok(None),
            Err(Errno::NOTDIR | Errno::LOOP | Errno::MLINK) => {
                Err(not_a_directory(parent, name, path))
            }
            Err(error) => Err(FileError::io("open", path)(error.into())),
        }
    }

    fn opened(file: File, path: &Path) -> Result<Self, FileError> {
        let metadata = file.metadata().map_err(FileError::io("open", path))?;
        Ok(Self {
            file,
            path: path.to_owned(),
            owner: Owner {
                user: metadata.uid(),
                group: metadata.gid(),
            },
            mode: metadata.mode() & 0o7777,
            device: metadata.dev(),
            inode: metadata.ino(),
        })
    }

    /// Returns the path by which it was opened, for messages.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the owner and group at the time of opening.
    pub(crate) fn owner(&self) -> Owner {
        self.owner
    }

    /// Returns the permission bits at the time of opening.
    pub(crate) fn mode(&self) -> u32 {
        self.mode
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Returns the device number of the file system.
    pub(crate) fn device(&self) -> u64 {
        self.device
    }

    /// Returns `true` if the directory has this device and inode number.
    pub(crate) fn is_same(&self, device: u64, inode: u64) -> bool {
        (self.device, self.inode) == (device, inode)
    }

    pub(crate) fn is_writable_by_others(&self) -> bool {
        self.mode & WRITABLE_BY_OTHERS != 0
    }

    /// Returns the owner of the file `name` (or of the symbolic link itself); `None` if it does not exist.
    pub(crate) fn owner_of(&self, name: &str) -> Option<u32> {
        let found = statat(self.descriptor(), name, AtFlags::SYMLINK_NOFOLLOW);
        found.ok().map(|found| found.st_uid)
    }

    /// Returns what `name` is, without following a symbolic link; `None` if it does not exist.
    pub(crate) fn entry(&self, name: &str) -> Option<DirectoryEntry> {
        let found = statat(self.descriptor(), name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        let file_type = rustix::fs::FileType::from_raw_mode(found.st_mode);
        Some(DirectoryEntry {
            device: found.st_dev,
            inode: found.st_ino,
            owner: found.st_uid,
            is_socket: file_type == rustix::fs::FileType::Socket,
        })
    }

    /// Returns a path of `name` for calls that take no descriptor: on Linux it stays in this directory, even if that
    /// is renamed.
    pub(crate) fn address_of(&self, name: &str) -> PathBuf {
        let own = PathBuf::from(format!("/proc/self/fd/{}", self.file.as_raw_fd()));
        if cfg!(target_os = "linux") && own.exists() {
            return own.join(name);
        }
        self.path.join(name)
    }

    /// Fails if other users can rename or replace files in this directory. Accepts a directory of the effective user
    /// or root that group and others cannot write to, or that is sticky.
    ///
    /// # Errors
    /// [`FileError::ForeignOwner`], [`FileError::Permissive`].
    pub(crate) fn check_unchangeable(&self) -> Result<(), FileError> {
        self.check_owner()?;
        if !self.is_writable_by_others() || self.mode & STICKY != 0 {
            return Ok(());
        }
        Err(FileError::Permissive {
            path: self.path.clone(),
            mode: self.mode,
            forbidden: WRITABLE_BY_OTHERS,
        })
    }

    /// Fails unless the directory belongs to the effective user or to root.
    ///
    /// # Errors
    /// [`FileError::ForeignOwner`].
    pub(crate) fn check_owner(&self) -> Result<(), FileError> {
        if is_trusted_owner(self.owner.user) {
            return Ok(());
        }
        Err(FileError::ForeignOwner {
            path: self.path.clone(),
            owner: self.owner.user,
        })
    }

    /// Opens the file `name` in this directory; `None` if it does not exist.
    ///
    /// # Errors
    /// As [`super::open`].
    pub(crate) fn open_file(
        &self,
        name: &str,
        requirements: &Requirements,
    ) -> Result<Option<TrustedFile>, FileError> {
        open_at(
            self.descriptor(),
            Path::new(name),
            &self.path.join(name),
            requirements,
        )
    }

    /// Creates the file `name` with mode 0600 and opens it for reading and writing.
    ///
    /// # Errors
    /// System errors; `AlreadyExists` if the name is taken, also by a symbolic link.
    pub(crate) fn create_new(&self, name: &str) -> io::Result<File> {
        let flags = super::OPEN_FLAGS | OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
        let descriptor = openat(self.descriptor(), name, flags, Mode::RUSR | Mode::WUSR)?;
        Ok(File::from(descriptor))
    }

    /// Renames the file `from` to `to`, replacing an existing file.
    ///
    /// # Errors
    /// System errors.
    pub(crate) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(renameat(self.descriptor(), from, self.descriptor(), to)?)
    }

    /// Removes the file `name` (or the symbolic link itself).
    ///
    /// # Errors
    /// System errors; `NotFound` if it does not exist.
    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
        Ok(unlinkat(self.descriptor(), name, AtFlags::empty())?)
    }

    /// Returns `true` if `name` is still the open `file`, not deleted or replaced.
    pub(crate) fn still_names(&self, name: &str, file: &File) -> bool {
        let Ok(metadata) = file.metadata() else {
            return false;
        };
        statat(self.descriptor(), name, AtFlags::SYMLINK_NOFOLLOW)
            .is_ok_and(|found| (found.st_dev, found.st_ino) == (metadata.dev(), metadata.ino()))
    }

    /// Returns the unsorted names in this directory.
    ///
    /// # Errors
    /// System errors.
    pub(crate) fn names(&self) -> io::Result<Vec<OsString>> {
        let again = openat(
            self.descriptor(),
            ".",
            OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC,
            Mode::empty(),
        )?;
        let mut names = Vec::new();
        for entry in Dir::new(again)? {
            let name = entry?.file_name().to_bytes().to_vec();
            if name != b"." && name != b".." {
                names.push(OsString::from_vec(name));
            }
        }
        Ok(names)
    }

    /// Makes a rename or removal in this directory durable, if the file system supports that.
    ///
    /// # Errors
    /// System errors.
    pub(crate) fn sync(&self) -> io::Result<()> {
        match self.file.sync_all() {
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
                ) =>
            {
                Ok(())
            }
            result => result,
        }
    }

    pub(super) fn descriptor(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

fn not_a_directory(parent: BorrowedFd<'_>, name: &Path, path: &Path) -> FileError {
    let path = path.to_owned();
    let found = statat(parent, name, AtFlags::SYMLINK_NOFOLLOW);
    let is_link = found.is_ok_and(|found| {
        rustix::fs::FileType::from_raw_mode(found.st_mode) == rustix::fs::FileType::Symlink
    });
    if is_link {
        FileError::Symlink { path }
    } else {
        FileError::NotADirectory { path }
    }
}
