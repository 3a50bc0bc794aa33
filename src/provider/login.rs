//! How a user signs in by a service's own calls, and how such a session goes on.

use serde::Deserialize;

use super::ImportForm;

/// The sign-ins of a service's own; what is absent is refused without a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Logins {
    /// By a session that the service's own client keeps in a file.
    pub import: Option<ImportForm>,
}
