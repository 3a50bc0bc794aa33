//! Making and ending API tokens.

use serde_json::{Map, Value, json};

use super::{Channel, Service, ServiceError, TokenPages, facts};
use crate::domain::{MintedToken, Secret, TokenId};
use crate::http::Request;
use crate::provider::{CreateArgument, CreateCall, Encoding, Pointer};

/// The token that a user wants. What is `None` or empty is left to the service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewToken {
    /// Its name.
    pub name: String,
    /// Permanent (`true`) or temporary.
    pub permanent: Option<bool>,
    /// What it may do.
    pub permissions: Vec<String>,
    /// On what.
    pub scopes: Vec<String>,
    /// Its lifetime in days.
    pub expires_in_days: Option<u32>,
}

impl NewToken {
    /// What was asked for: option, argument and value. A name is always given, but a service may have none.
    fn wanted(&self) -> Vec<(&'static str, CreateArgument, Value)> {
        let list = |words: &[String]| (!words.is_empty()).then(|| json!(words));
        [
            (
                "--permanent or --temporary",
                CreateArgument::Permanent,
                self.permanent.map(Value::from),
            ),
            (
                "--permission",
                CreateArgument::Permissions,
                list(&self.permissions),
            ),
            ("--scope", CreateArgument::Scopes, list(&self.scopes)),
            (
                "--expires-in",
                CreateArgument::ExpiresInDays,
                self.expires_in_days.map(Value::from),
            ),
            ("name", CreateArgument::Name, Some(json!(self.name))),
        ]
        .into_iter()
        .filter_map(|(option, argument, value)| value.map(|value| (option, argument, value)))
        .collect()
    }
}

impl<C: Channel> Service<'_, C> {
    /// Makes a token.
    ///
    /// # Errors
    /// `UNSUPPORTED` for a verb or an option that the service does not document, before anything is sent; then
    /// whatever the service or the channel says.
    pub async fn create_token(&self, wanted: &NewToken) -> Result<MintedToken, C::Error> {
        let call = self
            .descriptor
            .tokens
            .create
            .as_ref()
            .ok_or_else(|| self.unsupported("token create"))?;
        let body = self.body(call, wanted)?;
        let answer = self
            .exchange_json(encode(
                self.request(&call.call, None)?,
                call.encoding,
                &body,
            ))
            .await?;
        let fields = &self.descriptor.tokens.fields;
        let secret = call.secret.text(&answer).map(Secret::new);
        let secret = secret.filter(Secret::is_visible_ascii);
        let secret = secret.ok_or_else(|| self.malformed("no secret with the new token"))?;
        let mut token = facts::token(fields, call.token.of(&answer).unwrap_or(&Value::Null));
        token.name = token.name.or_else(|| Some(wanted.name.clone()));
        Ok(MintedToken { token, secret })
    }

    /// The tokens, page by page.
    ///
    /// # Errors
    /// `UNSUPPORTED` where the service documents no list.
    pub fn token_pages(&self) -> Result<TokenPages<'_, C>, ServiceError> {
        let call = self
            .descriptor
            .tokens
            .list
            .as_ref()
            .ok_or_else(|| self.unsupported("token list"))?;
        Ok(TokenPages::new(self, call))
    }

    /// Ends the token called `id`.
    ///
    /// # Errors
    /// `UNSUPPORTED` where the service documents no such call, and whatever the service or the channel says.
    pub async fn revoke_token(&self, id: &TokenId) -> Result<(), C::Error> {
        let call = self
            .descriptor
            .tokens
            .revoke
            .as_ref()
            .ok_or_else(|| self.unsupported("token revoke"))?;
        self.exchange(self.request(call, Some(id.as_str()))?)
            .await?;
        Ok(())
    }

    fn body(
        &self,
        call: &CreateCall,
        wanted: &NewToken,
    ) -> Result<Map<String, Value>, ServiceError> {
        let mut body = Map::new();
        for (option, argument, value) in wanted.wanted() {
            let field = call
                .body
                .iter()
                .find(|(_, takes)| **takes == argument)
                .map(|(field, _)| field);
            match field {
                Some(field) => body.insert(field.clone(), value),
                None if argument == CreateArgument::Name => None,
                None => {
                    return Err(ServiceError::Option {
                        service: self.descriptor.name.clone(),
                        option,
                    });
                }
            };
        }
        Ok(body)
    }
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
