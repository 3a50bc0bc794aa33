//! JSON Web Tokens (RFC 7519) signed with HMAC-SHA-256 (RFC 7518 §3.2): no more of it than a sandbox needs.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::base64url;
use crate::secrets::CANARY_JWT;
use crate::secrets::Secret;

/// What signs the tokens of one state.
pub(super) type Key = [u8; 32];

/// The block of SHA-256, in bytes.
const BLOCK: usize = 64;

/// What a token says. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) sub: String,
    /// The session, with which the token ends.
    pub(super) sid: String,
    /// Makes two tokens of the same second differ.
    pub(super) jti: String,
    pub(super) iat: i64,
    pub(super) exp: i64,
}

pub(super) fn sign(key: &Key, claims: &Claims) -> Secret {
    // A structure of texts and numbers always has a JSON form.
    let claims = serde_json::to_vec(claims).unwrap_or_default();
    let signed = format!("{CANARY_JWT}.{}", base64url::encode(&claims));
    let signature = base64url::encode(&hmac(key, signed.as_bytes()));
    Secret::new(format!("{signed}.{signature}"))
}

/// What `token` says, when `key` signed it. The header must be ours to the letter, so that nobody else chooses the
/// algorithm (RFC 8725 §3.1). Whether it has expired is not looked at.
pub(super) fn verify(key: &Key, token: &str) -> Option<Claims> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let signature = base64url::decode(signature)?;
    let genuine = bool::from(hmac(key, signed.as_bytes()).ct_eq(&signature));
    if header != CANARY_JWT || !genuine {
        return None;
    }
    serde_json::from_slice(&base64url::decode(claims)?).ok()
}

/// HMAC-SHA-256 (RFC 2104 §2) with a key that is shorter than a block.
fn hmac(key: &Key, message: &[u8]) -> [u8; 32] {
    let padded = |pad: u8| {
        let mut block = [pad; BLOCK];
        for (byte, own) in block.iter_mut().zip(key) {
            *byte ^= own;
        }
        Sha256::new().chain_update(block)
    };
    let inner = padded(0x36).chain_update(message).finalize();
    padded(0x5c).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::{CANARY, hexadecimal};

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
    fn the_examples_of_rfc_4231_fit() {
        // HMAC fills a short key up with zeros by itself.
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
            assert_eq!(hexadecimal(&hmac(&key, message.as_bytes())), expected);
        }
    }

    #[test]
    fn the_header_names_the_algorithm_and_the_canary() {
        let header = base64url::decode(CANARY_JWT).unwrap();
        let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
        let expected = serde_json::json!({"alg": "HS256", "kid": CANARY, "typ": "JWT"});
        assert_eq!(header, expected);
    }

    #[test]
    fn what_was_signed_is_read_again() {
        let token = sign(&[7; 32], &claims());
        assert_eq!(verify(&[7; 32], token.expose()), Some(claims()));
        assert_eq!(verify(&[8; 32], token.expose()), None);
    }

    #[test]
    fn what_was_tampered_with_is_none() {
        let token = sign(&[7; 32], &claims());
        let parts: Vec<&str> = token.expose().split('.').collect();
        let (header, body, signature) = (parts[0], parts[1], parts[2]);
        let none = base64url::encode(b"{\"alg\":\"none\"}");
        let other = base64url::encode(b"{\"sub\":\"somebody else\"}");
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
