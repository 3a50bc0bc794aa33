//! Errors of configuring other programs.

use std::io;
use std::path::PathBuf;

use crate::domain::Origin;
use crate::files::{FileError, quote_path};
use crate::vault::EnvFileError;

/// An error of `helper install` or `helper uninstall`. Nothing of the failed step was changed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// A setting of another program, or of the user.
    #[error("{place} has another setting for {subject}")]
    Taken {
        place: String,
        subject: String,
        /// What the user may write there instead.
        wanted: String,
    },
    #[error("profile \"{profile}\" already gives {program} the credential for {host}")]
    OtherProfile {
        program: &'static str,
        host: Origin,
        profile: String,
    },
    #[error("{program} asks for https servers only")]
    HttpsOnly { program: &'static str },
    #[error("{} is malformed", quote_path(path))]
    Malformed { path: PathBuf },
    #[error("cannot read the configuration")]
    Read(#[source] FileError),
    #[error("cannot change the configuration")]
    Write(#[source] EnvFileError),
    #[error("cannot change the link {}", quote_path(path))]
    Link { path: PathBuf, source: FileError },
    #[error("{} exists and is not a link to this program", quote_path(path))]
    NotOwnLink { path: PathBuf },
    /// Cargo names registries, and a credential provider belongs to one of them.
    #[error("no registry in {} has its index at {host}", quote_path(path))]
    NoRegistry {
        path: PathBuf,
        host: Origin,
        setting: String,
    },
    #[error("no server is known: profile \"{profile}\" has no API base URL")]
    NoServer { profile: String },
    #[error("{program} starts its helper without arguments, so that it cannot select the sandbox")]
    Sandbox { program: &'static str },
    #[error("{program} splits its setting at spaces, and the path of this program contains one")]
    Space { program: &'static str },
    #[error("{program} is not installed")]
    NotInstalled { program: &'static str },
    #[error("{program} does not start")]
    Start {
        program: &'static str,
        source: io::Error,
    },
    #[error("{program} failed: {message}")]
    Failed {
        program: &'static str,
        message: String,
    },
    #[error("cannot find the home directory: HOME is not set")]
    NoHome,
}
