//! The facts of a token that a rotation must not widen: what it may do, and for how long.

use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenFact {
    /// The lifetime.
    Expiry,
    /// The resources that it may access.
    Scopes,
    /// The actions that it may perform.
    Permissions,
    /// Permanent or temporary.
    Kind,
}

impl TokenFact {
    /// In the order in which messages list them.
    pub const ALL: [Self; 4] = [Self::Expiry, Self::Scopes, Self::Permissions, Self::Kind];

    /// Returns the value for `--accept-changes`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Expiry => "expiry",
            Self::Scopes => "scopes",
            Self::Permissions => "permissions",
            Self::Kind => "kind",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.name() == name)
    }
}
