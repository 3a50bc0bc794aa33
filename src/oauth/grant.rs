//! The answer that holds tokens (RFC 6749 §5.1).

use serde_json::{Map, Value};

use super::endpoint::Form;
use super::{OauthError, lenient};
use crate::domain::{Scopes, Secret, one_line};

/// What a token endpoint granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
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

impl Grant {
    /// Reads an answer to `form`; unknown members are ignored.
    pub(super) fn read(
        form: &Form<'_>,
        mut members: Map<String, Value>,
    ) -> Result<Self, OauthError> {
        let members = &mut members;
        let access_token = lenient::secret(members, "access_token");
        Ok(Self {
            access_token: access_token.ok_or_else(|| form.missing("access_token"))?,
            refresh_token: lenient::secret(members, "refresh_token"),
            expires_in: lenient::seconds(members, "expires_in"),
            scopes: lenient::scopes(members, "scope"),
            token_type: lenient::text(members, "token_type").map(|kind| one_line(&kind)),
        })
    }
}
