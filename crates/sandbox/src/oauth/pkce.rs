//! Proof keys for code exchange (RFC 7636), with S256 only.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::error::OauthError;
use super::form::Form;

/// Returns the challenge of a request, if any (RFC 7636 §4.3).
pub(super) fn challenge(form: &Form) -> Result<Option<String>, OauthError> {
    let method = form.get("code_challenge_method");
    let Some(challenge) = form.get("code_challenge") else {
        return match method {
            Some(_) => Err(OauthError::request("code_challenge is missing")),
            None => Ok(None),
        };
    };
    // A missing method means "plain", which gives no protection.
    if method != Some("S256") {
        return Err(OauthError::request("code_challenge_method must be S256"));
    }
    // A SHA-256 in base64url without padding has 43 characters.
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if challenge.len() == 43 && challenge.bytes().all(is_base64url) {
        return Ok(Some(challenge.to_owned()));
    }
    Err(OauthError::request(
        "code_challenge is not an S256 challenge",
    ))
}

/// Compares the verifier with the challenge (RFC 7636 §4.6). Rejects a verifier without a challenge too: an attacker may have removed
/// the challenge from the request (RFC 9700 §2.1.1).
pub(super) fn is_valid_verifier(verifier: Option<&str>, challenge: Option<&str>) -> bool {
    match (verifier, challenge) {
        (None, None) => true,
        (Some(verifier), Some(challenge)) => {
            let expected = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
            expected.as_bytes().ct_eq(challenge.as_bytes()).into()
        }
        _ => false,
    }
}

/// The error for a verifier that [`is_valid_verifier`] rejects.
pub(super) fn wrong_verifier() -> OauthError {
    OauthError::grant("code_verifier does not fit the code_challenge")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verifier_of_rfc_7636_appendix_b_matches_its_challenge() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(is_valid_verifier(Some(verifier), Some(challenge)));
        assert!(is_valid_verifier(None, None));
        assert!(!is_valid_verifier(Some("another"), Some(challenge)));
        assert!(!is_valid_verifier(None, Some(challenge)));
        assert!(!is_valid_verifier(Some(verifier), None));
    }
}
