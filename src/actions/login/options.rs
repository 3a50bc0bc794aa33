//! The options of a login.

use crate::domain::{Scopes, Secret};
use crate::host::CallbackAddress;
use crate::vault::Storage;

#[derive(Debug, Clone, Default)]
pub struct LoginOptions {
    pub issuer: Option<String>,
    pub client_id: Option<String>,
    pub client_secret: Option<Secret>,
    /// RFC 8707. Without a known issuer, the authorization server is discovered from it (RFC 9728).
    pub resource: Option<String>,
    /// Whether `resource` is not sent, for servers that refuse it.
    pub omits_resource_parameter: bool,
    /// Which of the authorization servers of the resource to use.
    pub authorization_server: Option<String>,
    pub audience: Option<String>,
    /// Replaces the default scopes of the service.
    pub scopes: Scopes,
    pub open_browser: bool,
    /// Where a browser login receives its response.
    pub callback: CallbackAddress,
    /// Replaces the configured storage.
    pub storage: Option<Storage>,
}
