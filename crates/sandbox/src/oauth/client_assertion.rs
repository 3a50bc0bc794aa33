//! Signed assertions that authenticate a client (RFC 7523 §2.2 and §3).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rusqlite::{Transaction, params};
use serde_json::Value;

use super::AuthServer;
use super::client_key::{self, VerificationKey};
use super::error::OauthError;
use super::form::Form;
use crate::base::{Millis, SandboxError, secrets};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub(super) const SCHEMA: &str = "
    CREATE TABLE used_assertions (
        hash BLOB PRIMARY KEY,
        expires_at INTEGER NOT NULL
    ) STRICT;";

pub(super) const DELETE_EXPIRED: &[&str] = &["DELETE FROM used_assertions WHERE expires_at < ?1"];

/// The longest validity that is accepted.
const MAX_LIFETIME: Millis = 300_000;

/// How far the clock of a client may be ahead.
const MAX_SKEW: Millis = 30_000;

/// The parts of a JWT (RFC 7519 §3).
struct Assertion<'a> {
    header: Value,
    claims: Value,
    /// What the signature covers.
    signed: &'a str,
    signature: Vec<u8>,
}

/// Returns the id of the client that signed the assertion of a request; `None` if the request has no assertion.
pub(super) fn verify(server: &AuthServer, form: &Form) -> Result<Option<String>, OauthError> {
    let Some(text) = form.get("client_assertion") else {
        return Ok(None);
    };
    if form.get("client_assertion_type") != Some(TYPE) {
        return Err(OauthError::request("client_assertion_type is unknown"));
    }
    if form.basic().is_some() || form.get("client_secret").is_some() {
        return Err(OauthError::request("the client authenticates twice"));
    }
    let assertion = Assertion::parse(text).ok_or(rejected("the client assertion is not a JWT"))?;
    let id = assertion.verify_signature()?;
    if form.get("client_id").is_some_and(|named| named != id) {
        return Err(rejected(
            "client_id is not the subject of the client assertion",
        ));
    }
    let audiences = form.audiences(server.service.prefix);
    server
        .sandbox
        .write(|tx, now| Ok(assertion.check_claims(tx, now, &audiences)))??;
    Ok(Some(id))
}

fn rejected(description: &'static str) -> OauthError {
    OauthError::Code("invalid_client", description)
}

impl<'a> Assertion<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).ok();
        Some(Self {
            header: serde_json::from_slice(&decode(header)?).ok()?,
            claims: serde_json::from_slice(&decode(claims)?).ok()?,
            signed,
            signature: decode(signature)?,
        })
    }

    fn claim(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// Returns the client whose key signed the assertion. The client issues it about itself (RFC 7523 §3).
    fn verify_signature(&self) -> Result<String, OauthError> {
        let subject = self.claim("sub").unwrap_or_default();
        if subject.is_empty() || self.claim("iss") != Some(subject) {
            return Err(rejected(
                "iss and sub of a client assertion are the client id",
            ));
        }
        let algorithm = self.header.get("alg").and_then(Value::as_str);
        let key_id = self.header.get("kid").and_then(Value::as_str);
        let keys = client_key::keys_of(subject);
        let named = keys.iter().filter(|key| {
            key_id.is_none_or(|id| key.id() == Some(id)) && key.signs_with(algorithm)
        });
        let mut named = named.peekable();
        if named.peek().is_none() {
            return Err(rejected("no key of the client has this kid and alg"));
        }
        let is_valid =
            |key: &VerificationKey| key.verify(algorithm, self.signed.as_bytes(), &self.signature);
        if !named.any(is_valid) {
            return Err(rejected("the signature of the client assertion is wrong"));
        }
        Ok(subject.to_owned())
    }

    fn check_claims(
        &self,
        tx: &Transaction<'_>,
        now: Millis,
        audiences: &[String],
    ) -> Result<(), OauthError> {
        let audience = self.claim("aud").unwrap_or_default();
        if !audiences.iter().any(|known| known == audience) {
            return Err(rejected(
                "aud of a client assertion is the issuer or the token endpoint, as one string",
            ));
        }
        let time = |name: &str| {
            let seconds = self.claims.get(name).and_then(Value::as_i64);
            seconds.map(|seconds| seconds.saturating_mul(1000))
        };
        let Some(expires_at) = time("exp").filter(|end| *end > now) else {
            return Err(rejected("the client assertion has expired"));
        };
        if expires_at > now + MAX_LIFETIME {
            return Err(rejected("the client assertion is valid for too long"));
        }
        if time("iat").is_some_and(|issued| issued > now + MAX_SKEW) {
            return Err(rejected("the client assertion is not valid yet"));
        }
        let id = self.claim("jti").filter(|id| !id.is_empty());
        let id = id.ok_or(rejected("the client assertion has no jti"))?;
        if !self.remember(tx, id, expires_at)? {
            return Err(rejected("the client assertion was used before"));
        }
        Ok(())
    }

    /// Returns `false` if the client used this `jti` before.
    fn remember(
        &self,
        tx: &Transaction<'_>,
        id: &str,
        expires_at: Millis,
    ) -> Result<bool, SandboxError> {
        let subject = self.claim("sub").unwrap_or_default();
        let hash = secrets::hash(&format!("{subject} {id}"));
        let sql = "INSERT OR IGNORE INTO used_assertions (hash, expires_at) VALUES (?1, ?2)";
        Ok(tx.execute(sql, params![hash, expires_at])? == 1)
    }
}
