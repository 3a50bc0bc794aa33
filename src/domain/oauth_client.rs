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

/// A private key that signs an assertion for each request (RFC 7523 §2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientKey {
    /// The text of the key file: PEM or a JWK.
    pub value: Secret,
    pub algorithm: SigningAlgorithm,
    /// Which of the client's registered keys it is.
    pub key_id: Option<String>,
    pub audience: AssertionAudience,
}

/// A signature algorithm (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningAlgorithm {
    Es256,
    Es384,
    Rs256,
    Ps256,
    EdDsa,
    /// The newer name of `EdDSA` with this curve.
    Ed25519,
}

impl SigningAlgorithm {
    const ALL: [Self; 6] = [
        Self::Es256,
        Self::Es384,
        Self::Rs256,
        Self::Ps256,
        Self::EdDsa,
        Self::Ed25519,
    ];

    /// Returns its registered name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::EdDsa => "EdDSA",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// Returns the algorithm with this registered name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == name)
    }
}

/// The `aud` of an assertion (RFC 7523 §3). Servers disagree about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum AssertionAudience {
    #[default]
    Issuer,
    TokenEndpoint,
    Url(String),
}

impl AssertionAudience {
    const ISSUER: &str = "issuer";
    const TOKEN_ENDPOINT: &str = "token-endpoint";

    /// Parses `issuer`, `token-endpoint` or a URL.
    pub fn parse(text: &str) -> Self {
        match text {
            Self::ISSUER => Self::Issuer,
            Self::TOKEN_ENDPOINT => Self::TokenEndpoint,
            url => Self::Url(url.to_owned()),
        }
    }

    /// Returns the text that [`AssertionAudience::parse`] reads.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Issuer => Self::ISSUER,
            Self::TokenEndpoint => Self::TOKEN_ENDPOINT,
            Self::Url(url) => url,
        }
    }
}

/// How a client proves who it is (RFC 6749 §2.3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// It does not: a public client.
    #[default]
    None,
    Secret(ClientSecret),
    Key(ClientKey),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientParameters {
    pub authentication: ClientAuthentication,
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
