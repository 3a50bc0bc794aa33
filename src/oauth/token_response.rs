//! The token response (RFC 6749 §5.1).

use serde_json::{Map, Value};

use super::form_request::FormRequest;
use super::{IdClaims, OauthError, json_fields};
use crate::domain::{Scopes, Secret, sanitize_line};

/// A successful response of a token endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenResponse {
    pub access_token: Secret,
    /// If a refresh returns none, the old one stays valid (RFC 6749 §6).
    pub refresh_token: Option<Secret>,
    /// The lifetime in seconds; unknown if the server does not send it, or sends 0 or less.
    pub expires_in: Option<i64>,
    /// An `expires_in` of 0 or less, for a warning.
    pub invalid_lifetime: Option<i64>,
    /// The granted scopes; `None` means the requested ones (RFC 6749 §5.1).
    pub scopes: Option<Scopes>,
    /// `Bearer` in any case; some servers omit it.
    pub token_type: Option<String>,
    /// The account that the ID token names.
    pub claims: Option<IdClaims>,
}

impl TokenResponse {
    /// Parses the response to `form`; unknown members are ignored.
    pub(super) fn parse(
        form: &FormRequest<'_>,
        mut members: Map<String, Value>,
    ) -> Result<Self, OauthError> {
        let members = &mut members;
        let token_type =
            json_fields::take_text(members, "token_type").map(|kind| sanitize_line(&kind));
        let refresh_token = json_fields::take_secret(members, "refresh_token");
        let refresh_token = refresh_token.filter(Secret::is_visible_ascii);
        let access_token = json_fields::take_secret(members, "access_token");
        let problem = match (&access_token, &token_type) {
            (_, Some(kind)) if !is_bearer(kind) => Some(format!(
                "its `token_type` is `{kind}`, which is not supported"
            )),
            (Some(token), _) if !token.is_visible_ascii() => {
                Some("it contains invalid characters".to_owned())
            }
            (None, _) if refresh_token.is_some() => Some("`access_token` is missing".to_owned()),
            _ => None,
        };
        if let Some(what) = problem {
            return Err(form.unusable_token_error(what, refresh_token));
        }
        let access_token = access_token.ok_or_else(|| form.missing_field_error("access_token"))?;
        let lifetime = json_fields::take_seconds(members, "expires_in");
        let id_token = json_fields::take_secret(members, "id_token");
        Ok(Self {
            access_token,
            refresh_token,
            expires_in: lifetime.filter(|seconds| *seconds > 0),
            invalid_lifetime: lifetime.filter(|seconds| *seconds <= 0),
            scopes: json_fields::take_scopes(members, "scope"),
            token_type,
            claims: id_token.and_then(|token| IdClaims::from_id_token(&token, form.client?)),
        })
    }
}

/// A token of an unknown type must not be used (RFC 6749 §7.1). The type is case-insensitive (§5.1), and some servers
/// write `BearerToken`.
fn is_bearer(token_type: &str) -> bool {
    token_type.to_ascii_lowercase().starts_with("bearer")
}
