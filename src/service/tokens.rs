//! Making, showing, changing and ending API tokens.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::{
    ApiError, ApiTransport, NewToken, Service, ServiceError, TokenPages, http_method, token_json,
};
use crate::domain::{ApiToken, CreatedToken, Secret, TokenId, TokenKind};
use crate::http::{Request, Response};
use crate::provider::{
    CreateArgument, CreateCall, Descriptor, Encoding, Pointer, Pointers, TokenVerb,
};

impl<C: ApiTransport> Service<'_, C> {
    /// Makes a token.
    ///
    /// # Errors
    /// `UNSUPPORTED` for a verb or an option that the service does not document and `USAGE` for a value that it does
    /// not take, both before anything is sent; then whatever the service or the channel says.
    pub async fn create_token(&self, wanted: &NewToken) -> Result<CreatedToken, C::Error> {
        let call = self.require_call(self.descriptor.tokens.create.as_ref(), TokenVerb::Create)?;
        let body = wanted.body(self.descriptor, call)?;
        let request = match &wanted.space {
            Some(space) => {
                let no_spaces = || ServiceError::UnsupportedOption {
                    service: self.descriptor.name.clone(),
                    option: "--space",
                };
                let path = call.space.as_ref().ok_or_else(no_spaces)?;
                self.build_request(path, Some(space))?
            }
            None => self.build_request(&call.call, None)?,
        };
        let request =
            encode_body(request, call.encoding, &body).expect_secrets_at(call.secret.to_strings());
        let answer = self.transport.send(request).await?;
        self.check_status(&answer)
            .map_err(|refusal| explain_limit_error(refusal, call, &body))?;
        Ok(self.parse_created_token(call, wanted, &answer)?)
    }

    /// The token in the answer to its making.
    fn parse_created_token(
        &self,
        call: &CreateCall,
        wanted: &NewToken,
        answer: &Response,
    ) -> Result<CreatedToken, ServiceError> {
        let not_json = || self.malformed_error("an answer that is not JSON");
        let date = answer.date();
        let answer = answer.json().ok_or_else(not_json)?;
        let secret = call
            .secret
            .text_in(&answer)
            .map(Secret::new)
            .filter(Secret::is_visible_ascii);
        let secret = secret.ok_or_else(|| self.malformed_error("no secret with the new token"))?;
        let mut token = self.parse_token_at(&call.token, &answer).redact(&secret);
        let is_named = call.body.values().any(|it| *it == CreateArgument::Name);
        let named = || is_named.then(|| wanted.name.clone());
        token.name = token.name.or_else(named);
        if wanted.is_temporary(&call.limits) && token.expires_at.is_none() {
            token.kind = Some(TokenKind::Temporary);
            token.expires_at = assumed_expiry(call, &token, date);
        }
        Ok(CreatedToken { token, secret })
    }

    /// The tokens, page by page; with `kind`, those of that kind.
    ///
    /// # Errors
    /// `UNSUPPORTED` where the service documents no list, or does not tell the kinds apart.
    pub fn token_pages(&self, kind: Option<TokenKind>) -> Result<TokenPages<'_, C>, ServiceError> {
        let tokens = &self.descriptor.tokens;
        let call = self.require_call(tokens.list.as_ref(), TokenVerb::List)?;
        if kind.is_some() && call.permanent.is_none() && tokens.fields.kind.is_none() {
            return Err(ServiceError::UnsupportedOption {
                service: self.descriptor.name.clone(),
                option: "--permanent or --temporary",
            });
        }
        Ok(TokenPages::new(self, call, kind))
    }

    /// The token called `id`.
    ///
    /// # Errors
    /// `UNSUPPORTED` where the service documents no such call, and whatever the service or the channel says.
    pub async fn get_token(&self, id: &TokenId) -> Result<ApiToken, C::Error> {
        let call = self.require_call(self.descriptor.tokens.get.as_ref(), TokenVerb::Get)?;
        let request = self.build_request(&call.call, Some(id.as_str()))?;
        let answer = self.send_for_json(request).await?;
        let mut token = self.parse_token_at(&call.token, &answer);
        token.id.get_or_insert_with(|| id.clone());
        Ok(token)
    }

    /// Switches the token called `id` on or off; what the answer tells of it.
    ///
    /// # Errors
    /// As [`Service::get_token`].
    pub async fn update_token(&self, id: &TokenId, active: bool) -> Result<ApiToken, C::Error> {
        let call = self.require_call(self.descriptor.tokens.update.as_ref(), TokenVerb::Update)?;
        let body = Map::from_iter([(call.active.clone(), json!(active))]);
        let request = self.build_request(&call.call, Some(id.as_str()))?;
        let answer = self
            .send_checked(encode_body(request, call.encoding, &body))
            .await?;
        let mut token = self.parse_token_at(&call.token, &self.json_or_null(&answer)?);
        token.id.get_or_insert_with(|| id.clone());
        token.active.get_or_insert(active);
        Ok(token)
    }

    /// Ends the token called `id`.
    ///
    /// # Errors
    /// As [`Service::get_token`].
    pub async fn revoke_token(&self, id: &TokenId) -> Result<(), C::Error> {
        let call = self.require_call(self.descriptor.tokens.revoke.as_ref(), TokenVerb::Revoke)?;
        self.send_checked(self.build_request(call, Some(id.as_str()))?)
            .await?;
        Ok(())
    }

    /// Ends all tokens of one kind; all there are, the one in use too, where `kind` is `None`.
    ///
    /// # Errors
    /// As [`Service::get_token`].
    pub async fn revoke_many(&self, kind: Option<TokenKind>) -> Result<(), C::Error> {
        let call = self.descriptor.tokens.revoke_many.as_ref();
        let call = self.require_call(call, TokenVerb::RevokeMany)?;
        let url = self.base_url.join(&call.call.path(None));
        let mut url = url.map_err(ServiceError::from)?;
        if let Some(kind) = kind {
            url.query_pairs_mut()
                .append_pair(&call.permanent, kind.as_filter());
        }
        self.send_checked(Request::new(http_method(&call.call), url))
            .await?;
        Ok(())
    }

    fn parse_token_at(&self, places: &Pointers, answer: &Value) -> ApiToken {
        let fields = &self.descriptor.tokens.fields;
        token_json::parse_token(fields, places.object_in(answer).unwrap_or(&Value::Null))
    }

    fn require_call<T>(&self, call: Option<T>, verb: TokenVerb) -> Result<T, ServiceError> {
        call.ok_or_else(|| unsupported_verb(self.descriptor, verb))
    }
}

/// Fails where `descriptor` has not what `verb` needs.
///
/// # Errors
/// `UNSUPPORTED`, naming what the service does offer.
pub fn ensure_supported(descriptor: &Descriptor, verb: TokenVerb) -> Result<(), ServiceError> {
    if descriptor.tokens.supports(verb) {
        return Ok(());
    }
    Err(unsupported_verb(descriptor, verb))
}

fn unsupported_verb(descriptor: &Descriptor, verb: TokenVerb) -> ServiceError {
    ServiceError::Unsupported {
        service: descriptor.name.clone(),
        verb: format!("token {}", verb.name()),
        offered: descriptor.tokens.supported_verbs(),
    }
}

/// The documented end of a temporary token whose answer has none, from its beginning or the answer's date.
fn assumed_expiry(
    call: &CreateCall,
    token: &ApiToken,
    date: Option<Timestamp>,
) -> Option<Timestamp> {
    let lifetime = call.limits.permanent?.lifetime?;
    let lifetime = SignedDuration::from_secs(i64::from(lifetime));
    token.created_at.or(date)?.checked_add(lifetime).ok()
}

/// Services tell a limit in words of their own, or not at all.
fn explain_limit_error(
    mut refusal: Box<ApiError>,
    call: &CreateCall,
    body: &Map<String, Value>,
) -> ServiceError {
    if let Some(limit) = &call.limits.at_most {
        let field = call
            .body
            .iter()
            .find(|(_, it)| **it == CreateArgument::Permanent);
        let field = field.map(|(field, _)| field.as_str());
        let permanent = field.and_then(|field| body.get(field)?.as_bool());
        refusal.explain_quota(limit, permanent, field);
    }
    ServiceError::Api(refusal)
}

pub(super) fn encode_body(
    request: Request,
    encoding: Encoding,
    body: &Map<String, Value>,
) -> Request {
    match encoding {
        Encoding::Json => request.json(&Value::Object(body.clone())),
        Encoding::Form => {
            let texts: Vec<(String, String)> = body
                .iter()
                .map(|(name, value)| (name.clone(), value_text(value)))
                .collect();
            let fields: Vec<(&str, &str)> = texts
                .iter()
                .map(|(name, text)| (name.as_str(), text.as_str()))
                .collect();
            request.form(&fields)
        }
    }
}

fn value_text(value: &Value) -> String {
    Pointer::default()
        .text_in(value)
        .unwrap_or_else(|| value.to_string())
}
