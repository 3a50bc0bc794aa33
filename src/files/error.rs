//! Why a file is not used.

use std::io;
use std::path::{Path, PathBuf};

use crate::domain::sanitize_line;

/// A file or directory that does not meet its requirements. No variant holds a byte of the content.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A symbolic link where none is allowed.
    #[error("{} is a symbolic link", shown(path))]
    Symlink {
        /// The link.
        path: PathBuf,
    },
    /// A symbolic link of another user.
    #[error("{} is a symbolic link of another user (uid {owner})", shown(path))]
    ForeignLink {
        /// The first link.
        path: PathBuf,
        /// The user id of the link's owner.
        owner: u32,
    },
    /// A pipe, device or socket.
    #[error("{} is not a regular file", shown(path))]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// A directory where a file is expected.
    #[error("{} is a directory, not a regular file", shown(path))]
    IsADirectory {
        /// The path.
        path: PathBuf,
    },
    /// A file with several names in a directory where other users can create names for files that are not theirs.
    #[error(
        "{} is a hard link in a directory that other users can change",
        shown(path)
    )]
    SharedHardLink {
        /// The path.
        path: PathBuf,
    },
    /// Not a directory.
    #[error("{} is not a directory", shown(path))]
    NotADirectory {
        /// The path.
        path: PathBuf,
    },
    /// The owner is neither the effective user nor root.
    #[error("{} belongs to another user (uid {owner})", shown(path))]
    ForeignOwner {
        /// The file or directory.
        path: PathBuf,
        /// The user id of its owner.
        owner: u32,
    },
    /// Group or others have access that they must not have.
    #[error("{} is {} other users (mode {mode:04o})", shown(path), access(*forbidden))]
    Permissive {
        /// The file or directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// The bits of which none may be set.
        forbidden: u32,
    },
    /// Larger than such a file may be.
    #[error("{} is larger than {limit} bytes", shown(path))]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// Not UTF-8.
    #[error("{} is not UTF-8 text", shown(path))]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// The system refused.
    #[error("cannot {action} {}", shown(path))]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What was to be done, as a verb.
        action: &'static str,
        /// What the system reported.
        source: io::Error,
    },
}

impl FileError {
    /// Turns an I/O error into one that names the file and the action.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            path: path.to_owned(),
            action,
            source,
        }
    }

    /// Returns `true` if the file belongs to another user, who may have put it there to be read.
    pub fn is_foreign(&self) -> bool {
        matches!(
            self,
            Self::ForeignOwner { .. } | Self::ForeignLink { .. } | Self::SharedHardLink { .. }
        )
    }

    /// Returns the command that makes the file acceptable, where one command does.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Permissive {
                path, forbidden, ..
            } => {
                let change = if forbidden & 0o055 == 0 {
                    "go-w"
                } else {
                    "go="
                };
                Some(format!("run `chmod {change} {}`", shell_word(path)))
            }
            Self::ForeignOwner { path, .. } => Some(format!(
                "if it is yours, run `sudo chown \"$(id -u)\" {}`",
                shell_word(path)
            )),
            _ => None,
        }
    }
}

fn access(forbidden: u32) -> &'static str {
    if forbidden & 0o055 == 0 {
        "writable by"
    } else {
        "accessible to"
    }
}

fn shown(path: &Path) -> String {
    format!("`{}`", sanitize_line(&path.to_string_lossy()))
}

/// Quotes `path` as one word of a POSIX shell, so that the command in a hint can be pasted.
pub(crate) fn shell_word(path: &Path) -> String {
    crate::domain::quote_for_shell(&path.to_string_lossy())
}
