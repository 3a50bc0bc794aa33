//! The requirements that a file must satisfy before its content is used.

use std::fs::Metadata;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::Path;

use rustix::fs::OFlags;
use rustix::process::geteuid;

use super::FileError;

const WRITABLE_BY_OTHERS: u32 = 0o022;
const ACCESSIBLE_BY_OTHERS: u32 = 0o077;

/// Returns `true` for the effective user and root.
pub(crate) fn is_trusted_owner(owner: u32) -> bool {
    owner == geteuid().as_raw() || owner == 0
}

/// How to handle a symbolic link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    Refused,
    /// Links are followed if each link and the target belong to the effective user or root.
    OwnOnly,
}

/// How to handle what is not a regular file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pipes {
    Refused,
    Named,
    /// Descriptors of this process, by a path such as `/dev/fd/3`, may be pipes or files in memory.
    NamedOrDescriptor,
}

/// In addition to these requirements, every file must be a regular file of the effective user or root.
#[derive(Debug, Clone, Copy)]
pub struct Requirements {
    pub(super) max_size: u64,
    pub(super) links: Links,
    pub(super) access: OFlags,
    forbidden_mode: u32,
    any_owner_for_root: bool,
    refuses_hard_links: bool,
    pub(super) ignores_directories: bool,
    pub(super) pipes: Pipes,
}

impl Requirements {
    /// A file that only its owner and root can change, of at most `max_size` bytes: settings, `.env`, provider
    /// descriptions. The user's own symbolic links are followed.
    pub const fn unchangeable_by_others(max_size: u64) -> Self {
        Self {
            max_size,
            links: Links::OwnOnly,
            access: OFlags::RDONLY,
            forbidden_mode: WRITABLE_BY_OTHERS,
            any_owner_for_root: false,
            refuses_hard_links: false,
            ignores_directories: false,
            pipes: Pipes::Refused,
        }
    }

    /// A file that only its owner can read or change, of at most `max_size` bytes: credentials, locks, journals.
    /// Symbolic links are refused.
    pub const fn private(max_size: u64) -> Self {
        Self {
            max_size,
            links: Links::Refused,
            access: OFlags::RDONLY,
            forbidden_mode: ACCESSIBLE_BY_OTHERS,
            any_owner_for_root: false,
            refuses_hard_links: false,
            ignores_directories: false,
            pipes: Pipes::Refused,
        }
    }

    /// Follows the user's own symbolic links.
    #[must_use]
    pub const fn or_own_link(mut self) -> Self {
        self.links = Links::OwnOnly;
        self
    }

    #[must_use]
    pub const fn without_links(mut self) -> Self {
        self.links = Links::Refused;
        self
    }

    /// Refuses a file that has another name, for files that are changed in place.
    #[must_use]
    pub const fn without_hard_links(mut self) -> Self {
        self.refuses_hard_links = true;
        self
    }

    /// Opens the file for reading and writing.
    #[must_use]
    pub const fn for_writing(mut self) -> Self {
        self.access = OFlags::RDWR;
        self
    }

    /// Opens the file for reading, and for writing at its end.
    #[must_use]
    pub const fn for_appending(mut self) -> Self {
        self.access = OFlags::RDWR.union(OFlags::APPEND);
        self
    }

    /// Treats a directory of that name as a missing file.
    #[must_use]
    pub const fn ignoring_directories(mut self) -> Self {
        self.ignores_directories = true;
        self
    }

    /// Accepts a named pipe too.
    #[must_use]
    pub const fn or_pipe(mut self) -> Self {
        self.pipes = Pipes::Named;
        self
    }

    /// Accepts the path of a descriptor of this process, such as `/dev/fd/3`, for a pipe or a file in memory too.
    #[must_use]
    pub const fn or_descriptor(mut self) -> Self {
        self.pipes = Pipes::NamedOrDescriptor;
        self
    }

    pub(super) const fn any_mode(mut self) -> Self {
        self.forbidden_mode = 0;
        self
    }

    /// Accepts files of any user if the process runs as root. Use this only for a file that is named on the command
    /// line and will be replaced: `sudo brainmaps token rotate --env-file /srv/app/.env`.
    #[must_use]
    pub const fn any_owner_for_root(mut self) -> Self {
        self.any_owner_for_root = true;
        self
    }

    pub(super) fn check(&self, metadata: &Metadata, path: &Path) -> Result<(), FileError> {
        let path = || path.to_owned();
        // The owner is checked first, so that anything of another user is reported as such, whatever its type.
        let owner = metadata.uid();
        let is_accepted = self.any_owner_for_root && geteuid().is_root();
        if !is_trusted_owner(owner) && !is_accepted {
            return Err(FileError::ForeignOwner {
                path: path(),
                owner,
            });
        }
        if metadata.is_dir() {
            return Err(FileError::IsADirectory { path: path() });
        }
        let is_accepted_pipe = self.pipes != Pipes::Refused && metadata.file_type().is_fifo();
        if !metadata.is_file() && !is_accepted_pipe {
            return Err(FileError::NotAFile { path: path() });
        }
        let mode = metadata.mode() & 0o7777;
        if mode & self.forbidden_mode != 0 {
            return Err(FileError::Permissive {
                path: path(),
                mode,
                forbidden: self.forbidden_mode,
            });
        }
        let links = metadata.nlink();
        if self.refuses_hard_links && links > 1 {
            return Err(FileError::HardLinks {
                path: path(),
                links,
            });
        }
        if metadata.len() > self.max_size {
            let limit = self.max_size;
            return Err(FileError::TooLarge {
                path: path(),
                limit,
            });
        }
        Ok(())
    }
}
