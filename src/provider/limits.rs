//! What a service takes in a new token, so that a mistake is told before anything is sent.

use serde::Deserialize;

/// The documented limits of a new token; what is left out is for the service to judge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CreateLimits {
    /// Its name.
    pub name: Option<NameLimit>,
    /// Permanent or temporary.
    pub permanent: Option<PermanentLimit>,
    /// What it may do.
    pub permissions: ListLimit,
    /// On what.
    pub scopes: ListLimit,
    /// Its lifetime.
    pub expires_in_days: Option<DayLimit>,
    /// How many there can be; told when the service refuses another one.
    pub at_most: Option<Quota>,
}

/// How long a name may be, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameLimit {
    /// At most this many.
    pub longest: usize,
}

/// What is sent when the user does not say, and what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermanentLimit {
    /// Permanent or not.
    pub default: bool,
    /// How many seconds a temporary one lives, where the answer to its making does not say.
    pub lifetime: Option<u32>,
}

/// The words that a list may hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListLimit {
    /// These alone; empty where any word will do.
    pub allowed: Vec<String>,
    /// At least one is needed.
    pub required: bool,
    /// What is sent when the user does not say; empty for nothing.
    pub default: Vec<String>,
}

/// How many days a token may live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayLimit {
    /// At least this many.
    pub least: u32,
    /// At most this many.
    pub most: u32,
    /// What is sent when the user does not say; left out for nothing.
    pub default: Option<u32>,
}

/// How many tokens there can be at once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// This many.
    pub count: u32,
    /// Which ones count.
    pub of: QuotaScope,
    /// Of whom: `account`, `account or space`.
    pub per: String,
}

/// Which tokens count towards a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaScope {
    /// All that work.
    Active,
    /// Those without an end.
    Permanent,
}
