//! Values that the calls of a service need besides a credential, such as the name of the user or an organisation.

use serde::Deserialize;

use super::Pointers;

/// Where the value of `{parameter:NAME}` comes from: the account, or the user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Parameter {
    pub from: Option<ParameterSource>,
    /// The value in the response to `from`.
    pub at: Pointers,
    /// What the user is asked for.
    pub label: Option<String>,
    /// The environment variable with the value.
    pub environment: Option<String>,
}

/// The call whose response has a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ParameterSource {
    Whoami,
}

impl Parameter {
    /// Returns `true` if the service reports the value.
    pub fn is_reported(&self) -> bool {
        self.from.is_some()
    }

    /// Returns `true` for a name that a placeholder and a setting can have.
    pub fn is_valid_name(name: &str) -> bool {
        let is_inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_inside)
    }
}
