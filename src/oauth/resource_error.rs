//! Errors of discovering how to sign in to a protected resource.

use super::OauthError;
use crate::http::{HttpError, StatusCode};

/// The reason why a sign-in to a resource cannot start. Texts from servers are one line without control characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResourceError {
    /// No metadata (RFC 9728 §3), and no challenge that names it.
    #[error(
        "{resource} does not describe how to sign in (HTTP {} without a credential): {tried}",
        status.as_u16()
    )]
    NoMetadata {
        resource: String,
        /// The status of a request without a credential.
        status: StatusCode,
        /// The addresses, and the error of each.
        tried: String,
    },
    /// The challenge names a URL that must not be used.
    #[error(
        "the challenge of {resource} has an unusable URL in `resource_metadata`: \"{address}\" (expected https, or http on loopback)"
    )]
    UnusableMetadataUrl { resource: String, address: String },
    /// The metadata is about another resource and is not used (RFC 9728 §3.3).
    #[error("the metadata of {expected} is about another resource: `{found}`")]
    Mismatch { expected: String, found: String },
    #[error("the metadata of {resource} lists no authorization server")]
    NoServer { resource: String },
    /// The user must choose.
    #[error("{resource} accepts tokens of several authorization servers: {}", servers.join(", "))]
    SeveralServers {
        resource: String,
        servers: Vec<String>,
    },
    /// The named server is not one of those that the resource lists.
    #[error("{resource} does not accept tokens of {issuer}, but of {}", servers.join(", "))]
    UnlistedServer {
        resource: String,
        issuer: String,
        servers: Vec<String>,
    },
    /// No client id is known, and the server does not accept an unknown client.
    #[error("{issuer} requires a client that is registered there")]
    NoClient {
        issuer: String,
        /// Whether the server accepts the URL of a document about the client.
        accepts_documents: bool,
    },
    #[error("cannot register a client at {issuer}")]
    Registration {
        issuer: String,
        source: Box<OauthError>,
    },
    /// The stored client id belongs to another server (RFC 9728 §7.6).
    #[error("{resource} uses another authorization server now: {new} instead of {old}")]
    ServerChanged {
        resource: String,
        old: String,
        new: String,
    },
    /// The configured client could belong to another server.
    #[error("{resource} names {issuer}, which the configured client is not known to belong to")]
    UnnamedServer { resource: String, issuer: String },
    /// The redirect of a browser login is what a client is registered with.
    #[error("the device flow cannot be used to sign in to {resource}")]
    NoDeviceFlow { resource: String },
    #[error(transparent)]
    Oauth(#[from] OauthError),
}

impl From<HttpError> for ResourceError {
    fn from(error: HttpError) -> Self {
        Self::Oauth(error.into())
    }
}
