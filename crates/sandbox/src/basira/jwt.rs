//! JSON Web Tokens (RFC 7519) signed with HMAC-SHA-256 (RFC 7518 §3.2).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::base::secrets::{CANARY_JWT, Secret};

/// The signing key of one state.
pub(super) type Key = [u8; 32];

/// The claims. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) sub: String,
    /// The session id. The token is valid as long as the session.
    pub(super) sid: String,
    /// Makes tokens issued in the same second distinct.
    pub(super) jti: String,
    pub(super) iat: i64,
    pub(super) exp: i64,
}

pub(super) fn sign(key: &Key, claims: &Claims) -> Secret {
    // Serializing strings and numbers cannot fail.
    let claims = serde_json::to_vec(claims).unwrap_or_default();
    let signed = format!("{CANARY_JWT}.{}", BASE64_URL_SAFE_NO_PAD.encode(claims));
    let signature = hmac_sha256(key, signed.as_bytes()).finalize();
    let signature = BASE64_URL_SAFE_NO_PAD.encode(signature.into_bytes());
    Secret::new(format!("{signed}.{signature}"))
}

/// Returns the claims if `key` signed the token. The header must be exactly ours, so that an attacker cannot choose the algorithm
/// (RFC 8725 §3.1). Does not check the expiry.
pub(super) fn verify(key: &Key, token: &str) -> Option<Claims> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
    let genuine = hmac_sha256(key, signed.as_bytes()).verify_slice(&signature);
    if header != CANARY_JWT || genuine.is_err() {
        return None;
    }
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

fn hmac_sha256(key: &Key, message: &[u8]) -> Hmac<Sha256> {
    // HMAC pads a short key with zeros (RFC 2104 §2). A key of the block size needs no error case.
    let mut padded = hmac::digest::Key::<Hmac<Sha256>>::default();
    padded[..key.len()].copy_from_slice(key);
    Hmac::<Sha256>::new(&padded).chain_update(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secrets::CANARY;

    fn claims() -> Claims {
        Claims {
            iss: "basira".into(),
            sub: "user".into(),
            sid: "session".into(),
            jti: "token".into(),
            iat: 1,
            exp: 901,
        }
    }

    #[test]
    fn hmac_matches_the_examples_of_rfc_4231() {
        for (start, message, expected) in [
            (
                [0x0b; 20].as_slice(),
                "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
        ] {
            let mut key = [0; 32];
            key[..start.len()].copy_from_slice(start);
            let mac = hmac_sha256(&key, message.as_bytes()).finalize();
            assert_eq!(hex::encode(mac.into_bytes()), expected);
        }
    }

    #[test]
    fn the_header_names_the_algorithm_and_the_canary() {
        let header = BASE64_URL_SAFE_NO_PAD.decode(CANARY_JWT).unwrap();
        let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
        let expected = serde_json::json!({"alg": "HS256", "kid": CANARY, "typ": "JWT"});
        assert_eq!(header, expected);
    }

    #[test]
    fn signed_token_is_verified() {
        let token = sign(&[7; 32], &claims());
        assert_eq!(verify(&[7; 32], token.expose()), Some(claims()));
        assert_eq!(verify(&[8; 32], token.expose()), None);
    }

    #[test]
    fn tampered_tokens_are_rejected() {
        let token = sign(&[7; 32], &claims());
        let parts: Vec<&str> = token.expose().split('.').collect();
        let (header, body, signature) = (parts[0], parts[1], parts[2]);
        let none = BASE64_URL_SAFE_NO_PAD.encode(b"{\"alg\":\"none\"}");
        let other = BASE64_URL_SAFE_NO_PAD.encode(b"{\"sub\":\"another user\"}");
        for token in [
            String::new(),
            "..".to_owned(),
            format!("{header}.{body}"),
            format!("{header}.{body}."),
            format!("{none}.{body}."),
            format!("{none}.{body}.{signature}"),
            format!("{header}.{other}.{signature}"),
            format!("{header}.{body}.{signature}="),
            format!("{header}.{body}.{signature}.{signature}"),
        ] {
            assert_eq!(verify(&[7; 32], &token), None, "{token}");
        }
    }
}
