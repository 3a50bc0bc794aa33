//! Signed assertions that authenticate a client (RFC 7523 §2.2 and §3).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{ClientKeyError, SigningKey};
use crate::domain::{AssertionAudience, ClientAuthentication, ClientKey, OAuthServer, Secret};

/// The value of `client_assertion_type`.
pub(super) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// In seconds. An assertion is used at once.
const LIFETIME: i64 = 60;

/// A larger difference makes an assertion expired, or not yet valid.
const MAX_SKEW: SignedDuration = SignedDuration::from_secs(LIFETIME / 2);

/// The length of `jti`, in bytes.
const ID_LENGTH: usize = 16;

pub(super) struct AssertionSigner<'a> {
    server: &'a OAuthServer,
    client_key: &'a ClientKey,
    key: SigningKey,
}

impl<'a> AssertionSigner<'a> {
    /// Returns `None` if the client has no key.
    pub(super) fn new(server: &'a OAuthServer) -> Option<Result<Self, ClientKeyError>> {
        let ClientAuthentication::Key(client_key) = &server.client.authentication else {
            return None;
        };
        Some(SigningKey::parse(&client_key.value).map(|key| Self {
            server,
            client_key,
            key,
        }))
    }

    /// Signs a new assertion. Servers accept each one only once.
    pub(super) fn sign(&self, now: Timestamp) -> Result<Secret, ClientKeyError> {
        let algorithm = self.client_key.algorithm;
        let mut header = json!({"alg": algorithm.as_str(), "typ": "JWT"});
        if let Some(id) = &self.client_key.key_id {
            header["kid"] = id.as_str().into();
        }
        let issued_at = now.as_second();
        let claims = json!({
            "iss": self.server.client_id,
            "sub": self.server.client_id,
            "aud": self.audience(),
            "jti": random_id()?,
            "iat": issued_at,
            "exp": issued_at + LIFETIME,
        });
        let encode = |value: &serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        let signature = self.key.sign(algorithm, signed.as_bytes())?;
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signature);
        Ok(Secret::new(format!("{signed}.{signature}")))
    }

    /// One text, not a list: with a list, a server could use the assertion at another one that is listed.
    fn audience(&self) -> &str {
        match &self.client_key.audience {
            AssertionAudience::Issuer => &self.server.issuer,
            AssertionAudience::TokenEndpoint => self.server.token_endpoint.as_str(),
            AssertionAudience::Url(url) => url,
        }
    }
}

/// Returns `true` if an assertion with the time `assumed` is not valid at the server's time.
pub(super) fn is_clock_wrong(assumed: Timestamp, server: Timestamp) -> bool {
    server.duration_since(assumed).abs() > MAX_SKEW
}

fn random_id() -> Result<String, ClientKeyError> {
    let mut bytes = [0; ID_LENGTH];
    getrandom::fill(&mut bytes).map_err(|_| ClientKeyError::NotSigned)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests;
