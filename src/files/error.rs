//! Errors of files that are not trusted or cannot be used.

use std::io;
use std::path::{Path, PathBuf};

use crate::domain::sanitize_line;

/// A file or directory that does not satisfy its requirements. No variant contains file content.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("{} is a symbolic link", quote_path(path))]
    Symlink { path: PathBuf },
    #[error(
        "{} is a symbolic link of another user (uid {owner})",
        quote_path(path)
    )]
    ForeignLink {
        /// The first link of a chain.
        path: PathBuf,
        owner: u32,
    },
    #[error("{} is not a regular file", quote_path(path))]
    NotAFile { path: PathBuf },
    #[error("{} is a directory, not a regular file", quote_path(path))]
    IsADirectory { path: PathBuf },
    /// A file with several hard links, in a directory where other users can create links to files of the victim.
    #[error(
        "{} is a hard link in a directory that other users can write to",
        quote_path(path)
    )]
    SharedHardLink { path: PathBuf },
    #[error("{} has {links} hard links", quote_path(path))]
    HardLinks { path: PathBuf, links: u64 },
    #[error("{} is not a directory", quote_path(path))]
    NotADirectory { path: PathBuf },
    /// The owner is neither the effective user nor root.
    #[error("{} belongs to another user (uid {owner})", quote_path(path))]
    ForeignOwner { path: PathBuf, owner: u32 },
    /// The group or others have access that they must not have.
    #[error("{} is {} other users (mode {mode:04o})", quote_path(path), access(*forbidden))]
    Permissive {
        path: PathBuf,
        mode: u32,
        /// The permission bits that must not be set.
        forbidden: u32,
    },
    #[error("{} is larger than {limit} bytes", quote_path(path))]
    TooLarge {
        path: PathBuf,
        /// In bytes.
        limit: u64,
    },
    #[error(
        "{} is a pipe, not a regular file, and no program wrote to it and closed it within {seconds} seconds",
        quote_path(path)
    )]
    PipeTimeout { path: PathBuf, seconds: u64 },
    #[error("{} is not UTF-8 text", quote_path(path))]
    NotText { path: PathBuf },
    #[error("cannot {action} {}", quote_path(path))]
    Io {
        path: PathBuf,
        /// A verb.
        action: &'static str,
        source: io::Error,
    },
}

impl FileError {
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            path: path.to_owned(),
            action,
            source,
        }
    }

    /// Returns `true` if the file belongs to another user, who may have planted it.
    pub fn is_foreign(&self) -> bool {
        matches!(
            self,
            Self::ForeignOwner { .. } | Self::ForeignLink { .. } | Self::SharedHardLink { .. }
        )
    }

    /// Returns the command that fixes the file, if one command does.
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
            Self::Io { path, source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Some(format!(
                    "check the permissions with `ls -ld {}`",
                    shell_word(path)
                ))
            }
            Self::PipeTimeout { .. } => {
                Some("start the program that writes to it, or delete it".to_owned())
            }
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

/// Quotes `path` for a POSIX shell, so that the command in a hint can be pasted.
pub(crate) fn shell_word(path: &Path) -> String {
    crate::domain::quote_for_shell(&path.to_string_lossy())
}

/// Quotes `path` for a message, without control characters.
pub(crate) fn quote_path(path: &Path) -> String {
    format!("`{}`", sanitize_line(&path.to_string_lossy()))
}
