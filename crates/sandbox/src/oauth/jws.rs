//! JSON Web Tokens of other servers (RFC 7519), signed with a key of a JWK set (RFC 7515, RFC 7517).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::client_key::VerificationKey;

/// A token whose signature was not verified yet.
pub(super) struct SignedJwt<'a> {
    signed: &'a str,
    signature: Vec<u8>,
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

impl<'a> SignedJwt<'a> {
    /// Returns `None` if `text` is not a signed token in the compact form.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        Some(Self {
            signed,
            signature: decode(signature)?,
            header: object(header)?,
            claims: object(claims)?,
        })
    }

    /// Returns the issuer, which must be trusted only after [`Self::verify`].
    pub(super) fn issuer(&self) -> Option<&str> {
        self.claims.get("iss")?.as_str()
    }

    /// Returns the claims if a key of `jwks` signed the token.
    pub(super) fn verify(self, jwks: &Value) -> Option<Map<String, Value>> {
        let keys = jwks.get("keys")?.as_array()?;
        let is_signed = keys.iter().any(|key| self.is_signed_by(key));
        is_signed.then_some(self.claims)
    }

    /// The algorithm of the header must belong to the type of the key, so that an attacker cannot choose another one (RFC 8725 §3.1).
    fn is_signed_by(&self, jwk: &Value) -> bool {
        let algorithm = self.header.get("alg");
        let is_for = |name: &str, expected: Option<&Value>| {
            jwk.get(name).is_none_or(|own| Some(own) == expected)
        };
        let key_id = self.header.get("kid");
        let is_candidate = is_for("alg", algorithm)
            && is_for("use", Some(&"sig".into()))
            && key_id.is_none_or(|id| jwk.get("kid") == Some(id))
            && !self.header.contains_key("crit");
        let algorithm = algorithm.and_then(Value::as_str);
        let key = VerificationKey::from_jwk(jwk.clone());
        is_candidate
            && key.signs_with(algorithm)
            && key.verify(algorithm, self.signed.as_bytes(), &self.signature)
    }
}

fn decode(part: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(part).ok()
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&decode(part)?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::base::jwt_key::JwtKey;

    /// RFC 7515, appendix A.2: RS256.
    const RSA_TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

    fn rsa_key() -> Value {
        json!({
            "kty": "RSA",
            "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
            "e": "AQAB",
        })
    }

    #[test]
    fn rs256_verifies_the_example_of_rfc_7515() {
        let jwks = json!({"keys": [rsa_key()]});
        let token = SignedJwt::parse(RSA_TOKEN).unwrap();
        assert_eq!(token.issuer(), Some("joe"));
        assert_eq!(token.verify(&jwks).unwrap()["exp"], 1_300_819_380);
        let changed = RSA_TOKEN.replacen("eyJpc3MiOiJqb2Ui", "eyJpc3MiOiJqb2Ei", 1);
        assert_ne!(changed, RSA_TOKEN);
        let changed = SignedJwt::parse(&changed).unwrap();
        assert!(changed.verify(&jwks).is_none());
    }

    #[test]
    fn es256_verifies_a_token_with_the_right_key_only() {
        let (key, other) = (JwtKey::generate().unwrap(), JwtKey::generate().unwrap());
        let token = key.sign(&json!({"iss": "a"})).unwrap();
        let verify = |jwks: &Value| SignedJwt::parse(token.expose()).unwrap().verify(jwks);
        assert!(verify(&key.to_jwk_set()).is_some());
        let mut renamed = other.to_jwk_set();
        renamed["keys"][0]["kid"] = key.to_jwk_set()["keys"][0]["kid"].clone();
        let mut for_encryption = key.to_jwk_set();
        for_encryption["keys"][0]["use"] = "enc".into();
        let rsa = json!({"keys": [rsa_key()]});
        for wrong in [other.to_jwk_set(), renamed, for_encryption, rsa, json!({})] {
            assert!(verify(&wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn header_cannot_choose_no_algorithm_or_the_public_key_as_a_secret() {
        let (_, claims) = RSA_TOKEN.split_once('.').unwrap();
        for header in [
            r#"{"alg":"none"}"#,
            r#"{"alg":"HS256"}"#,
            r#"{"alg":"RS256","crit":["x"]}"#,
            "{}",
        ] {
            let token = format!("{}.{claims}", BASE64_URL_SAFE_NO_PAD.encode(header));
            let token = SignedJwt::parse(&token).unwrap();
            let jwks = json!({"keys": [rsa_key()]});
            assert!(token.verify(&jwks).is_none(), "{header}");
        }
        for text in ["", ".", "..", "a.b.c", "eyJhbGciOiJub25lIn0.e30", "opaque"] {
            assert!(SignedJwt::parse(text).is_none(), "{text}");
        }
    }
}
