//! A P-256 key that signs JSON Web Tokens (RFC 7515, RFC 7518 §3.4). Its public half is published as a JWK (RFC 7517).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

use super::SandboxError;
use super::secrets::{self, CANARY, Secret};

/// The algorithm of every key (RFC 7518 §3.4).
pub(crate) const ALGORITHM: &str = "ES256";

/// The bytes of a coordinate of P-256.
const COORDINATE: usize = 32;

pub(crate) struct JwtKey {
    id: String,
    pair: EcdsaKeyPair,
}

impl JwtKey {
    pub(crate) fn generate() -> Result<Self, SandboxError> {
        Self::from_pkcs8(&secrets::uuid()?, &generate_pkcs8()?)
    }

    /// Returns the key in `pkcs8`. The key id begins with the canary, so that every signed token does.
    pub(crate) fn from_pkcs8(id: &str, pkcs8: &[u8]) -> Result<Self, SandboxError> {
        let pair = EcdsaKeyPair::from_pkcs8(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            pkcs8,
            &SystemRandom::new(),
        )
        .map_err(|_| SandboxError::SigningKey)?;
        Ok(Self {
            id: format!("{CANARY}-{id}"),
            pair,
        })
    }

    pub(crate) fn sign(&self, claims: &Value) -> Result<Secret, SandboxError> {
        let header = json!({"alg": ALGORITHM, "kid": self.id, "typ": "JWT"});
        let encode = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = signature.map_err(|_| SandboxError::SigningKey)?;
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signature.as_ref());
        Ok(Secret::new(format!("{signed}.{signature}")))
    }

    /// Returns a JWK set with the public key (RFC 7517 §5, RFC 7518 §6.2.1).
    pub(crate) fn to_jwk_set(&self) -> Value {
        // The uncompressed point: 4, then both coordinates.
        let point = self.pair.public_key().as_ref();
        let coordinates = point.get(1..).unwrap_or_default();
        let mut encoded = coordinates
            .chunks(COORDINATE)
            .map(|coordinate| BASE64_URL_SAFE_NO_PAD.encode(coordinate));
        let key = json!({
            "kty": "EC",
            "crv": "P-256",
            "x": encoded.next(),
            "y": encoded.next(),
            "kid": self.id,
            "alg": ALGORITHM,
            "use": "sig",
        });
        json!({ "keys": [key] })
    }
}

pub(crate) fn generate_pkcs8() -> Result<Vec<u8>, SandboxError> {
    let pkcs8 =
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(|_| SandboxError::SigningKey)?;
    Ok(pkcs8.as_ref().to_vec())
}
