//! The authorization server of a session in its credential file, with what authenticates the client there.

use serde::{Deserialize, Serialize};
use url::Url;

use super::stored_secret::StoredSecret;
use crate::domain::{
    AssertionAudience, ClientAuthMethod, ClientAuthentication, ClientKey, ClientParameters,
    ClientSecret, OAuthServer, Origin, ResourceUrl, SigningAlgorithm,
};

/// A URL that may receive a token: https, or http on loopback. A file with any other URL was tampered with.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Endpoint(Url);

impl TryFrom<String> for Endpoint {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let url = Url::parse(&text).map_err(|_| "no URL")?;
        Origin::of(&url).map_err(|_| "not permitted")?;
        Ok(Self(url))
    }
}

impl From<Endpoint> for String {
    fn from(endpoint: Endpoint) -> Self {
        endpoint.0.into()
    }
}

/// How the secret is sent, by the names of RFC 7591 §2.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) enum AuthMethod {
    #[serde(rename = "client_secret_basic")]
    Basic,
    #[serde(rename = "client_secret_post")]
    Post,
}

impl From<AuthMethod> for ClientAuthMethod {
    fn from(method: AuthMethod) -> Self {
        match method {
            AuthMethod::Basic => Self::Basic,
            AuthMethod::Post => Self::Post,
        }
    }
}

impl From<ClientAuthMethod> for AuthMethod {
    fn from(method: ClientAuthMethod) -> Self {
        match method {
            ClientAuthMethod::Basic => Self::Basic,
            ClientAuthMethod::Post => Self::Post,
        }
    }
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct AlgorithmName(SigningAlgorithm);

impl TryFrom<String> for AlgorithmName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let known = SigningAlgorithm::from_name(&text);
        known.map(Self).ok_or("an unknown algorithm")
    }
}

impl From<AlgorithmName> for String {
    fn from(name: AlgorithmName) -> Self {
        name.0.as_str().to_owned()
    }
}

#[derive(Serialize, Deserialize)]
struct ClientKeyFile {
    key: StoredSecret,
    algorithm: AlgorithmName,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
    audience: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct OAuthServerFile {
    issuer: String,
    client_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<StoredSecret>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_auth_method: Option<AuthMethod>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_key: Option<ClientKeyFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    protected_resource: Option<ResourceUrl>,
    token_endpoint: Endpoint,
    #[serde(skip_serializing_if = "Option::is_none")]
    revocation_endpoint: Option<Endpoint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    userinfo_endpoint: Option<Endpoint>,
}

impl OAuthServerFile {
    fn take_authentication(&mut self) -> ClientAuthentication {
        if let Some(file) = self.client_key.take() {
            return ClientAuthentication::Key(file.into());
        }
        let method = self.client_auth_method.map(Into::into).unwrap_or_default();
        match self.client_secret.take() {
            Some(StoredSecret(value)) => {
                ClientAuthentication::Secret(ClientSecret { value, method })
            }
            None => ClientAuthentication::None,
        }
    }

    fn set_authentication(&mut self, authentication: ClientAuthentication) {
        match authentication {
            ClientAuthentication::None => {}
            ClientAuthentication::Secret(secret) => {
                self.client_auth_method = Some(secret.method.into());
                self.client_secret = Some(StoredSecret(secret.value));
            }
            ClientAuthentication::Key(key) => self.client_key = Some(key.into()),
        }
    }
}

impl From<OAuthServerFile> for OAuthServer {
    fn from(mut file: OAuthServerFile) -> Self {
        Self {
            client: ClientParameters {
                authentication: file.take_authentication(),
                resource: file.resource,
                audience: file.audience,
            },
            issuer: file.issuer,
            client_id: file.client_id,
            protected_resource: file.protected_resource,
            token_endpoint: file.token_endpoint.0,
            revocation_endpoint: file.revocation_endpoint.map(|endpoint| endpoint.0),
            userinfo_endpoint: file.userinfo_endpoint.map(|endpoint| endpoint.0),
        }
    }
}

impl From<OAuthServer> for OAuthServerFile {
    fn from(authority: OAuthServer) -> Self {
        let client = authority.client;
        let mut file = Self {
            issuer: authority.issuer,
            client_id: authority.client_id,
            client_secret: None,
            client_auth_method: None,
            client_key: None,
            resource: client.resource,
            audience: client.audience,
            protected_resource: authority.protected_resource,
            token_endpoint: Endpoint(authority.token_endpoint),
            revocation_endpoint: authority.revocation_endpoint.map(Endpoint),
            userinfo_endpoint: authority.userinfo_endpoint.map(Endpoint),
        };
        file.set_authentication(client.authentication);
        file
    }
}

impl From<ClientKeyFile> for ClientKey {
    fn from(file: ClientKeyFile) -> Self {
        Self {
            value: file.key.0,
            algorithm: file.algorithm.0,
            key_id: file.key_id,
            audience: AssertionAudience::parse(&file.audience),
        }
    }
}

impl From<ClientKey> for ClientKeyFile {
    fn from(key: ClientKey) -> Self {
        Self {
            key: StoredSecret(key.value),
            algorithm: AlgorithmName(key.algorithm),
            key_id: key.key_id,
            audience: key.audience.as_str().to_owned(),
        }
    }
}
