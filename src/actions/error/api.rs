//! Errors of `api`.

use std::io;
use std::path::PathBuf;

use crate::domain::{BaseUrl, Origin};

/// A request that cannot be made, or a list that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ApiCallError {
    /// The URL is not shown beyond its origin.
    #[error(
        "the URL is at {found}, but the credential of profile \"{profile}\" belongs to {origin}"
    )]
    ForeignUrl {
        found: String,
        origin: Origin,
        profile: String,
    },
    #[error("the path leads above the API base URL {base}")]
    PathAboveBase { base: BaseUrl },
    #[error("the path is not valid")]
    InvalidPath,
    #[error("the method must be a word such as GET or POST, but not CONNECT or TRACE")]
    InvalidMethod,
    #[error("expected a header of the form \"Name: value\"")]
    InvalidHeader,
    #[error("the header \"{name}\" cannot be set: {reason}")]
    HeaderNotAllowed { name: String, reason: &'static str },
    #[error("expected a field of the form KEY=VALUE")]
    InvalidField,
    #[error("the field \"{key}\" is set twice, with values that do not fit together")]
    ConflictingField { key: String },
    #[error("cannot read {}", if path.as_os_str() == "-" { "stdin".to_owned() } else { crate::files::quote_path(path) })]
    Input {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    #[error(
        "the service rejected the credential, which was refreshed since; the request cannot be sent again, because its \
         body came from stdin or a pipe"
    )]
    BodyNotRepeatable,
    #[error("--paginate requires the method GET")]
    NotAList,
    #[error("the response is not valid JSON")]
    NotJson,
    #[error("the response has no list, or more than one")]
    NoItems,
    #[error("{0}")]
    MalformedPage(&'static str),
    #[error("the list has more than {limit} pages")]
    TooManyPages { limit: u64 },
}

impl ApiCallError {
    /// Returns true if nothing was sent because of what the user wrote.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::ForeignUrl { .. }
            | Self::PathAboveBase { .. }
            | Self::InvalidPath
            | Self::InvalidMethod
            | Self::InvalidHeader
            | Self::HeaderNotAllowed { .. }
            | Self::InvalidField
            | Self::ConflictingField { .. }
            | Self::NotAList => true,
            Self::Input { .. }
            | Self::BodyNotRepeatable
            | Self::NotJson
            | Self::NoItems
            | Self::MalformedPage(_)
            | Self::TooManyPages { .. } => false,
        }
    }

    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::ForeignUrl { .. } => "choose the profile of that server with --profile",
            Self::PathAboveBase { .. } => {
                "give the whole URL if you mean another path of the server"
            }
            Self::InvalidPath => "expected a path such as /api/tokens/, or a URL of the service",
            Self::InvalidField => {
                "a field of a nested object is KEY[NAME]=VALUE, an item of a list KEY[]=VALUE"
            }
            Self::BodyNotRepeatable => {
                "run the command again; a file given with --input FILE can be sent twice"
            }
            Self::NoItems => "leave out --paginate, and select the list with --jq",
            Self::TooManyPages { .. } => "allow more with --max-pages N",
            _ => return None,
        })
    }
}
