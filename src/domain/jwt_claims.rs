//! The claims of a JSON Web Token (RFC 7519) that another server signed. The signature is not verified.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Secret, json_seconds, sanitize_line};

/// The claims that decide whether a server trusts a workload, in the order of display.
const IDENTIFYING: [&str; 8] = [
    "iss",
    "sub",
    "aud",
    "repository",
    "project_path",
    "ref",
    "environment",
    "event_name",
];

/// How many characters of a claim are shown.
const MAX_SHOWN: usize = 200;

#[derive(Clone, PartialEq, Eq)]
pub struct JwtClaims(Map<String, Value>);

impl JwtClaims {
    /// Returns `None` if `token` is not a signed JWT (RFC 7515 §7.1).
    pub fn decode(token: &Secret) -> Option<Self> {
        let mut parts = token.expose().split('.');
        let (_header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&bytes).ok().map(Self)
    }

    /// Returns the audiences (RFC 7519 §4.1.3): one text, or a list.
    pub fn audiences(&self) -> Vec<&str> {
        match self.0.get("aud") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns `true` for a token that the API server of a Kubernetes cluster issued or accepts.
    pub fn is_for_cluster(&self) -> bool {
        let mut names = self.audiences().into_iter().chain(self.issuer());
        names.any(|name| {
            let host = name.split_once("://").map_or(name, |(_, rest)| rest);
            let host = host.split(['/', ':']).next().unwrap_or_default();
            let rest = host.strip_prefix("kubernetes.default.svc");
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Returns the issuer (RFC 7519 §4.1.1).
    pub fn issuer(&self) -> Option<&str> {
        self.0.get("iss").and_then(Value::as_str)
    }

    /// Returns the expiry (RFC 7519 §4.1.4).
    pub fn expiry(&self) -> Option<Timestamp> {
        Timestamp::from_second(json_seconds(self.0.get("exp")?)?).ok()
    }
}

/// Shows the identifying claims and the expiry: `iss "https://…", sub "repo:…", exp 2026-01-01T00:00:00Z`.
impl fmt::Display for JwtClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claims = IDENTIFYING.iter().filter_map(|name| {
            let value = match self.0.get(*name)? {
                Value::String(text) => text.clone(),
                Value::Array(_) if *name == "aud" => self.audiences().join(", "),
                other => other.to_string(),
            };
            let value: String = sanitize_line(&value).chars().take(MAX_SHOWN).collect();
            Some(format!("{name} \"{value}\""))
        });
        let expiry = self.expiry().map(|time| format!("exp {time}"));
        let shown: Vec<String> = claims.chain(expiry).collect();
        f.write_str(&shown.join(", "))
    }
}

/// Shows as much as `Display`.
impl fmt::Debug for JwtClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JwtClaims({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(claims: &str) -> Secret {
        Secret::new(format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims)))
    }

    #[test]
    fn identifying_claims_are_shown_in_order_and_others_are_not() {
        let token = token(
            r#"{"exp":1900000000,"jti":"hidden","sub":"repo:o/r\u001b[31m","aud":["a","b"],"iss":"https://i","ref":"main"}"#,
        );
        let claims = JwtClaims::decode(&token).unwrap();
        assert_eq!(
            claims.to_string(),
            r#"iss "https://i", sub "repo:o/r[31m", aud "a, b", ref "main", exp 2030-03-17T17:46:40Z"#
        );
        assert_eq!(claims.audiences(), ["a", "b"]);
    }

    #[test]
    fn audience_is_a_text_or_a_list() {
        for (claims, expected) in [
            (r#"{"aud":"a"}"#, &["a"][..]),
            (r#"{"aud":["a",1,"b"]}"#, &["a", "b"]),
            (r#"{"aud":7}"#, &[]),
            ("{}", &[]),
        ] {
            let claims = JwtClaims::decode(&token(claims)).unwrap();
            assert_eq!(claims.audiences(), expected);
        }
    }

    #[test]
    fn other_texts_are_no_signed_tokens() {
        for text in [
            "",
            "opaque",
            "a.b",
            "e30.e30",
            "e30.W10.c2ln",
            "a.b.c.d.e",
            "e30.???.x",
        ] {
            assert_eq!(JwtClaims::decode(&Secret::new(text)), None, "{text}");
        }
    }
}
