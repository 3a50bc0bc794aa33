//! Errors of passing the credential to later steps of a CI job.

use std::io;

use crate::domain::CiPlatform;
use crate::files::{FileError, quote_path};

#[derive(Debug, thiserror::Error)]
pub enum CiError {
    #[error("{option} works only in a job of {} ({} is not true)", platform.label(), platform.variable())]
    NotInJob {
        option: &'static str,
        platform: CiPlatform,
    },
    #[error("the runner has not set {0} to the path of a file")]
    NoFile(&'static str),
    #[error("cannot use the file of {variable}")]
    File {
        variable: &'static str,
        source: FileError,
    },
    #[error("cannot append to {}", quote_path(path))]
    Append {
        path: std::path::PathBuf,
        source: io::Error,
    },
    /// GitLab does not support quotation marks in such a file.
    #[error("the value has characters that a dotenv report cannot contain")]
    NotPlain,
}
