//! The answer that holds tokens (RFC 6749 §5.1).

use serde_json::{Map, Value};

use super::form_request::FormRequest;
use super::{OauthError, json_fields};
use crate::domain::{Scopes, Secret, sanitize_line};

/// What a token endpoint granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenResponse {
    /// What requests carry.
    pub access_token: Secret,
    /// What renews it. When a refresh brings none, the old one stays valid (RFC 6749 §6).
    pub refresh_token: Option<Secret>,
    /// The lifetime in seconds; none is assumed when the server does not tell.
    pub expires_in: Option<i64>,
    /// What was granted; when the server does not tell, what was asked (RFC 6749 §5.1).
    pub scopes: Option<Scopes>,
    /// `Bearer` as a rule, in whatever case; some servers leave it out.
    pub token_type: Option<String>,
}

impl TokenResponse {
    /// Reads an answer to `form`; unknown members are ignored.
    pub(super) fn parse(
        form: &FormRequest<'_>,
        mut members: Map<String, Value>,
    ) -> Result<Self, OauthError> {
        let members = &mut members;
        let token_type =
            json_fields::take_text(members, "token_type").map(|kind| sanitize_line(&kind));
        if let Some(kind) = token_type.as_ref().filter(|kind| !is_bearer(kind)) {
            let what = format!("its `token_type` is `{kind}`, which is not understood");
            return Err(form.malformed_error(what));
        }
        let access_token = json_fields::take_secret(members, "access_token");
        let access_token = access_token.ok_or_else(|| form.missing_field_error("access_token"))?;
        let refresh_token = json_fields::take_secret(members, "refresh_token");
        let is_odd = |token: &Secret| !token.is_visible_ascii();
        if is_odd(&access_token) || refresh_token.as_ref().is_some_and(is_odd) {
            return Err(form.malformed_error("a token has characters that no token may have"));
        }
        Ok(Self {
            access_token,
            refresh_token,
            expires_in: json_fields::take_seconds(members, "expires_in"),
            scopes: json_fields::take_scopes(members, "scope"),
            token_type,
        })
    }
}

/// A token of a type that is not understood must not be used (RFC 6749 §7.1). The case does not matter (§5.1), and some
/// servers spell it `BearerToken`.
fn is_bearer(token_type: &str) -> bool {
    token_type.to_ascii_lowercase().starts_with("bearer")
}
