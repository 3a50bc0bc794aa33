//! Errors of stored credentials, and hints for the user.
//!
//! No variant contains file content: a parser that fails on a credential file holds a token.

use std::io;
use std::path::{Path, PathBuf};

use super::KeyringError;
use crate::domain::Hint;
use crate::files::{FileError, quote_path, shell_word};

/// An error of the store. None of them loses a credential that was stored before.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The file does not have the expected format. The position is where parsing stopped; line 0 means unknown.
    #[error("{} is damaged{}", quote_path(path), position(*line, *column))]
    Corrupt {
        path: PathBuf,
        line: usize,
        column: usize,
    },
    #[error(
        "{} has format version {version}, which this release cannot read",
        quote_path(path)
    )]
    NewerVersion { path: PathBuf, version: u64 },
    #[error("{} is larger than any file that brainmaps writes", quote_path(path))]
    TooLarge { path: PathBuf },
    #[error("{} is not a regular file", quote_path(path))]
    NotAFile { path: PathBuf },
    #[error("{} is accessible to other users (mode {mode:04o})", quote_path(path))]
    PermissionsTooOpen { path: PathBuf, mode: u32 },
    #[error("{} is writable by other users (mode {mode:04o})", quote_path(path))]
    DirectoryWritableByOthers { path: PathBuf, mode: u32 },
    #[error(
        "{} is a symbolic link, which brainmaps does not follow",
        quote_path(path)
    )]
    Symlink { path: PathBuf },
    #[error(
        "{} has {links} hard links, so that another file would change with it",
        quote_path(path)
    )]
    HardLinks { path: PathBuf, links: u64 },
    /// Containers mount single files like this.
    #[error("{} is a mount point and cannot be replaced", quote_path(path))]
    MountPoint { path: PathBuf },
    /// `chattr +i` or `+a`.
    #[error("{} is immutable or append-only", quote_path(path))]
    Immutable { path: PathBuf },
    #[error("{} belongs to another user (uid {owner})", quote_path(path))]
    WrongOwner { path: PathBuf, owner: u32 },
    /// The file system ignores `chmod`, so nothing on it can be private.
    #[error(
        "the file system of {} does not support file permissions",
        quote_path(path)
    )]
    NoPermissions { path: PathBuf },
    #[error(
        "timed out waiting for the lock {}, which another process holds",
        quote_path(path)
    )]
    Busy { path: PathBuf },
    /// The lock file was deleted or replaced while this process held its lock.
    #[error(
        "another program deleted or replaced the lock file {}",
        quote_path(path)
    )]
    LockReplaced { path: PathBuf },
    #[error(
        "the lock file {} is not a lock file that brainmaps created",
        quote_path(path)
    )]
    InvalidLockFile { path: PathBuf },
    /// The file system has no locks. Without them, two processes can invalidate each other's refresh token.
    #[error("the file system of {} does not support file locks", quote_path(path))]
    LockUnsupported { path: PathBuf, source: io::Error },
    #[error("cannot {action} {}", quote_path(path))]
    Io {
        path: PathBuf,
        action: &'static str,
        source: io::Error,
    },
    #[error(transparent)]
    Keyring(#[from] KeyringError),
}

impl From<FileError> for VaultError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Symlink { path } => Self::Symlink { path },
            FileError::HardLinks { path, links } => Self::HardLinks { path, links },
            FileError::ForeignLink { path, owner } | FileError::ForeignOwner { path, owner } => {
                Self::WrongOwner { path, owner }
            }
            FileError::NotAFile { path }
            | FileError::PipeTimeout { path, .. }
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
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            path: path.to_owned(),
            action,
            source,
        }
    }

    /// Returns `true` if neither a retry nor `chmod` makes the credential readable. Then [`super::Vault::quarantine`]
    /// renames the file, and a login writes a new one.
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
            | Self::HardLinks { .. }
            | Self::MountPoint { .. }
            | Self::Immutable { .. }
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

    /// Returns `true` if the file must not be used, whatever it contains: its type, owner, mode or links are wrong.
    pub fn is_refused_file(&self) -> bool {
        matches!(
            self,
            Self::NotAFile { .. }
                | Self::PermissionsTooOpen { .. }
                | Self::DirectoryWritableByOthers { .. }
                | Self::Symlink { .. }
                | Self::HardLinks { .. }
                | Self::WrongOwner { .. }
        )
    }

    /// Returns the error and its cause in one line.
    pub fn to_line(&self) -> String {
        let cause = std::error::Error::source(self);
        let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
        format!("{self}{cause}")
    }

    /// Returns `true` if a directory in the path is a file.
    pub fn is_not_a_directory(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotADirectory)
    }

    /// Returns one sentence on how to fix the problem, with a command if one command fixes it.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            Self::Corrupt { .. } | Self::TooLarge { .. } | Self::NotAFile { .. } => {
                let effect = ": it renames the damaged file and writes a new one";
                Some(Hint::run("login").text(effect))
            }
            Self::Keyring(error) => Some(error.hint()),
            other => other.file_hint().map(Hint::from),
        }
    }

    /// As [`Self::hint`], for a file or a socket of the audit log, which is not in the data directory.
    pub fn audit_log_hint(&self) -> Hint {
        let instead = match self {
            Self::PermissionsTooOpen { .. }
            | Self::DirectoryWritableByOthers { .. }
            | Self::Immutable { .. }
            | Self::Busy { .. } => self.file_hint(),
            Self::Symlink { path } | Self::HardLinks { path, .. } => {
                let path = shell_word(path);
                Some(format!("run `rm {path}` (it removes only the link)"))
            }
            Self::Io { path, source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                let path = shell_word(path);
                Some(format!("check the permissions with `ls -ld {path}`"))
            }
            _ => None,
        };
        let text = instead.map_or_else(String::new, |instead| format!("{instead}, or "));
        Hint::from(format!("{text}choose another file: ")).command("config set audit_log FILE")
    }

    /// The hints without a command of this program.
    fn file_hint(&self) -> Option<String> {
        let elsewhere = "set BRAINMAPS_DATA_DIR to a directory on a local disk";
        Some(match self {
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
                "run `rm {}` (it removes only the link), or set BRAINMAPS_DATA_DIR to the target directory",
                shell_word(path)
            ),
            Self::MountPoint { .. } => {
                format!("mount its directory instead of the file, or {elsewhere}")
            }
            Self::Immutable { path } => format!("run `sudo chattr -ia {}`", shell_word(path)),
            Self::InvalidLockFile { path } => lock_file_hint(path),
            Self::WrongOwner { path, .. } => wrong_owner_hint(path),
            Self::NoPermissions { .. } | Self::LockUnsupported { .. } => elsewhere.to_owned(),
            Self::Busy { path } => format!(
                "try again; if it fails again, `fuser {}` shows the process",
                shell_word(path)
            ),
            Self::LockReplaced { .. } => {
                "run the command again, and exclude the directory from cleanup programs".to_owned()
            }
            Self::Io { path, source, .. } => return io_hint(source.kind(), path),
            Self::Corrupt { .. }
            | Self::TooLarge { .. }
            | Self::NotAFile { .. }
            | Self::HardLinks { .. }
            | Self::Keyring(_) => return None,
        })
    }
}

fn wrong_owner_hint(path: &Path) -> String {
    format!(
        "set BRAINMAPS_DATA_DIR to a directory of your own; if this one is yours, run `sudo chown -R \"$(id \
         -u)\" {}`",
        shell_word(path)
    )
}

fn lock_file_hint(path: &Path) -> String {
    let command = if path.is_dir() { "rm -r" } else { "rm" };
    let path = shell_word(path);
    format!("run `{command} {path}`: the next command creates a new lock file")
}

fn io_hint(kind: io::ErrorKind, path: &Path) -> Option<String> {
    use io::ErrorKind as Kind;
    match kind {
        Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge => Some(
            "free some disk space and inodes (`df -i`) and try again; the stored credential is unchanged"
                .to_owned(),
        ),
        Kind::ReadOnlyFilesystem | Kind::NotADirectory | Kind::AlreadyExists => {
            Some("set BRAINMAPS_DATA_DIR to a writable directory".to_owned())
        }
        Kind::PermissionDenied => Some(format!(
            "check the permissions with `ls -ld {}`, or set BRAINMAPS_DATA_DIR to a directory of your own",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hint_for_an_accessible_file_is_a_chmod_command() {
        let error = VaultError::PermissionsTooOpen {
            path: "/home/o'neill/x y.json".into(),
            mode: 0o644,
        };
        assert_eq!(
            error.hint().unwrap().plain(),
            r"run `chmod 600 '/home/o'\''neill/x y.json'`"
        );
        assert!(error.to_string().contains("(mode 0644)"), "{error}");
    }

    #[test]
    fn path_in_a_message_contains_no_escape_sequences() {
        let path = PathBuf::from("/tmp/\u{1b}[2Jx");
        let error = VaultError::NotAFile { path };
        assert_eq!(error.to_string(), "`/tmp/[2Jx` is not a regular file");
    }

    #[test]
    fn full_and_read_only_disks_have_hints() {
        let hint = |kind: io::ErrorKind| {
            VaultError::io("write", Path::new("/x"))(kind.into())
                .hint()
                .unwrap()
                .plain()
        };
        assert!(hint(io::ErrorKind::StorageFull).contains("free some disk space"));
        assert!(hint(io::ErrorKind::ReadOnlyFilesystem).contains("BRAINMAPS_DATA_DIR"));
        assert!(hint(io::ErrorKind::PermissionDenied).contains("ls -ld '/x'"));
    }
}
