//! The header of a credential, and names of headers.

use ::http::HeaderName;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::domain::Secret;

/// Headers that belong to the connection.
const OF_CONNECTION: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Returns `true` if the header belongs to the connection or a proxy, so that neither a description nor a user may set it.
pub fn is_connection_header(name: &HeaderName) -> bool {
    OF_CONNECTION.contains(&name.as_str()) || name.as_str().starts_with("proxy-")
}

/// The header of a credential: `Authorization: Token …`, `X-API-Key: …`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HeaderFormat {
    pub name: HeaderSpelling,
    pub scheme: Option<AuthScheme>,
    /// The user name of HTTP Basic authentication (RFC 7617), of which the credential is the password.
    pub basic_user: Option<String>,
    /// The header of the second value, for credentials of two values: `FIRST:SECOND`.
    pub second: Option<SecondHeader>,
}

/// The header of the second value of a credential.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SecondHeader {
    pub name: HeaderSpelling,
    /// What the user is asked for.
    pub label: String,
}

/// Between the two values of a credential.
const SEPARATOR: char = ':';

/// The name of a header (RFC 9110 §5.1) and its spelling in the description, for messages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String")]
pub struct HeaderSpelling {
    text: String,
    name: HeaderName,
}

impl HeaderSpelling {
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn name(&self) -> &HeaderName {
        &self.name
    }
}

impl TryFrom<String> for HeaderSpelling {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match HeaderName::try_from(text.as_str()) {
            Ok(name) if is_connection_header(&name) => {
                Err("expected a header that does not belong to the connection or a proxy")
            }
            Ok(name) => Ok(Self { text, name }),
            Err(_) => Err("expected the name of a header, such as `X-API-Key`"),
        }
    }
}

/// An authentication scheme (RFC 9110 §11.1): one word of visible characters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String")]
pub struct AuthScheme(String);

impl AuthScheme {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AuthScheme {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic()) {
            return Ok(Self(text));
        }
        Err("expected one word, such as `Bearer`; omit `scheme` if there is none")
    }
}

impl HeaderFormat {
    /// Returns the value of the second header; `None` if the credential has only one value.
    pub fn second_value(&self, secret: &Secret) -> Option<Secret> {
        self.second.as_ref()?;
        let (_, second) = secret.expose().split_once(SEPARATOR)?;
        Some(Secret::new(second)).filter(|second| !second.is_empty())
    }

    /// Joins the two values of a credential.
    pub fn join(first: &Secret, second: &Secret) -> Secret {
        Secret::new(format!("{}{SEPARATOR}{}", first.expose(), second.expose()))
    }

    /// Returns the part of the credential that this header carries.
    fn first_value(&self, secret: &Secret) -> Secret {
        let first = secret.expose().split_once(SEPARATOR);
        match first.filter(|_| self.second.is_some()) {
            Some((first, _)) => Secret::new(first),
            None => secret.clone(),
        }
    }

    pub fn value(&self, secret: &Secret) -> Secret {
        let secret = self.encode(secret);
        match &self.scheme {
            Some(scheme) => Secret::new(format!("{} {}", scheme.as_str(), secret.expose())),
            None => secret,
        }
    }

    /// Returns the part of the header's value after the scheme.
    pub fn encode(&self, secret: &Secret) -> Secret {
        let secret = self.first_value(secret);
        match &self.basic_user {
            Some(user) => Secret::new(STANDARD.encode(format!("{user}:{}", secret.expose()))),
            None => secret,
        }
    }
}
