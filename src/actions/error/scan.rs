//! Errors of searching for keys.

use std::io;
use std::path::PathBuf;

use crate::domain::ProfileName;
use crate::files::{FileError, quote_path};
use crate::host::GitError;
use crate::vault::EnvFileError;

#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    #[error("cannot read the repository: {0}")]
    Git(#[from] GitError),
    #[error("not a git repository: \"{}\"", crate::domain::sanitize_line(&directory.to_string_lossy()))]
    NotARepository { directory: PathBuf },
    #[error("\"{0}\" is not a range of commits")]
    Range(String),
    /// The message names the path.
    #[error("{0}")]
    Read(io::Error),
    /// A path that the user named. The message names it.
    #[error("{0}")]
    Path(io::Error),
    #[error("cannot read the baseline")]
    Baseline(#[source] FileError),
    #[error(
        "line {line} of the baseline {} does not begin with a fingerprint",
        quote_path(path)
    )]
    MalformedBaseline { path: PathBuf, line: usize },
    #[error("cannot write the baseline")]
    WriteBaseline(#[source] EnvFileError),
    #[error("cannot search for so many keys: {0}")]
    Rules(String),
    #[error("{} exists and was not installed by this program", quote_path(path))]
    OtherHook { path: PathBuf },
    #[error(
        "--api-url cannot be used with --verify and --revoke: it would receive the keys of all services"
    )]
    OneServer,
    #[error("the session of profile \"{profile}\" may still be valid: {reason}")]
    SessionNotRevoked {
        profile: ProfileName,
        reason: String,
    },
    #[error("the list does not show the id of its token")]
    NoTokenId,
    #[error("another issuer is configured for its service")]
    OtherIssuer,
    #[error(
        "the hooks directory {} does not exist and is outside of the repository",
        quote_path(path)
    )]
    HooksOutside { path: PathBuf },
    #[error("cannot change the hook")]
    Hook(#[source] EnvFileError),
    #[error("cannot change the hook {}", quote_path(path))]
    HookFile { path: PathBuf, source: io::Error },
}
