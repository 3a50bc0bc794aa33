//! Making, showing, changing and ending API tokens.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::{Channel, NewToken, Refusal, Service, ServiceError, TokenPages, facts, method};
use crate::domain::{ApiToken, MintedToken, Secret, TokenId, TokenKind};
use crate::http::{Answer, Request};
use crate::provider::{
    CreateArgument, CreateCall, Descriptor, Encoding, Places, Pointer, TokenVerb,
};

impl<C: Channel> Service<'_, C> {
    /// Makes a token.
    ///
    /// # Errors
    /// `UNSUPPORTED` for a verb or an option that the service does not document and `USAGE` for a value that it does
    /// not take, both before anything is sent; then whatever the service or the channel says.
    pub async fn create_token(&self, wanted: &NewToken) -> Result<MintedToken, C::Error> {
        let call = self.documented(self.descriptor.tokens.create.as_ref(), TokenVerb::Create)?;
        let body = wanted.body(self.descriptor, call)?;
        let request = match &wanted.space {
            Some(space) => {
                let no_spaces = || ServiceError::Option {
                    service: self.descriptor.name.clone(),
                    option: "--space",
                };
                let path = call.space.as_ref().ok_or_else(no_spaces)?;
                self.request(path, Some(space))?
            }
            None => self.request(&call.call, None)?,
        };
        let request = encode(request, call.encoding, &body).handing_out(call.secret.pointers());
        let answer = self.channel.send(request).await?;
        self.settled(&answer)
            .map_err(|refusal| at_a_limit(refusal, call, &body))?;
        Ok(self.minted(call, wanted, &answer)?)
    }

    /// The token in the answer to its making.
    fn minted(
        &self,
        call: &CreateCall,
        wanted: &NewToken,
        answer: &Answer,
    ) -> Result<MintedToken, ServiceError> {
        let not_json = || self.malformed("an answer that is not JSON");
        let date = answer.date();
        let answer = answer.json().ok_or_else(not_json)?;
        let secret = call
            .secret
            .text(&answer)
            .map(Secret::new)
            .filter(Secret::is_visible_ascii);
        let secret = secret.ok_or_else(|| self.malformed("no secret with the new token"))?;
        let mut token = self.facts(&call.token, &answer).without(&secret);
        let is_named = call.body.values().any(|it| *it == CreateArgument::Name);
        let named = || is_named.then(|| wanted.name.clone());
        token.name = token.name.or_else(named);
        if wanted.is_temporary(&call.limits) && token.expires_at.is_none() {
            token.kind = Some(TokenKind::Temporary);
            token.expires_at = assumed_end(call, &token, date);
        }
        Ok(MintedToken { token, secret })
    }

    /// The tokens, page by page; with `kind`, those of that kind.
    ///
    /// # Errors
    /// `UNSUPPORTED` where the service documents no list, or does not tell the kinds apart.
    pub fn token_pages(&self, kind: Option<TokenKind>) -> Result<TokenPages<'_, C>, ServiceError> {
        let tokens = &self.descriptor.tokens;
        let call = self.documented(tokens.list.as_ref(), TokenVerb::List)?;
        if kind.is_some() && call.permanent.is_none() && tokens.fields.kind.is_none() {
            return Err(ServiceError::Option {
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
        let call = self.documented(self.descriptor.tokens.get.as_ref(), TokenVerb::Get)?;
        let request = self.request(&call.call, Some(id.as_str()))?;
        let answer = self.exchange_json(request).await?;
        let mut token = self.facts(&call.token, &answer);
        token.id.get_or_insert_with(|| id.clone());
        Ok(token)
    }

    /// Switches the token called `id` on or off; what the answer tells of it.
    ///
    /// # Errors
    /// As [`Service::get_token`].
    pub async fn update_token(&self, id: &TokenId, active: bool) -> Result<ApiToken, C::Error> {
        let call = self.documented(self.descriptor.tokens.update.as_ref(), TokenVerb::Update)?;
        let body = Map::from_iter([(call.active.clone(), json!(active))]);
        let request = self.request(&call.call, Some(id.as_str()))?;
        let answer = self.exchange(encode(request, call.encoding, &body)).await?;
        let mut token = self.facts(&call.token, &self.lenient_json(&answer)?);
        token.id.get_or_insert_with(|| id.clone());
        token.active.get_or_insert(active);
        Ok(token)
    }

    /// Ends the token called `id`.
    ///
    /// # Errors
    /// As [`Service::get_token`].
    pub async fn revoke_token(&self, id: &TokenId) -> Result<(), C::Error> {
        let call = self.documented(self.descriptor.tokens.revoke.as_ref(), TokenVerb::Revoke)?;
        self.exchange(self.request(call, Some(id.as_str()))?)
            .await?;
        Ok(())
    }

    /// Ends all tokens of one kind; all there are, the one in use too, where `kind` is `None`.
    ///
    /// # Errors
    /// As [`Service::get_token`].
    pub async fn revoke_many(&self, kind: Option<TokenKind>) -> Result<(), C::Error> {
        let call = self.descriptor.tokens.revoke_many.as_ref();
        let call = self.documented(call, TokenVerb::RevokeMany)?;
        let url = self.base.join(&call.call.path(None));
        let mut url = url.map_err(ServiceError::from)?;
        if let Some(kind) = kind {
            url.query_pairs_mut()
                .append_pair(&call.permanent, kind.as_filter());
        }
        self.exchange(Request::new(method(&call.call), url)).await?;
        Ok(())
    }

    fn facts(&self, places: &Places, answer: &Value) -> ApiToken {
        let fields = &self.descriptor.tokens.fields;
        facts::token(fields, places.object(answer).unwrap_or(&Value::Null))
    }

    fn documented<T>(&self, call: Option<T>, verb: TokenVerb) -> Result<T, ServiceError> {
        call.ok_or_else(|| unsupported(self.descriptor, verb))
    }
}

/// Fails where `descriptor` has not what `verb` needs.
///
/// # Errors
/// `UNSUPPORTED`, naming what the service does offer.
pub fn require(descriptor: &Descriptor, verb: TokenVerb) -> Result<(), ServiceError> {
    if descriptor.tokens.offers(verb) {
        return Ok(());
    }
    Err(unsupported(descriptor, verb))
}

fn unsupported(descriptor: &Descriptor, verb: TokenVerb) -> ServiceError {
    ServiceError::Unsupported {
        service: descriptor.name.clone(),
        verb: format!("token {}", verb.name()),
        offered: descriptor.tokens.offered(),
    }
}

/// The documented end of a temporary token whose answer has none, from its beginning or the answer's date.
fn assumed_end(call: &CreateCall, token: &ApiToken, date: Option<Timestamp>) -> Option<Timestamp> {
    let lifetime = call.limits.permanent?.lifetime?;
    let lifetime = SignedDuration::from_secs(i64::from(lifetime));
    token.created_at.or(date)?.checked_add(lifetime).ok()
}

/// Services tell a limit in words of their own, or not at all.
fn at_a_limit(
    mut refusal: Box<Refusal>,
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
        refusal.tell_limit(limit, permanent, field);
    }
    ServiceError::Refused(refusal)
}

pub(super) fn encode(request: Request, encoding: Encoding, body: &Map<String, Value>) -> Request {
    match encoding {
        Encoding::Json => request.json(&Value::Object(body.clone())),
        Encoding::Form => {
            let texts: Vec<(String, String)> = body
                .iter()
                .map(|(name, value)| (name.clone(), plain(value)))
                .collect();
            let fields: Vec<(&str, &str)> = texts
                .iter()
                .map(|(name, text)| (name.as_str(), text.as_str()))
                .collect();
            request.form(&fields)
        }
    }
}

fn plain(value: &Value) -> String {
    Pointer::default()
        .text(value)
        .unwrap_or_else(|| value.to_string())
}
