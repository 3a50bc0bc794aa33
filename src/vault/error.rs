//! What can go wrong with credentials at rest, and what the user can do about it.
//!
//! No variant holds a byte of a file's content: a parser that fails on a credential file has a token in its hands.

use std::io;
use std::path::{Path, PathBuf};

use super::KeyringError;
use crate::domain::sanitize_line;
use crate::files::{FileError, shell_word};

/// A failure of the vault. Nothing that was stored before is lost by any of them.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The file is not what this program writes. The position is where its reading ended; 0 where none is known.
    #[error("{} is damaged{}", shown(path), position(*line, *column))]
    Corrupt {
        /// The damaged file.
        path: PathBuf,
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
    },
    /// The file was written by a later release of this program.
    #[error(
        "{} has format version {version}, which this release cannot read",
        shown(path)
    )]
    NewerVersion {
        /// The file.
        path: PathBuf,
        /// The version it names.
        version: u64,
    },
    /// The file is larger than anything this program writes.
    #[error("{} is too large to be a file of this program", shown(path))]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A directory, a pipe or a device stands where a file is expected.
    #[error("{} is not a regular file", shown(path))]
    NotAFile {
        /// What stands there.
        path: PathBuf,
    },
    /// The file can be read or written by other users of the machine.
    #[error(
        "{} is open to other users of this machine (mode {mode:04o})",
        shown(path)
    )]
    PermissionsTooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Other users can create, rename and delete files in the directory.
    #[error(
        "{} can be changed by other users of this machine (mode {mode:04o})",
        shown(path)
    )]
    DirectoryWritableByOthers {
        /// The directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A symbolic link stands where a file or directory is expected; it is not followed.
    #[error("{} is a symbolic link, and links are not followed", shown(path))]
    Symlink {
        /// The link.
        path: PathBuf,
    },
    /// The file or directory belongs to another user.
    #[error("{} belongs to another user (uid {owner})", shown(path))]
    WrongOwner {
        /// The file or directory.
        path: PathBuf,
        /// The user id of its owner.
        owner: u32,
    },
    /// The file system keeps no permissions, so that nothing on it can be private.
    #[error(
        "the file system of {} keeps no permissions; nothing on it can be kept private",
        shown(path)
    )]
    NoPermissions {
        /// What could not be made private.
        path: PathBuf,
    },
    /// Another process held the lock for longer than this one may wait.
    #[error("another process is using {}", shown(path))]
    Busy {
        /// The lock file.
        path: PathBuf,
    },
    /// The lock file was deleted or replaced while this process held its lock.
    #[error(
        "the lock file {} was deleted or replaced by another program",
        shown(path)
    )]
    LockReplaced {
        /// The lock file.
        path: PathBuf,
    },
    /// Something else has the name of a lock file.
    #[error("the lock file {} is not a regular file of this program", shown(path))]
    InvalidLockFile {
        /// The lock file.
        path: PathBuf,
    },
    /// The file system has no locks; without them two processes can end each other's session.
    #[error("the file system of {} has no file locks", shown(path))]
    LockUnsupported {
        /// The lock file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The operating system refused.
    #[error("cannot {action} {}", shown(path))]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What was to be done with it, as a verb.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The operating system's keyring.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
}

impl From<FileError> for VaultError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Symlink { path } => Self::Symlink { path },
            FileError::ForeignLink { path, owner } | FileError::ForeignOwner { path, owner } => {
                Self::WrongOwner { path, owner }
            }
            FileError::NotAFile { path }
            | FileError::IsADirectory { path }
            | FileError::SharedHardLink { path } => Self::NotAFile { path },
            FileError::NotADirectory { path } => {
                Self::io("use", &path)(io::ErrorKind::NotADirectory.into())
            }
            FileError::Permissive {
                path,
                mode,
                forbidden,
            } if forbidden & 0o055 == 0 => Self::DirectoryWritableByOthers { path, mode },
            FileError::Permissive { path, mode, .. } => Self::PermissionsTooOpen { path, mode },
            FileError::TooLarge { path, .. } => Self::TooLarge { path },
            FileError::NotText { path } => Self::Corrupt {
                path,
                line: 0,
                column: 0,
            },
            FileError::Io {
                path,
                action,
                source,
            } => Self::Io {
                path,
                action,
                source,
            },
        }
    }
}

impl VaultError {
    /// Turns an I/O error into one that names the file and what was to be done with it.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            path: path.to_owned(),
            action,
            source,
        }
    }

    /// Whether what is stored can be read by no retry and no `chmod`: the case for [`super::Vault::set_aside`], after
    /// which a login may write anew.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Corrupt { .. }
            | Self::NewerVersion { .. }
            | Self::TooLarge { .. }
            | Self::NotAFile { .. }
            | Self::Keyring(KeyringError::Corrupt { .. }) => true,
            Self::PermissionsTooOpen { .. }
            | Self::DirectoryWritableByOthers { .. }
            | Self::Symlink { .. }
            | Self::WrongOwner { .. }
            | Self::NoPermissions { .. }
            | Self::Busy { .. }
            | Self::LockReplaced { .. }
            | Self::InvalidLockFile { .. }
            | Self::LockUnsupported { .. }
            | Self::Io { .. }
            | Self::Keyring(_) => false,
        }
    }

    /// What to do about it: one sentence, a command in it where one command mends it.
    pub fn hint(&self) -> Option<String> {
        let elsewhere = "set BRAINMAPS_DATA_DIR to a directory on a local disk";
        Some(match self {
            Self::Corrupt { .. } | Self::TooLarge { .. } | Self::NotAFile { .. } => {
                "run `brainmaps login`: it keeps the damaged file aside and writes a new one"
                    .to_owned()
            }
            Self::NewerVersion { .. } => {
                "update brainmaps, or set BRAINMAPS_DATA_DIR to another directory".to_owned()
            }
            Self::PermissionsTooOpen { path, .. } => {
                format!("run `chmod 600 {}`", shell_word(path))
            }
            Self::DirectoryWritableByOthers { path, .. } => {
                format!("run `chmod 700 {}`", shell_word(path))
            }
            Self::Symlink { path } => format!(
                "run `rm {}` (it removes the link alone), or set BRAINMAPS_DATA_DIR to the directory you mean",
                shell_word(path)
            ),
            Self::InvalidLockFile { path } => lock_file_hint(path),
            Self::WrongOwner { path, .. } => {
                format!(
                    "set BRAINMAPS_DATA_DIR to a directory of your own; if this one is yours, run `sudo chown -R \"$(id \
                     -u)\" {}`",
                    shell_word(path)
                )
            }
            Self::NoPermissions { .. } | Self::LockUnsupported { .. } => elsewhere.to_owned(),
            Self::Busy { path } => format!(
                "try again in a moment; where it stays so, `fuser {}` names the process",
                shell_word(path)
            ),
            Self::LockReplaced { .. } => {
                "run the command again, and keep other programs from cleaning up that directory"
                    .to_owned()
            }
            Self::Io { path, source, .. } => return io_hint(source.kind(), path),
            Self::Keyring(error) => return error.hint(),
        })
    }
}

fn lock_file_hint(path: &Path) -> String {
    let command = if path.is_dir() { "rm -r" } else { "rm" };
    let path = shell_word(path);
    format!("run `{command} {path}`: the next command creates the lock file again")
}

fn io_hint(kind: io::ErrorKind, path: &Path) -> Option<String> {
    use io::ErrorKind as Kind;
    match kind {
        Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge => {
            Some("free some space and try again; what was stored before is unharmed".to_owned())
        }
        Kind::ReadOnlyFilesystem | Kind::NotADirectory | Kind::AlreadyExists => {
            Some("set BRAINMAPS_DATA_DIR to a directory that can be written".to_owned())
        }
        Kind::PermissionDenied => Some(format!(
            "see who may use it with `ls -ld {}`, or set BRAINMAPS_DATA_DIR to a directory of your own",
            shell_word(path)
        )),
        _ => None,
    }
}

fn position(line: usize, column: usize) -> String {
    if line == 0 {
        return String::new();
    }
    format!(" (line {line}, column {column})")
}

fn shown(path: &Path) -> String {
    format!("`{}`", sanitize_line(&path.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_open_to_others_comes_with_the_command_that_mends_it() {
        let error = VaultError::PermissionsTooOpen {
            path: "/home/o'neill/x y.json".into(),
            mode: 0o644,
        };
        assert_eq!(
            error.hint().unwrap(),
            r"run `chmod 600 '/home/o'\''neill/x y.json'`"
        );
        assert!(error.to_string().contains("(mode 0644)"), "{error}");
    }

    #[test]
    fn a_path_cannot_write_escape_sequences_to_the_terminal() {
        let path = PathBuf::from("/tmp/\u{1b}[2Jx");
        let error = VaultError::NotAFile { path };
        assert_eq!(error.to_string(), "`/tmp/[2Jx` is not a regular file");
    }

    #[test]
    fn a_full_disk_and_a_read_only_one_say_what_to_do() {
        let hint = |kind: io::ErrorKind| {
            VaultError::io("write", Path::new("/x"))(kind.into())
                .hint()
                .unwrap()
        };
        assert!(hint(io::ErrorKind::StorageFull).contains("free some space"));
        assert!(hint(io::ErrorKind::ReadOnlyFilesystem).contains("BRAINMAPS_DATA_DIR"));
        assert!(hint(io::ErrorKind::PermissionDenied).contains("ls -ld '/x'"));
    }
}
