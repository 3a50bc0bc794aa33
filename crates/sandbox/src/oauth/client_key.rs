//! The public keys of the client that signs assertions (RFC 7517, RFC 7518 §6, RFC 8037 §2).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
    VerificationAlgorithm,
};
use serde_json::Value;

/// The client of both OAuth servers that authenticates with `private_key_jwt`. The documentation contains its private key: it
/// protects invented data only.
pub const SIGNING_CLIENT_ID: &str = "sandbox-signer";

/// The registered keys of [`SIGNING_CLIENT_ID`].
const KEYS: &str = include_str!("client_keys.json");

pub(super) const ALGORITHMS: [&str; 6] = ["ES256", "ES384", "RS256", "PS256", "EdDSA", "Ed25519"];

/// A key as a JWK.
pub(super) struct VerificationKey(Value);

/// Returns the keys of a client; an empty list for any other than [`SIGNING_CLIENT_ID`].
pub(super) fn keys_of(client_id: &str) -> Vec<VerificationKey> {
    if client_id != SIGNING_CLIENT_ID {
        return Vec::new();
    }
    let mut set: Value = serde_json::from_str(KEYS).unwrap_or_default();
    match set.get_mut("keys").map(Value::take) {
        Some(Value::Array(keys)) => keys.into_iter().map(VerificationKey).collect(),
        _ => Vec::new(),
    }
}

impl VerificationKey {
    pub(super) fn from_jwk(jwk: Value) -> Self {
        Self(jwk)
    }

    pub(super) fn id(&self) -> Option<&str> {
        self.text("kid")
    }

    pub(super) fn signs_with(&self, algorithm: Option<&str>) -> bool {
        let kind = self.text("crv").or_else(|| self.text("kty"));
        let algorithms: &[&str] = match kind {
            Some("P-256") => &["ES256"],
            Some("P-384") => &["ES384"],
            Some("Ed25519") => &["EdDSA", "Ed25519"],
            Some("RSA") => &["RS256", "PS256"],
            _ => &[],
        };
        algorithm.is_some_and(|name| algorithms.contains(&name))
    }

    pub(super) fn verify(&self, algorithm: Option<&str>, message: &[u8], signature: &[u8]) -> bool {
        let point = |algorithm| self.verify_point(algorithm, message, signature);
        let rsa = |parameters| self.verify_rsa(parameters, message, signature);
        let verified = match algorithm {
            Some("ES256") => point(&ECDSA_P256_SHA256_FIXED),
            Some("ES384") => point(&ECDSA_P384_SHA384_FIXED),
            Some("EdDSA" | "Ed25519") => point(&ED25519),
            Some("RS256") => rsa(&RSA_PKCS1_2048_8192_SHA256),
            Some("PS256") => rsa(&RSA_PSS_2048_8192_SHA256),
            _ => None,
        };
        verified.is_some()
    }

    fn verify_point(
        &self,
        algorithm: &'static dyn VerificationAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Option<()> {
        let x = self.number("x")?;
        // Two coordinates are an uncompressed point, which begins with 4.
        let point = match self.number("y") {
            Some(y) => [vec![4], x, y].concat(),
            None => x,
        };
        let key = UnparsedPublicKey::new(algorithm, point);
        key.verify(message, signature).ok()
    }

    fn verify_rsa(
        &self,
        parameters: &'static RsaParameters,
        message: &[u8],
        signature: &[u8],
    ) -> Option<()> {
        let key = RsaPublicKeyComponents {
            n: self.number("n")?,
            e: self.number("e")?,
        };
        key.verify(parameters, message, signature).ok()
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    fn number(&self, name: &str) -> Option<Vec<u8>> {
        BASE64_URL_SAFE_NO_PAD.decode(self.text(name)?).ok()
    }
}
