//! Which permission or scope a request of the service needs, from its documentation.

use serde::Deserialize;

use crate::domain::RequestPattern;

/// A right that some requests need. A request needs the rights of every entry that matches it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestNeed {
    pub requests: Vec<RequestPattern>,
    pub permission: Option<String>,
    pub scope: Option<String>,
}

impl RequestNeed {
    /// Returns `true` if each of the recorded requests needs the right.
    pub fn covers(&self, method: &str, path: &str) -> bool {
        self.requests.iter().any(|it| it.covers(method, path))
    }

    /// Returns `true` if one of the recorded requests may need the right.
    pub fn overlaps(&self, method: &str, path: &str) -> bool {
        self.requests.iter().any(|it| it.overlaps(method, path))
    }
}
