//! Errors of the project file.

use std::path::PathBuf;

use crate::host::ProjectError;

#[derive(Debug, thiserror::Error)]
pub enum RoutingError {
    #[error("\"{}\" names profile \"{name}\", which does not exist", path.display())]
    NoSuchProfile {
        path: PathBuf,
        name: String,
        known: Vec<String>,
    },
    /// The command needs a credential, and the directory is declared local.
    #[error("this directory is declared local (\"{}\"): no credential is used here", path.display())]
    Local { path: PathBuf },
    #[error(transparent)]
    File(#[from] ProjectError),
}
