//! Errors of passing the credential to other programs.

use std::io;

use super::{ActionError, CiError};

#[derive(Debug, thiserror::Error)]
pub enum ExecError {
    #[error("{service} has no variable for an API key")]
    NoVariable { service: String },
    #[error("{service} has no variable for its URL")]
    NoUrlVariable { service: String },
    #[error("the variable {0} is named twice")]
    DuplicateVariable(String),
    #[error("this program already runs with the credential of profile \"{profile}\"")]
    Nested { profile: String },
    #[error("cannot create a memory file for the credential")]
    MemoryFile(#[source] io::Error),
    #[error(transparent)]
    Ci(#[from] CiError),
}

impl From<CiError> for ActionError {
    fn from(error: CiError) -> Self {
        Self::Exec(error.into())
    }
}
