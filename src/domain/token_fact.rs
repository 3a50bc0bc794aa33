//! The facts of a token that decide what it may do, and for how long.

use serde::Serialize;

/// A fact that a rotation must not widen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenFact {
    /// How long it lives.
    Expiry,
    /// On what it may act.
    Scopes,
    /// What it may do.
    Permissions,
    /// Permanent or temporary.
    Kind,
}

impl TokenFact {
    /// Every fact, in the order in which messages list them.
    pub const ALL: [Self; 4] = [Self::Expiry, Self::Scopes, Self::Permissions, Self::Kind];

    /// The name that `--accept-changes` takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Expiry => "expiry",
            Self::Scopes => "scopes",
            Self::Permissions => "permissions",
            Self::Kind => "kind",
        }
    }

    /// The fact called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.name() == name)
    }
}
