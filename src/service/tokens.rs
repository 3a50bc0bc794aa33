//! Creates, shows, updates and revokes API tokens.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::call_values::CallValues;
use super::supported_verbs::unsupported_verb;
use super::{ApiError, ApiTransport, NewToken, Service, ServiceError, TokenPages, token_json};
use crate::domain::{ApiToken, CreatedToken, Secret, TokenId, TokenKind};
use crate::http::{Request, Response};
use crate::provider::{
    CreateArgument, CreateCall, Placeholder, Pointers, RequestTemplate, TokenVerb,
};

impl<C: ApiTransport> Service<'_, C> {
    /// Creates a token.
    ///
    /// # Errors
    /// `UNSUPPORTED` for a call or an option that the service does not have and `USAGE` for an invalid value, both before
    /// anything is sent; then errors of the service and the transport.
    pub async fn create_token(&self, new_token: &NewToken) -> Result<CreatedToken, C::Error> {
        let call = self.require_call(self.descriptor.tokens.create.as_ref(), TokenVerb::Create)?;
        let values = new_token.values(
            self.descriptor,
            call,
            self.transport.server_time(&self.base_url.origin()),
        )?;
        let template = match &new_token.space {
            Some(_) => call
                .space_request()
                .ok_or_else(|| self.unsupported_option_error("--space"))?,
            None => call.request(),
        };
        let values = values.with_id(new_token.space.as_deref());
        let request = self.request(template, values).await?;
        let request = request.expect_secrets_at(call.secret.to_strings());
        let response = self.transport.send(request).await?;
        self.check_status(&response)
            .map_err(|error| explain_limit_error(error, call, new_token))
            .map_err(|error| error.of_confirmed(template))?;
        Ok(self.parse_created_token(call, new_token, &response)?)
    }

    /// Parses the response to a create call.
    fn parse_created_token(
        &self,
        call: &CreateCall,
        new_token: &NewToken,
        response: &Response,
    ) -> Result<CreatedToken, ServiceError> {
        let date = response.date();
        let created = self.parse_secret_and_token(
            &call.secret,
            &call.token,
            response,
            "tokens.create.secret",
        )?;
        let CreatedToken { mut token, secret } = created;
        let requested_name = || {
            call.takes(CreateArgument::Name)
                .then(|| new_token.name.clone())
        };
        token.name = token.name.or_else(requested_name);
        if new_token.is_temporary(&call.limits) && token.expires_at.is_none() {
            token.kind = Some(TokenKind::Temporary);
            token.expires_at = assumed_expiry(call, &token, date);
        }
        Ok(CreatedToken { token, secret })
    }

    /// Parses the secret and the facts of a new token. `member` has the pointers of the secret, for errors.
    pub(super) fn parse_secret_and_token(
        &self,
        secret: &Pointers,
        token: &Pointers,
        response: &Response,
        member: &'static str,
    ) -> Result<CreatedToken, ServiceError> {
        let body = self.require_json(response)?;
        let secret = secret.text_in(&body).map(Secret::new);
        let secret = secret.filter(Secret::is_visible_ascii);
        let secret =
            secret.ok_or_else(|| self.malformed_at(member, "no secret for the new token"))?;
        let object = token.object_in(&body).unwrap_or(&Value::Null);
        let mut token = self.parse_token_at(token, &body).redact(&secret);
        let expiry = self.descriptor.tokens.fields.expires_at.as_ref();
        token.reports_expiry &= expiry.is_some_and(|pointer| pointer.exists_in(object));
        Ok(CreatedToken { token, secret })
    }

    /// Returns the tokens page by page, only those of `kind` if given.
    ///
    /// # Errors
    /// `UNSUPPORTED` if the service has no list, or does not report kinds.
    pub fn token_pages(&self, kind: Option<TokenKind>) -> Result<TokenPages<'_, C>, ServiceError> {
        let tokens = &self.descriptor.tokens;
        let call = self.require_call(tokens.list.as_ref(), TokenVerb::List)?;
        if kind.is_some() && call.permanent.is_none() && tokens.fields.kind.is_none() {
            return Err(self.unsupported_option_error("--permanent or --temporary"));
        }
        Ok(TokenPages::new(self, call, kind))
    }

    /// Returns the token with this id.
    ///
    /// # Errors
    /// `UNSUPPORTED` if the service has no such call, and errors of the service and the transport.
    pub async fn get_token(&self, id: &TokenId) -> Result<ApiToken, C::Error> {
        let call = self.require_call(self.descriptor.tokens.get.as_ref(), TokenVerb::Get)?;
        let values = CallValues::default().with_token_id(self.descriptor, id)?;
        let request = self.request(&call.call, values).await?;
        let response = self.send_for_json(request).await?;
        let mut token = self.parse_token_at(&call.token, &response);
        token.id.get_or_insert_with(|| id.clone());
        Ok(token)
    }

    /// Enables or disables the token with this id and returns the token as the response describes it.
    ///
    /// # Errors
    /// As [`Service::get_token`].
    pub async fn update_token(&self, id: &TokenId, active: bool) -> Result<ApiToken, C::Error> {
        let tokens = &self.descriptor.tokens;
        let values = CallValues::default().with_token_id(self.descriptor, id)?;
        let separate_call = if active {
            &tokens.enable
        } else {
            &tokens.disable
        };
        if let Some(call) = separate_call {
            self.send_template(call.request(), values).await?;
            return Ok(ApiToken {
                id: Some(id.clone()),
                active: Some(active),
                ..ApiToken::default()
            });
        }
        let call = self.require_call(tokens.update.as_ref(), TokenVerb::Update)?;
        let values = values.with(Placeholder::Active, active);
        let response = self.send_template(call.request(), values).await?;
        let mut token = self.parse_token_at(&call.token, &self.json_or_null(&response)?);
        token.id.get_or_insert_with(|| id.clone());
        token.active.get_or_insert(active);
        Ok(token)
    }

    /// Revokes the token with this id.
    ///
    /// # Errors
    /// As [`Service::get_token`].
    pub async fn revoke_token(&self, id: &TokenId) -> Result<(), C::Error> {
        let call = self.require_call(self.descriptor.tokens.revoke.as_ref(), TokenVerb::Revoke)?;
        let values = CallValues::default().with_token_id(self.descriptor, id)?;
        self.send_template(call.request(), values).await?;
        Ok(())
    }

    /// Revokes the token that the request is sent with.
    ///
    /// # Errors
    /// As [`Service::get_token`].
    pub async fn revoke_self(&self) -> Result<(), C::Error> {
        let call = self.descriptor.tokens.revoke_self.as_ref();
        let call = self.require_call(call, TokenVerb::Revoke)?;
        self.send_template(call.request(), CallValues::default())
            .await?;
        Ok(())
    }

    /// Revokes all tokens of `kind`, or all tokens if `kind` is `None`; this includes the one in use.
    ///
    /// # Errors
    /// As [`Service::get_token`].
    pub async fn revoke_many(&self, kind: Option<TokenKind>) -> Result<(), C::Error> {
        let call = self.descriptor.tokens.revoke_many.as_ref();
        let call = self.require_call(call, TokenVerb::RevokeMany)?;
        let request = self.request(&call.call, CallValues::default()).await?;
        let mut url = request.url().clone();
        if let Some(kind) = kind {
            url.query_pairs_mut()
                .append_pair(&call.permanent, kind.as_filter());
        }
        self.send_checked(request.with_url(url)).await?;
        Ok(())
    }

    fn parse_token_at(&self, pointers: &Pointers, body: &Value) -> ApiToken {
        let calls = &self.descriptor.tokens;
        token_json::parse_token(calls, pointers.object_in(body).unwrap_or(&Value::Null))
    }

    /// Sends the request of `template` and converts an error response into an error.
    async fn send_template(
        &self,
        template: RequestTemplate<'_>,
        values: CallValues,
    ) -> Result<Response, C::Error> {
        let request = self.request(template, values).await?;
        self.send_for_template(template, request).await
    }

    /// Sends `request`, which is one of `template`.
    pub(super) async fn send_for_template(
        &self,
        template: RequestTemplate<'_>,
        request: Request,
    ) -> Result<Response, C::Error> {
        let response = self.transport.send(request).await?;
        self.check_status(&response)
            .map_err(|error| ServiceError::Api(error).of_confirmed(template))?;
        Ok(response)
    }

    fn unsupported_option_error(&self, option: &'static str) -> ServiceError {
        ServiceError::UnsupportedOption {
            service: self.descriptor.name.clone(),
            option,
            file: self.descriptor.file.clone(),
        }
    }

    pub(super) fn require_call<T>(
        &self,
        call: Option<T>,
        verb: TokenVerb,
    ) -> Result<T, ServiceError> {
        call.ok_or_else(|| unsupported_verb(self.descriptor, verb))
    }
}

/// Returns the documented expiry of a temporary token whose response has none, from its creation or the response's date.
fn assumed_expiry(
    call: &CreateCall,
    token: &ApiToken,
    date: Option<Timestamp>,
) -> Option<Timestamp> {
    let lifetime = call.limits.permanent?.lifetime?;
    let lifetime = SignedDuration::from_secs(i64::from(lifetime));
    token.created_at.or(date)?.checked_add(lifetime).ok()
}

/// Adds the documented quota to an error of a create call.
fn explain_limit_error(
    mut error: Box<ApiError>,
    call: &CreateCall,
    new_token: &NewToken,
) -> ServiceError {
    if let Some(limit) = &call.limits.at_most {
        let body = call.request().body;
        let field = body.and_then(|body| body.template.member_of(&Placeholder::Permanent));
        let permanent = new_token.resolve_permanent(&call.limits);
        error.explain_quota(limit, permanent, field);
    }
    ServiceError::Api(error)
}
