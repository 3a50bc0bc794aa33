//! Sessions of a service's own: signing in with a name and a password, renewing, and what belongs to the account. What
//! comes back is not stored here.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::tokens::encode;
use super::{Channel, Refusal, RefusalKind, Service, ServiceError, facts};
use crate::domain::{Expiry, Moment, Secret, one_line};
use crate::http::Answer;
use crate::provider::{
    LoginArgument, PasswordLogin, Pointer, RefreshCall, SessionPlaces, per_hour,
};

/// A session as the service handed it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionGrant {
    /// The credential itself.
    pub secret: Secret,
    /// What renews it.
    pub refresh_token: Option<Secret>,
    /// Its lifetime in seconds.
    pub expires_in: Option<i64>,
    /// When it ends, for services that say it so.
    pub expires_at: Option<Timestamp>,
    /// Whose it is.
    pub account: Option<String>,
    /// The service's own id of it.
    pub token_id: Option<String>,
}

impl SessionGrant {
    /// The lifetime of a session that was handed out at this moment.
    pub fn expiry(&self, issued: Moment) -> Expiry {
        match self.expires_in {
            None => Expiry::until(issued, self.expires_at),
            expires_in => Expiry::after(issued, expires_in),
        }
    }
}

impl<C: Channel> Service<'_, C> {
    /// Signs in with a name and a password. Sent once: a second try may lock the account.
    ///
    /// # Errors
    /// [`ServiceError::WrongPair`] when the service does not know the two together, `UNSUPPORTED` where it documents no
    /// such sign-in, and whatever the service or the channel says.
    pub async fn password_login(
        &self,
        username: &str,
        password: &Secret,
    ) -> Result<SessionGrant, C::Error> {
        let login = self.descriptor.login.password.as_ref();
        let login = login.ok_or_else(|| self.unsupported("login --password"))?;
        let value = |argument| match argument {
            LoginArgument::Username => Value::from(username),
            LoginArgument::Password => Value::from(password.expose()),
        };
        let body: Map<String, Value> = login
            .body
            .fields()
            .map(|(field, argument)| (field.to_owned(), value(argument)))
            .collect();
        let request = encode(self.request(&login.call, None)?, login.encoding, &body).no_retry();
        let request = request.handing_out(login.answer.secrets());
        let answer = self.channel.send(request.confiding(password)).await?;
        if !answer.is_success() {
            return Err(self.no_login(login, &answer).into());
        }
        let mut granted = self.granted(&login.answer, &answer)?;
        if granted.expires_at.is_none() {
            granted.expires_in = granted.expires_in.or(login.lifetime.map(i64::from));
        }
        granted.account = granted
            .account
            .filter(|name| !name.contains(password.expose()));
        Ok(granted)
    }

    fn no_login(&self, login: &PasswordLogin, answer: &Answer) -> ServiceError {
        let body = answer.json().unwrap_or_default();
        let marked = login
            .wrong_pair
            .as_ref()
            .is_some_and(|mark| mark.marks(&body));
        let refusal = Refusal {
            limit: login.at_most_per_hour.map(per_hour),
            ..Refusal::read(self.descriptor, answer)
        };
        if refusal.kind == RefusalKind::CredentialRejected || marked && refusal.status < 500 {
            return ServiceError::WrongPair(Box::new(refusal));
        }
        ServiceError::Refused(Box::new(refusal))
    }

    /// Renews a session. Sent once: a refresh token may be good for one use.
    ///
    /// # Errors
    /// [`ServiceError::SessionEnded`] when the service no longer takes the refresh token; every other error ends nothing.
    pub async fn refresh(&self, refresh_token: &Secret) -> Result<SessionGrant, C::Error> {
        let call = self.descriptor.refresh.as_ref();
        let call = call.ok_or_else(|| self.unsupported("credential refresh"))?;
        let token = Value::from(refresh_token.expose());
        let body = Map::from_iter([(call.field.clone(), token)]);
        let request = encode(self.request(&call.call, None)?, call.encoding, &body);
        let request = request.handing_out(call.answer.secrets());
        let answer = self.channel.send(request.confiding(refresh_token)).await?;
        if !answer.is_success() {
            return Err(self.not_renewed(call, &answer).into());
        }
        Ok(self.granted(&call.answer, &answer)?)
    }

    /// 400 and 401 are the service's word that the token is dead, unless a web page says it: that is somebody between.
    fn not_renewed(&self, call: &RefreshCall, answer: &Answer) -> ServiceError {
        let refusal = Box::new(Refusal {
            limit: call.at_most_per_hour.map(per_hour),
            ..Refusal::read(self.descriptor, answer)
        });
        let is_its_word = self.lenient_json(answer).is_ok();
        if matches!(refusal.status, 400 | 401) && is_its_word {
            return ServiceError::SessionEnded(refusal);
        }
        ServiceError::Refused(refusal)
    }

    /// Has the e-mail that verifies the account's address sent again.
    ///
    /// # Errors
    /// `UNSUPPORTED` where the service documents no such call, and whatever the service or the channel says.
    pub async fn resend_verification(&self) -> Result<(), C::Error> {
        let call = self.descriptor.account.resend_verification.as_ref();
        let call = call.ok_or_else(|| self.unsupported("account resend-verification"))?;
        let request = self.request(&call.call, None)?.no_retry();
        let answer = self.channel.send(request).await?;
        if answer.is_success() {
            return Ok(());
        }
        let refusal = Refusal {
            limit: call.note.clone(),
            ..Refusal::read(self.descriptor, &answer)
        };
        Err(ServiceError::Refused(Box::new(refusal)).into())
    }

    fn granted(
        &self,
        places: &SessionPlaces,
        answer: &Answer,
    ) -> Result<SessionGrant, ServiceError> {
        let body = answer
            .json()
            .ok_or_else(|| self.malformed("an answer that is not JSON"))?;
        let secret = places.secret.of(&body).and_then(plain_secret);
        let secret = secret.ok_or_else(|| self.malformed("no credential in its answer"))?;
        let optional = |place: &Option<Pointer>| place.as_ref().and_then(|place| place.of(&body));
        let account = places.account.iter().find_map(|place| place.text(&body));
        let account = account.filter(|name| !name.contains(secret.expose()));
        Ok(SessionGrant {
            secret,
            refresh_token: optional(&places.refresh_token).and_then(plain_secret),
            expires_in: optional(&places.expires_in).and_then(seconds),
            expires_at: optional(&places.expires_at).and_then(facts::moment),
            account: account.map(|name| one_line(&name)),
            token_id: places.token_id.as_ref().and_then(|place| place.text(&body)),
        })
    }
}

/// A text that can stand in a header.
fn plain_secret(value: &Value) -> Option<Secret> {
    value
        .as_str()
        .map(Secret::new)
        .filter(Secret::is_visible_ascii)
}

/// Whole seconds, as a number or, as some servers write it, as a text.
fn seconds(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a float beyond the range becomes the nearest end of it"
        )]
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().map(|float| float as i64)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_lifetime_is_read_in_every_form_and_nothing_else_is_one() {
        for (form, expected) in [
            (json!(900), Some(900)),
            (json!("900"), Some(900)),
            (json!(900.0), Some(900)),
            (json!(1e300), Some(i64::MAX)),
            (json!("soon"), None),
            (json!([900]), None),
            (json!(true), None),
        ] {
            assert_eq!(seconds(&form), expected, "{form}");
        }
    }
}
