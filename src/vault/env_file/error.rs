//! Errors of env files. The hints are about the env file, not about this program's own directories.

use std::io;
use std::path::{Path, PathBuf};

use crate::files::{FileError, quote_path, shell_word};

/// Text that is not edited, because readers disagree about it. No variant contains a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvTextError {
    #[error("the file is UTF-16, expected UTF-8")]
    Utf16,
    /// A carriage return without a line feed after it.
    #[error("line {line} has a carriage return without a line feed")]
    CarriageReturn { line: usize },
    #[error("line {line}, which sets {variable}, is malformed")]
    Malformed { line: usize, variable: String },
    #[error("the value of {variable} in line {line} spans several lines")]
    SeveralLines { line: usize, variable: String },
    /// A line that some readers treat as part of another variable's value.
    #[error(
        "line {line}, which sets {variable}, is inside the quoted value that begins in line {opened}"
    )]
    InsideQuotes {
        line: usize,
        variable: String,
        opened: usize,
    },
    /// A line below one that ends with a backslash. Shells join the two.
    #[error(
        "{variable} cannot be set below line {from}, which ends with a backslash: shells join the two lines"
    )]
    Continued { from: usize, variable: String },
    #[error("the value of {variable} does not fit in one line")]
    Unwritable { variable: String },
}

/// An error of an env file. The file is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum EnvFileError {
    #[error(transparent)]
    File(#[from] FileError),
    /// Other programs treat `-` as standard output.
    #[error("`-` is not a file")]
    Dash,
    /// The path has no file name, or one that is not UTF-8.
    #[error("{} does not name a file", quote_path(path))]
    NoName { path: PathBuf },
    /// The directory does not exist. It is not created, because the path may be mistyped.
    #[error("the directory {} does not exist", quote_path(path))]
    NoDirectory { path: PathBuf },
    /// The other links would keep the old content.
    #[error(
        "{} has {links} hard links, of which only one would change",
        quote_path(path)
    )]
    HardLinks { path: PathBuf, links: u64 },
    /// Containers mount single files like this.
    #[error("{} is a mount point and cannot be replaced", quote_path(path))]
    MountPoint { path: PathBuf },
    /// `chattr +i` or `+a`.
    #[error("{} is immutable or append-only", quote_path(path))]
    Immutable { path: PathBuf },
    /// The replacement cannot get the file's owner or group.
    #[error(
        "cannot keep the owner and group ({user}:{group}) of {}",
        quote_path(path)
    )]
    OwnerLost {
        path: PathBuf,
        user: u32,
        group: u32,
        source: io::Error,
    },
    /// The file system ignores `chmod`, so nothing on it can be private.
    #[error(
        "the file system of {} does not support file permissions",
        quote_path(path)
    )]
    NoPermissions { path: PathBuf },
    #[error(
        "timed out waiting for the lock on the directory of {}, which another process holds",
        quote_path(path)
    )]
    Busy { path: PathBuf },
    /// The file system has no locks. Without them, two processes overwrite each other's changes.
    #[error("the file system of {} does not support file locks", quote_path(path))]
    LockUnsupported { path: PathBuf, source: io::Error },
    #[error("cannot edit {}: {source}", quote_path(path))]
    Text { path: PathBuf, source: EnvTextError },
    #[error("another process changed {}", quote_path(path))]
    Changed { path: PathBuf },
    #[error("cannot write {}", quote_path(path))]
    Write { path: PathBuf, source: io::Error },
}

impl EnvFileError {
    pub(super) fn write(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        move |source| Self::Write {
            path: path.to_owned(),
            source,
        }
    }

    /// Returns `true` if the user must first change the content of the file.
    pub fn is_text_error(&self) -> bool {
        matches!(self, Self::Text { .. })
    }

    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::File(FileError::Symlink { .. }) => "name the file that the link leads to".to_owned(),
            Self::File(FileError::IsADirectory { .. } | FileError::NotAFile { .. }) => {
                "use a regular file".to_owned()
            }
            Self::File(error) => return error.hint(),
            Self::Dash => {
                "omit the option to print the secret to standard output; for a file named `-`, use `./-`".to_owned()
            }
            Self::NoName { .. } => "specify the path of a file, for example `./.env`".to_owned(),
            Self::NoDirectory { path } => {
                format!("check the path, or run `mkdir {}`", shell_word(path))
            }
            Self::HardLinks { path, .. } => format!(
                "use another file, or run `cp -p {0} {0}.new && mv {0}.new {0}`",
                shell_word(path)
            ),
            Self::MountPoint { .. } => {
                "use the file outside of the container, or mount its directory".to_owned()
            }
            Self::Immutable { path } => format!("run `sudo chattr -ia {}`", shell_word(path)),
            Self::OwnerLost { .. } => {
                "run the command as the file's owner, or with sudo".to_owned()
            }
            Self::NoPermissions { .. } => "use a file on another file system".to_owned(),
            Self::LockUnsupported { .. } => "use a file on a local disk".to_owned(),
            Self::Busy { .. } => "try again".to_owned(),
            Self::Text { source, .. } => text_hint(source).to_owned(),
            Self::Changed { .. } => "check the file, then run the command again".to_owned(),
            Self::Write { path, source } => return write_hint(source.kind(), path),
        })
    }
}

fn text_hint(error: &EnvTextError) -> &'static str {
    match error {
        EnvTextError::Utf16 => "save it as UTF-8",
        EnvTextError::CarriageReturn { .. } => {
            "save it with line feeds (LF), or with carriage return and line feed (CRLF)"
        }
        EnvTextError::Malformed { .. } => "put the value in single quotes, or delete the line",
        EnvTextError::SeveralLines { .. } | EnvTextError::InsideQuotes { .. } => {
            "move the variable to a line of its own, or use another file"
        }
        EnvTextError::Continued { .. } => {
            "remove the backslash, or put the value of that line in quotes"
        }
        EnvTextError::Unwritable { .. } => "omit --env-file to print the secret once",
    }
}

fn write_hint(kind: io::ErrorKind, path: &Path) -> Option<String> {
    use io::ErrorKind as Kind;
    let directory = path.parent().unwrap_or(path);
    match kind {
        Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge => {
            Some("free some disk space, or use a file on another file system".to_owned())
        }
        Kind::ReadOnlyFilesystem => Some("use a file on a writable file system".to_owned()),
        Kind::PermissionDenied => Some(format!(
            "check the permissions with `ls -ld {}`, or use another file",
            shell_word(directory)
        )),
        _ => None,
    }
}
