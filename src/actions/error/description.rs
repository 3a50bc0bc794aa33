//! Errors of commands that read a description of a service.

use std::path::PathBuf;

use crate::domain::{ProviderId, format_count};
use crate::provider::AccessViolation;

#[derive(Debug, thiserror::Error)]
pub enum DescriptionError {
    #[error("cannot fetch {url}: expected an https URL without a user name")]
    Url { url: String },
    #[error("cannot fetch {url}: the server responded with status {status}")]
    Status { url: String, status: u16 },
    #[error("cannot read the document at {url}: it is not UTF-8 text")]
    NotText { url: String },
    #[error("cannot use `{name}`: found {}, the first at {first}", format_count(*count, "error"))]
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
    /// `provider new --output` overwrites nothing.
    #[error("{} already exists", path.display())]
    Overwrite { path: PathBuf },
    #[error("cannot send requests for `{name}`: the description is not added")]
    NotAdded { name: String },
    #[error("profile \"{profile}\" is not a profile of \"{id}\"")]
    OtherProfile { profile: String, id: ProviderId },
    /// Ends a call whose request is only recorded.
    #[error("the request was not sent")]
    NotSent,
    #[error("cannot use `{name}` as an OpenAPI document: {reason}")]
    NotOpenApi { name: String, reason: String },
}
