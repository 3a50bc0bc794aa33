//! A request to the token endpoint (RFC 6749 §3.2).

use super::AuthServer;
use super::client::Client;
use super::form::Form;

/// A request with an authenticated client.
pub(super) struct TokenRequest {
    pub(super) server: AuthServer,
    pub(super) client: Client,
    pub(super) issuer: String,
    pub(super) form: Form,
}
