//! The secret that authorizes a request, and its kind.

use serde::{Deserialize, Serialize};

use super::Secret;

/// Each kind has its own header and scheme in a provider description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// A long-lived key or personal access token for programs.
    ApiKey,
    /// Returned by a password login; valid until logout.
    SessionToken,
    /// A short-lived OAuth 2.0 or JWT access token.
    AccessToken,
    /// The cookie of a web session.
    Cookie,
}

impl CredentialKind {
    pub const ALL: [Self; 4] = [
        Self::ApiKey,
        Self::SessionToken,
        Self::AccessToken,
        Self::Cookie,
    ];

    /// Returns the name in provider descriptions and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::SessionToken => "session_token",
            Self::AccessToken => "access_token",
            Self::Cookie => "cookie",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::ApiKey => "API key",
            Self::SessionToken => "session token",
            Self::AccessToken => "access token",
            Self::Cookie => "session cookie",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub kind: CredentialKind,
    pub secret: Secret,
}
