//! The service's own call that replaces a token by a new one.

use jiff::SignedDuration;
use serde_json::json;

use super::call_values::CallValues;
use super::{ApiTransport, Service};
use crate::domain::{ApiToken, CreatedToken, TokenId, TokenKind};
use crate::provider::{Placeholder, TokenVerb};

/// The token to replace. The call repeats its facts, where the service requires them.
#[derive(Debug)]
pub struct TokenToRotate<'a> {
    pub id: &'a TokenId,
    pub facts: &'a ApiToken,
    pub lifetime: Option<SignedDuration>,
}

impl<C: ApiTransport> Service<'_, C> {
    /// Replaces a token. Its key is invalid afterwards.
    ///
    /// # Errors
    /// As [`Service::get_token`].
    pub async fn rotate_token(&self, old: &TokenToRotate<'_>) -> Result<CreatedToken, C::Error> {
        let call = self.require_call(self.descriptor.tokens.rotate.as_ref(), TokenVerb::Rotate)?;
        let mut values = CallValues::default().with_token_id(self.descriptor, old.id)?;
        let facts = old.facts;
        let kind = facts.kind.map(|kind| json!(kind == TokenKind::Permanent));
        for (placeholder, value) in [
            (Placeholder::Name, facts.name.as_ref().map(|it| json!(it))),
            (
                Placeholder::Scopes,
                facts.scopes.as_ref().map(|it| json!(it)),
            ),
            (
                Placeholder::Permissions,
                facts.permissions.as_ref().map(|it| json!(it)),
            ),
            (Placeholder::Permanent, kind),
        ] {
            if let Some(value) = value {
                values = values.with(placeholder, value);
            }
        }
        if let Some(lifetime) = old.lifetime {
            let now = self.transport.server_time(&self.base_url.origin());
            values = values.with_lifetime(lifetime, now);
        }
        let template = call.request();
        let request = self.request(template, values).await?;
        // A second attempt would replace the new token.
        let request = request.no_retry();
        let request = request.expect_secrets_at(call.secret.to_strings());
        let response = self.send_for_template(template, request).await?;
        Ok(self.parse_secret_and_token(
            &call.secret,
            &call.token,
            &response,
            "tokens.rotate.secret",
        )?)
    }
}
