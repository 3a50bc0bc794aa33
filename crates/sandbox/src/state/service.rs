//! The description of a service.

use axum::Router;

use super::Sandbox;

pub(crate) struct Service {
    /// Stored in the database; must never change.
    pub(crate) id: &'static str,
    /// Shown on pages.
    pub(crate) title: &'static str,
    /// Path prefix: empty, or a slash and a name.
    pub(crate) prefix: &'static str,
    /// The registered OAuth client, for services with an OAuth server.
    pub(crate) registration: Option<Registration>,
    pub(crate) api: fn(Sandbox) -> Router,
    /// Statements that create its tables.
    pub(crate) schema: &'static [&'static str],
    /// Statements that delete expired rows; `?1` is the current time.
    pub(crate) delete_expired: &'static [&'static str],
}

/// The registered public client of a service.
pub(crate) struct Registration {
    pub(crate) client_id: &'static str,
    /// Shown on the consent page.
    pub(crate) client_name: &'static str,
    /// The allowed scopes, each with its description on the consent page.
    pub(crate) scopes: &'static [(&'static str, &'static str)],
    /// The description of access that no scope restricts.
    pub(crate) unrestricted: &'static str,
}
