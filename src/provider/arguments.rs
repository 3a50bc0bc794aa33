//! The arguments of calls, and the encoding of bodies.

use serde::Deserialize;

use super::Placeholder;

/// The encoding of a request body.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// `application/json`.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

/// The value of a field in the create request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CreateArgument {
    Name,
    /// `--permanent` or `--temporary`, as a boolean.
    Permanent,
    /// Each `--permission`.
    Permissions,
    /// Each `--scope`.
    Scopes,
    /// `--expires-in`.
    #[serde(rename = "expires_in_days")]
    Expiry,
}

impl CreateArgument {
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::Permanent,
        Self::Permissions,
        Self::Scopes,
        Self::Expiry,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Permanent => "kind",
            Self::Permissions => "list of permissions",
            Self::Scopes => "list of scopes",
            Self::Expiry => "lifetime",
        }
    }

    pub fn of(placeholder: &Placeholder) -> Option<Self> {
        match placeholder {
            Placeholder::Name => Some(Self::Name),
            Placeholder::Permanent => Some(Self::Permanent),
            Placeholder::Permissions => Some(Self::Permissions),
            Placeholder::Scopes => Some(Self::Scopes),
            Placeholder::Expires(_) => Some(Self::Expiry),
            Placeholder::Id
            | Placeholder::Active
            | Placeholder::Username
            | Placeholder::Password
            | Placeholder::Otp
            | Placeholder::RefreshToken
            | Placeholder::Key
            | Placeholder::Parameter(_) => None,
        }
    }
}

/// The value of a field in the login request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LoginArgument {
    Username,
    Password,
}
