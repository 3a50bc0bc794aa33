//! The OAuth 2.0 methods in which the user approves a login on a page of the server.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum InteractiveMethod {
    /// The device flow (RFC 8628).
    Device,
    /// The authorization code with a loopback redirect (RFC 8252).
    Browser,
}
