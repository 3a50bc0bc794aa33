//! What an OAuth client sends besides its id.

use jiff::Timestamp;

use super::Secret;

/// How a client secret is sent (RFC 6749 §2.3.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClientAuthMethod {
    /// In the `Authorization` header.
    Basic,
    /// In the form.
    #[default]
    Post,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSecret {
    pub value: Secret,
    pub method: ClientAuthMethod,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientParameters {
    /// `None` for a public client.
    pub secret: Option<ClientSecret>,
    /// The API that the tokens are for (RFC 8707).
    pub resource: Option<String>,
    /// The same, as Auth0 calls it.
    pub audience: Option<String>,
}

/// A client that this program registered at an authorization server (RFC 7591). It is used at no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRegistration {
    pub client_id: String,
    /// `None` for a public client.
    pub secret: Option<ClientSecret>,
    /// `None` if the secret does not expire.
    pub secret_expires_at: Option<Timestamp>,
    /// With the port: some servers compare the whole URI.
    pub redirect_uri: String,
}
