//! Errors of importing a session.

use std::path::PathBuf;

use crate::files::FileError;

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("no session of another {service} client found")]
    NotFound {
        service: String,
        searched: Vec<PathBuf>,
    },
    /// The description names a file outside the service's own directories, which is read only if the user names it.
    #[error("\"{}\" is outside the directories of {service}", path.display())]
    OutsideServiceDirectory { service: String, path: PathBuf },
    /// The sandbox must not receive a real session.
    #[error("cannot import a session of the real {service} into the sandbox")]
    Sandbox { service: String },
    #[error(
        "the description of {service} does not name the client and the token endpoint of the session"
    )]
    MissingOauthDescription { service: String },
    /// A relative path would name another file in each directory.
    #[error(
        "the path in {variable} is relative; write an absolute path, or one that begins with ~/"
    )]
    RelativePath { variable: String },
    #[error(transparent)]
    File(#[from] FileError),
    #[error("cannot import a session from \"{}\": {what}", path.display())]
    Malformed {
        path: PathBuf,
        /// Contains none of the file's text.
        what: String,
    },
    #[error("the session in \"{}\" has expired and cannot be refreshed", path.display())]
    Expired { path: PathBuf },
}
