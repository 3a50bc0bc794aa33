//! Why an env file cannot be used. The hints are about that file, not about the program's own directories.

use std::io;
use std::path::{Path, PathBuf};

use crate::domain::sanitize_line;
use crate::files::{FileError, shell_word};

/// Text of an env file that is not edited, because readers disagree about it. No variant holds a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvTextError {
    /// UTF-16, as some editors write it.
    #[error("it is UTF-16 text, which programs do not read as an env file")]
    Utf16,
    /// A carriage return that does not end a line together with a line feed.
    #[error("line {line} has a carriage return without a line feed")]
    CarriageReturn {
        /// The line, counted from 1.
        line: usize,
    },
    /// A line that sets the variable, and cannot be parsed.
    #[error("line {line}, which sets {variable}, is malformed")]
    Malformed {
        /// The line, counted from 1.
        line: usize,
        /// The variable.
        variable: String,
    },
    /// A value in quotes that goes on in the next line.
    #[error("the value of {variable} in line {line} spans several lines, and a key is one line")]
    SeveralLines {
        /// The line, counted from 1.
        line: usize,
        /// The variable.
        variable: String,
    },
    /// A line that some readers take for a part of another variable's value.
    #[error(
        "line {line}, which sets {variable}, is inside the quoted value that begins in line {opened}"
    )]
    InsideQuotes {
        /// The line, counted from 1.
        line: usize,
        /// The variable.
        variable: String,
        /// Where the other value begins.
        opened: usize,
    },
    /// A line below one that ends with a backslash, which shells join.
    #[error(
        "{variable} cannot be set below line {from}, which ends with a backslash: shells join the two lines"
    )]
    Continued {
        /// The line with the backslash, counted from 1.
        from: usize,
        /// The variable.
        variable: String,
    },
    /// A value that an env file cannot hold in one line.
    #[error("the value of {variable} does not fit in one line")]
    Unwritable {
        /// The variable.
        variable: String,
    },
}

/// An env file that cannot be read or written. It is then as it was.
#[derive(Debug, thiserror::Error)]
pub enum EnvFileError {
    /// The file or its directory is not what it must be.
    #[error(transparent)]
    File(#[from] FileError),
    /// `-`, which other programs take for standard output.
    #[error("`-` is not a file")]
    Dash,
    /// The path has no file name, or one that is not UTF-8.
    #[error("{} does not name a file", shown(path))]
    NoName {
        /// The path.
        path: PathBuf,
    },
    /// The directory does not exist; it is not created, because the path may be mistyped.
    #[error("the directory {} does not exist", shown(path))]
    NoDirectory {
        /// The directory.
        path: PathBuf,
    },
    /// Another name of the file would keep the old content.
    #[error(
        "{} has {links} hard links, and the others would keep the old content",
        shown(path)
    )]
    HardLinks {
        /// The file.
        path: PathBuf,
        /// How many names it has.
        links: u64,
    },
    /// A file on which another file system is mounted, as containers do with single files.
    #[error("{} is a mount point, and cannot be replaced", shown(path))]
    MountPoint {
        /// The file.
        path: PathBuf,
    },
    /// `chattr +i` or `+a`.
    #[error("{} is immutable or append-only", shown(path))]
    Immutable {
        /// The file.
        path: PathBuf,
    },
    /// The file's owner or group cannot be given to the file that replaces it.
    #[error("cannot keep the owner and group ({user}:{group}) of {}", shown(path))]
    OwnerLost {
        /// The file.
        path: PathBuf,
        /// The owner's user id.
        user: u32,
        /// The group id.
        group: u32,
        /// What the system reported.
        source: io::Error,
    },
    /// The file system keeps no permissions, so that nothing on it can be private.
    #[error("the file system of {} keeps no permissions", shown(path))]
    NoPermissions {
        /// The file.
        path: PathBuf,
    },
    /// Another process held the lock for too long.
    #[error("another process is writing to the directory of {}", shown(path))]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The file system has no locks; without them two processes overwrite each other's changes.
    #[error("the file system of {} has no file locks", shown(path))]
    LockUnsupported {
        /// The file.
        path: PathBuf,
        /// What the system reported.
        source: io::Error,
    },
    /// The text is not edited.
    #[error("cannot edit {}: {source}", shown(path))]
    Text {
        /// The file.
        path: PathBuf,
        /// Why.
        source: EnvTextError,
    },
    /// Another process has changed the variable, or exchanged the file.
    #[error("{} was changed by another process meanwhile", shown(path))]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The system refused.
    #[error("cannot write {}", shown(path))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system reported.
        source: io::Error,
    },
}

impl EnvFileError {
    /// Turns an I/O error into one that names the file.
    pub(super) fn write(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        move |source| Self::Write {
            path: path.to_owned(),
            source,
        }
    }

    /// Returns `true` if the content of the file has to be changed by the user first.
    pub fn is_text_error(&self) -> bool {
        matches!(self, Self::Text { .. })
    }

    /// Returns what to do about it.
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
