//! The options of a login.

use crate::domain::{AssertionAudience, ClientRegistration, Scopes, Secret};
use crate::host::CallbackAddress;
use crate::vault::Storage;

/// A private key of the OAuth client (RFC 7523 §2.2).
#[derive(Debug, Clone)]
pub struct NamedClientKey {
    /// PEM or a JWK.
    pub text: Secret,
    /// Replaces the `kid` of a JWK.
    pub key_id: Option<String>,
    pub audience: AssertionAudience,
}

#[derive(Debug, Clone, Default)]
pub struct LoginOptions {
    pub issuer: Option<String>,
    pub client_id: Option<String>,
    pub client_secret: Option<Secret>,
    /// The server that the user typed the secret for.
    pub secret_issuer: Option<String>,
    /// Replaces the client secret.
    pub client_key: Option<NamedClientKey>,
    /// The client that this program registered; for a server at which no other is known.
    pub registration: Option<ClientRegistration>,
    /// RFC 8707. Without a known issuer, the authorization server is discovered from it (RFC 9728).
    pub resource: Option<String>,
    /// Whether `resource` is not sent, for servers that refuse it.
    pub omits_resource_parameter: bool,
    /// Which of the authorization servers of the resource to use.
    pub authorization_server: Option<String>,
    /// Whether the authorization server may be discovered from the resource: not for a login without a page.
    pub may_discover: bool,
    pub audience: Option<String>,
    /// Replaces the default scopes of the service.
    pub scopes: Scopes,
    /// Requested in addition, and kept if the server does not list them: the login extends the stored session.
    pub added_scopes: Scopes,
    pub should_open_browser: bool,
    /// Where a browser login receives its response.
    pub callback: CallbackAddress,
    /// Replaces the configured storage.
    pub storage: Option<Storage>,
}
