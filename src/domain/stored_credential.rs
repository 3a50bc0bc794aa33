//! A credential as it is kept at rest, with everything it is bound to.

use jiff::Timestamp;
use url::Url;

use super::{Credential, Expiry, Origin, ProviderId, Scopes, Secret};

/// The OAuth2 server a session came from; its refresh token goes nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthServer {
    /// The issuer (RFC 8414 §2), or the origin of the endpoints where a description gives them without one.
    pub issuer: String,
    /// The public client that signed in.
    pub client_id: String,
    /// Where the refresh token is used.
    pub token_endpoint: Url,
    /// Where tokens are revoked (RFC 7009), when the server can.
    pub revocation_endpoint: Option<Url>,
}

/// A credential at rest. It describes itself, so that no other file can redirect it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCredential {
    /// The service it belongs to.
    pub provider: ProviderId,
    /// The only origin it is sent to.
    pub origin: Origin,
    /// What requests carry.
    pub credential: Credential,
    /// What renews it.
    pub refresh_token: Option<Secret>,
    /// The OAuth2 server behind it; `None` for keys and for services with a login of their own.
    pub oauth_server: Option<OAuthServer>,
    /// How long it lives.
    pub expiry: Expiry,
    /// What was granted.
    pub scopes: Scopes,
    /// Who signed in, as far as the login told.
    pub account: Option<String>,
    /// The service's own id of this credential, where the login told it (NeuroIO deletes its login token by id).
    pub token_id: Option<String>,
}

impl StoredCredential {
    /// When it ends, if it does.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expiry.expires_at
    }

    /// The origin of the server that handed it out, as URLs have it.
    pub fn issuer_origin(&self) -> String {
        let endpoint = self.oauth_server.as_ref().map(|it| &it.token_endpoint);
        endpoint.map_or_else(
            || self.origin.to_string(),
            |endpoint| endpoint.origin().ascii_serialization(),
        )
    }

    /// Whether it can be renewed without the user.
    pub fn is_refreshable(&self) -> bool {
        self.refresh_token.is_some()
    }
}
