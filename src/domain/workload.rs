//! How a workload gets tokens for the identity that its platform gives it: the settings, which contain no secret.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Scopes;

/// The grant that exchanges the identity for an access token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkloadGrant {
    /// RFC 8693.
    #[default]
    TokenExchange,
    /// RFC 7523 §2.1.
    JwtBearer,
}

impl WorkloadGrant {
    pub fn name(self) -> &'static str {
        match self {
            Self::TokenExchange => "token-exchange",
            Self::JwtBearer => "jwt-bearer",
        }
    }
}

/// What the identity is (RFC 8693 §3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectTokenType {
    #[default]
    Jwt,
    IdToken,
    AccessToken,
}

impl SubjectTokenType {
    pub fn name(self) -> &'static str {
        match self {
            Self::Jwt => "jwt",
            Self::IdToken => "id_token",
            Self::AccessToken => "access_token",
        }
    }

    /// Returns the identifier of RFC 8693 §3.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Jwt => "urn:ietf:params:oauth:token-type:jwt",
            Self::IdToken => "urn:ietf:params:oauth:token-type:id_token",
            Self::AccessToken => "urn:ietf:params:oauth:token-type:access_token",
        }
    }
}

/// The settings of an exchange, with which it can be repeated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkloadIdentity {
    pub grant: WorkloadGrant,
    pub subject_token_type: SubjectTokenType,
    /// The file with the token, if it is not requested from the platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_token_file: Option<PathBuf>,
    /// The audience of the token; the issuer of the access token if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_token_audience: Option<String>,
    /// The scopes that each exchange requests; the server may grant others.
    #[serde(skip_serializing_if = "Scopes::is_empty")]
    pub scopes: Scopes,
}
