//! Errors of env files. The hints are about the env file, not about this program's own directories.

use std::io;
use std::path::{Path, PathBuf};

use crate::domain::sanitize_line;
use crate::files::{FileError, shell_word};

/// Text that is not edited, because readers disagree about it. No variant contains a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvTextError {
    #[error("it is UTF-16 text, which programs do not read as an env file")]
    Utf16,
    /// A carriage return without a line feed after it.
    #[error("line {line} has a carriage return without a line feed")]
    CarriageReturn { line: usize },
    #[error("line {line}, which sets {variable}, is malformed")]
    Malformed { line: usize, variable: String },
    #[error("the value of {variable} in line {line} spans several lines, and a key is one line")]
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
    #[error("{} does not name a file", shown(path))]
    NoName { path: PathBuf },
    /// The directory does not exist. It is not created, because the path may be mistyped.
    #[error("the directory {} does not exist", shown(path))]
    NoDirectory { path: PathBuf },
    /// The other links would keep the old content.
    #[error(
        "{} has {links} hard links, and the others would keep the old content",
        shown(path)
    )]
    HardLinks { path: PathBuf, links: u64 },
    /// Containers mount single files like this.
    #[error("{} is a mount point, and cannot be replaced", shown(path))]
    MountPoint { path: PathBuf },
    /// `chattr +i` or `+a`.
    #[error("{} is immutable or append-only", shown(path))]
    Immutable { path: PathBuf },
    /// The replacement cannot get the file's owner or group.
    #[error("cannot keep the owner and group ({user}:{group}) of {}", shown(path))]
    OwnerLost {
        path: PathBuf,
        user: u32,
        group: u32,
        source: io::Error,
    },
    /// The file system ignores `chmod`, so nothing on it can be private.
    #[error("the file system of {} keeps no permissions", shown(path))]
    NoPermissions { path: PathBuf },
    #[error("another process is writing to the directory of {}", shown(path))]
    Busy { path: PathBuf },
    /// The file system has no locks. Without them, two processes overwrite each other's changes.
    #[error("the file system of {} has no file locks", shown(path))]
    LockUnsupported { path: PathBuf, source: io::Error },
    #[error("cannot edit {}: {source}", shown(path))]
    Text { path: PathBuf, source: EnvTextError },
    #[error("{} was changed by another process meanwhile", shown(path))]
    Changed { path: PathBuf },
    #[error("cannot write {}", shown(path))]
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

    /// Returns how to fix the problem.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::File(error) => return error.hint(),
            Self::Dash => {
                "leave out --env-file to get the secret on standard output; for a file of this name write `./-`".to_owned()
            }
            Self::NoName { .. } => "name a file, for example `--env-file .env`".to_owned(),
            Self::NoDirectory { path } => {
                format!("check the path, or run `mkdir {}`", shell_word(path))
            }
            Self::HardLinks { path, .. } => format!(
                "name another file, or run `cp -p {0} {0}.new && mv {0}.new {0}`",
                shell_word(path)
            ),
            Self::MountPoint { .. } => {
                "name the file outside of the container, or mount its directory".to_owned()
            }
            Self::Immutable { path } => format!("run `sudo chattr -ia {}`", shell_word(path)),
            Self::OwnerLost { .. } => {
                "run the command as the file's owner, or with sudo".to_owned()
            }
            Self::NoPermissions { .. } => "name a file on another file system".to_owned(),
            Self::LockUnsupported { .. } => "name a file on a local disk".to_owned(),
            Self::Busy { .. } => "try again in a moment".to_owned(),
            Self::Text { source, .. } => text_hint(source).to_owned(),
            Self::Changed { .. } => "look at the file, then run the command again".to_owned(),
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
            "move the variable to a line of its own, or name another file"
        }
        EnvTextError::Continued { .. } => {
            "remove the backslash, or put the value of that line in quotes"
        }
        EnvTextError::Unwritable { .. } => "leave out --env-file: the secret is then shown once",
    }
}

fn write_hint(kind: io::ErrorKind, path: &Path) -> Option<String> {
    use io::ErrorKind as Kind;
    let directory = path.parent().unwrap_or(path);
    match kind {
        Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge => Some(
            "free some space on the file system of the env file, or name a file elsewhere"
                .to_owned(),
        ),
        Kind::ReadOnlyFilesystem => {
            Some("name a file on a file system that can be written".to_owned())
        }
        Kind::PermissionDenied => Some(format!(
            "see who may write with `ls -ld {}`, or name another file",
            shell_word(directory)
        )),
        _ => None,
    }
}

fn shown(path: &Path) -> String {
    format!("`{}`", sanitize_line(&path.to_string_lossy()))
}
