//! Claims about the account of a session (OpenID Connect Core §5.1), from an ID token or the userinfo endpoint.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::json_fields;
use crate::domain::{OAuthServer, Secret, sanitize_line};

/// The claims that can name the account, best first.
const NAME_CLAIMS: [&str; 3] = ["name", "preferred_username", "email"];

/// The maximum length of a subject (§2).
const MAX_SUBJECT: usize = 255;

/// How many characters of a name are kept.
const MAX_NAME: usize = 200;

/// Which account a session belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdClaims {
    /// `sub`, the identifier of the account at the issuer, which is compared, and never shown unsanitized.
    pub subject: String,
    /// A name for people, on one line; `None` if only the subject is known.
    pub name: Option<String>,
}

impl IdClaims {
    /// Reads the claims of an ID token that came from the token endpoint, where TLS may replace the check of the signature
    /// (§3.1.3.7, rule 6). Returns `None` for one of another issuer or client (rules 2 and 3), and for an encrypted one.
    pub(super) fn from_id_token(id_token: &Secret, server: &OAuthServer) -> Option<Self> {
        let mut parts = id_token.expose().split('.');
        let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let mut claims: Map<String, Value> = serde_json::from_slice(&bytes).ok()?;
        let is_issuer = claims.get("iss").and_then(Value::as_str) == Some(server.issuer.as_str());
        let is_client = |value: &Value| value.as_str() == Some(server.client_id.as_str());
        let is_audience = claims.get("aud").is_some_and(|audience| match audience {
            Value::Array(all) => all.iter().any(is_client),
            one => is_client(one),
        });
        Self::take(&mut claims).filter(|_| is_issuer && is_audience)
    }

    /// Takes the claims; `None` without a valid subject.
    pub(super) fn take(members: &mut Map<String, Value>) -> Option<Self> {
        let subject = json_fields::take_text(members, "sub")?;
        let mut names = NAME_CLAIMS.iter();
        let name = names.find_map(|claim| sanitize_name(&json_fields::take_text(members, claim)?));
        (subject.len() <= MAX_SUBJECT).then_some(Self { subject, name })
    }

    /// Returns the name to show: the subject if the server reports no other.
    pub fn display_name(&self) -> Option<String> {
        self.name.clone().or_else(|| sanitize_name(&self.subject))
    }
}

fn sanitize_name(text: &str) -> Option<String> {
    let text: String = sanitize_line(text).chars().take(MAX_NAME).collect();
    (!text.trim().is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::oauth::verified_server::example;

    fn claims_of(payload: &Value) -> Option<IdClaims> {
        let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
        let token = Secret::new(format!("e30.{payload}.signature"));
        IdClaims::from_id_token(&token, example().details())
    }

    #[test]
    fn id_token_of_this_issuer_and_client_names_the_account() {
        let issuer = "https://auth.example.com";
        let claims = claims_of(&json!({"iss": issuer, "aud": "brainmaps-cli", "sub": "7",
            "name": " ", "preferred_username": "ada\u{1b}[31m", "email": "ada@example.com"}));
        let claims = claims.unwrap();
        assert_eq!(claims.subject, "7");
        let name = claims.name.unwrap();
        assert!(
            name.starts_with("ada") && !name.contains('\u{1b}'),
            "{name:?}"
        );
        let listed = json!({"iss": issuer, "aud": ["x", "brainmaps-cli"], "sub": "7"});
        assert_eq!(claims_of(&listed).unwrap().display_name().unwrap(), "7");
    }

    #[test]
    fn id_token_of_another_issuer_or_client_is_not_used() {
        let issuer = "https://auth.example.com";
        for payload in [
            json!({"iss": "https://auth.example.com/", "aud": "brainmaps-cli", "sub": "7"}),
            json!({"iss": issuer, "aud": "other", "sub": "7"}),
            json!({"iss": issuer, "aud": ["other"], "sub": "7"}),
            json!({"iss": issuer, "sub": "7"}),
            json!({"iss": issuer, "aud": "brainmaps-cli"}),
            json!({"iss": issuer, "aud": "brainmaps-cli", "sub": ""}),
            json!({"iss": issuer, "aud": "brainmaps-cli", "sub": 7}),
            json!({"iss": issuer, "aud": "brainmaps-cli", "sub": "7".repeat(256)}),
        ] {
            assert_eq!(claims_of(&payload), None, "{payload}");
        }
        for text in ["", "a.b", "a.b.c", "a.e30.c.d", "a.b.c.d.e"] {
            let token = Secret::new(text);
            assert_eq!(IdClaims::from_id_token(&token, example().details()), None);
        }
    }
}
