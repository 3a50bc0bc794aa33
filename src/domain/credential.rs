//! What a request is authorised with.

use serde::{Deserialize, Serialize};

use super::Secret;

/// The kinds of credential the services know; each has its own header and scheme in a service's description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// A long-lived key or personal access token made for programs.
    ApiKey,
    /// What a password login returns; ends at logout.
    SessionToken,
    /// A short-lived OAuth2 or JWT access token.
    AccessToken,
    /// A web session's cookie.
    Cookie,
}

impl CredentialKind {
    /// The name that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::ApiKey => "API key",
            Self::SessionToken => "session token",
            Self::AccessToken => "access token",
            Self::Cookie => "session cookie",
        }
    }
}

/// A secret and what kind of credential it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Decides the header and scheme.
    pub kind: CredentialKind,
    /// The token, key or cookie itself.
    pub secret: Secret,
}
