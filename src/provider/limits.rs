//! The documented limits of new tokens: an invalid value is rejected before a request is sent. What a description omits is
//! left to the service.

use serde::Deserialize;

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CreateLimits {
    pub name: Option<NameLimit>,
    pub permanent: Option<PermanentLimit>,
    pub permissions: ListLimit,
    pub scopes: ListLimit,
    pub expires_in_days: Option<DayLimit>,
    /// Mentioned when the service rejects another token.
    pub at_most: Option<Quota>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NameLimit {
    /// The maximum number of characters.
    pub longest: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PermanentLimit {
    /// Sent if the user chooses neither kind.
    pub default: bool,
    /// The lifetime of a temporary token in seconds, if the response to its creation does not report it.
    pub lifetime: Option<u32>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ListLimit {
    /// Empty if any value is allowed.
    pub allowed: Vec<String>,
    pub required: bool,
    /// Sent if the user names none; nothing is sent if it is empty.
    pub default: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DayLimit {
    pub least: u32,
    pub most: u32,
    /// Sent if the user names no lifetime.
    pub default: Option<u32>,
}

/// The maximum number of tokens at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Quota {
    pub count: u32,
    pub of: QuotaScope,
    /// For the message: `account`, `account or space`.
    pub per: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum QuotaScope {
    /// All active tokens.
    Active,
    /// Tokens without an expiry.
    Permanent,
}
