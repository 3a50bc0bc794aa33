//! Errors of commands that read a description of a service.

use std::path::PathBuf;

use crate::provider::AccessViolation;

#[derive(Debug, thiserror::Error)]
pub enum DescriptionError {
    #[error("cannot fetch {url}: expected an https URL")]
    Url { url: String },
    #[error("cannot fetch {url}: the server responded with status {status}")]
    Status { url: String, status: u16 },
    #[error("cannot read the document at {url}: it is not UTF-8 text")]
    NotText { url: String },
    #[error("cannot use `{name}`: found {count} {}, the first at {first}", if *count == 1 { "error" } else { "errors" })]
    Invalid {
        name: String,
        count: usize,
        first: String,
    },
    #[error("cannot use `{name}`: {violation}")]
    Origin {
        name: String,
        violation: AccessViolation,
    },
    #[error("{} already exists", path.display())]
    Exists { path: PathBuf },
}
