//! A stored credential with everything that it is bound to. It carries its own origin and token endpoint, so that no other
//! file can redirect it to another server.

use jiff::Timestamp;
use url::Url;

use super::{
    BaseUrl, ClientParameters, Credential, Expiry, InteractiveMethod, Origin, ProviderId,
    RefreshMethod, ResourceUrl, Scopes, Secret,
};

/// The OAuth 2.0 server that issued a session. The refresh token is sent to no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthServer {
    /// The issuer (RFC 8414 §2), or the origin of the endpoints if the provider description names endpoints only.
    pub issuer: String,
    /// The client that the session was issued to.
    pub client_id: String,
    pub client: ClientParameters,
    /// The protected resource that the session was issued for (RFC 9728). The access token is sent to it only.
    pub protected_resource: Option<ResourceUrl>,
    pub token_endpoint: Url,
    /// The endpoint of RFC 7009; `None` if the server cannot revoke tokens.
    pub revocation_endpoint: Option<Url>,
    /// The endpoint of OpenID Connect Core §5.3. The access token is sent to it and to the API only.
    pub userinfo_endpoint: Option<Url>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCredential {
    pub provider: ProviderId,
    /// The only origin that it is sent to.
    pub origin: Origin,
    pub credential: Credential,
    pub refresh_token: Option<Secret>,
    /// How the next access token is obtained.
    pub refresh_method: RefreshMethod,
    /// `None` for API keys and for services with a login of their own.
    pub oauth_server: Option<OAuthServer>,
    pub expiry: Expiry,
    /// The scopes that were granted.
    pub scopes: Scopes,
    /// The account that signed in, if the response named it.
    pub account: Option<String>,
    /// The `sub` of the ID token. The ID token itself is not kept.
    pub subject: Option<String>,
    /// How the user approved the session, which later logins of the same session repeat.
    pub login_method: Option<InteractiveMethod>,
    /// The service's own id of this credential: NeuroIO deletes its login token by id.
    pub token_id: Option<String>,
}

impl StoredCredential {
    /// Returns the credential and its refresh token.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        [&self.credential.secret]
            .into_iter()
            .chain(self.refresh_token.as_ref())
    }

    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expiry.expires_at
    }

    /// Returns the URL that the credential is sent to and below, if it is bound to a part of its origin.
    pub fn bound_base(&self) -> Option<BaseUrl> {
        let server = self.oauth_server.as_ref()?;
        server.protected_resource.as_ref().map(ResourceUrl::base)
    }

    /// Returns the origin of the server that issued the credential.
    pub fn issuer_origin(&self) -> String {
        let endpoint = self.oauth_server.as_ref().map(|it| &it.token_endpoint);
        endpoint.map_or_else(
            || self.origin.to_string(),
            |endpoint| endpoint.origin().ascii_serialization(),
        )
    }

    /// Returns `true` if it can be refreshed without the user.
    pub fn is_refreshable(&self) -> bool {
        match self.refresh_method {
            RefreshMethod::RefreshToken => self.refresh_token.is_some(),
            RefreshMethod::ClientCredentials { .. } | RefreshMethod::Workload(_) => true,
        }
    }
}
