//! Sessions of a service's own: signing in with a name and a password, renewing, and what belongs to the account. What
//! comes back is not stored here.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::tokens::encode_body;
use super::{ApiError, ApiErrorKind, ApiTransport, Service, ServiceError};
use crate::domain::{ClockReading, Expiry, Secret, json_seconds, json_time, sanitize_line};
use crate::http::Response;
use crate::provider::{
    LoginArgument, PasswordLogin, Pointer, RefreshCall, SessionFields, format_hourly_limit,
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
    pub fn expiry(&self, issued: ClockReading) -> Expiry {
        match self.expires_in {
            None => Expiry::from_deadline(issued, self.expires_at),
            expires_in => Expiry::from_lifetime(issued, expires_in),
        }
    }
}

impl<C: ApiTransport> Service<'_, C> {
    /// Signs in with a name and a password. Sent once: a second try may lock the account.
    ///
    /// # Errors
    /// [`ServiceError::WrongPassword`] when the service does not know the two together, `UNSUPPORTED` where it documents no
    /// such sign-in, and whatever the service or the channel says.
    pub async fn password_login(
        &self,
        username: &str,
        password: &Secret,
    ) -> Result<SessionGrant, C::Error> {
        let login = self.descriptor.login.password.as_ref();
        let login = login.ok_or_else(|| self.unsupported_error("login --password"))?;
        let value = |argument| match argument {
            LoginArgument::Username => Value::from(username),
            LoginArgument::Password => Value::from(password.expose()),
        };
        let body: Map<String, Value> = login
            .body
            .fields()
            .map(|(field, argument)| (field.to_owned(), value(argument)))
            .collect();
        let request = encode_body(
            self.build_request(&login.call, None)?,
            login.encoding,
            &body,
        )
        .no_retry();
        let request = request.expect_secrets_at(login.answer.secret_pointers());
        let answer = self
            .transport
            .send(request.redact_if_echoed(password))
            .await?;
        if !answer.is_success() {
            return Err(self.login_error(login, &answer).into());
        }
        let mut granted = self.parse_session(&login.answer, &answer)?;
        if granted.expires_at.is_none() {
            granted.expires_in = granted.expires_in.or(login.lifetime.map(i64::from));
        }
        granted.account = granted
            .account
            .filter(|name| !name.contains(password.expose()));
        Ok(granted)
    }

    fn login_error(&self, login: &PasswordLogin, answer: &Response) -> ServiceError {
        let body = answer.json().unwrap_or_default();
        let marked = login
            .wrong_pair
            .as_ref()
            .is_some_and(|mark| mark.matches(&body));
        let refusal = ApiError {
            limit: login.at_most_per_hour.map(format_hourly_limit),
            ..ApiError::from_response(self.descriptor, answer)
        };
        if refusal.kind == ApiErrorKind::CredentialRejected || marked && refusal.status < 500 {
            return ServiceError::WrongPassword(Box::new(refusal));
        }
        ServiceError::Api(Box::new(refusal))
    }

    /// Renews a session. Sent once: a refresh token may be good for one use.
    ///
    /// # Errors
    /// [`ServiceError::RefreshTokenRejected`] when the service no longer takes the refresh token; every other error ends nothing.
    pub async fn refresh(&self, refresh_token: &Secret) -> Result<SessionGrant, C::Error> {
        let call = self.descriptor.refresh.as_ref();
        let call = call.ok_or_else(|| self.unsupported_error("credential refresh"))?;
        let token = Value::from(refresh_token.expose());
        let body = Map::from_iter([(call.field.clone(), token)]);
        let request = encode_body(self.build_request(&call.call, None)?, call.encoding, &body);
        let request = request.expect_secrets_at(call.answer.secret_pointers());
        let answer = self
            .transport
            .send(request.redact_if_echoed(refresh_token))
            .await?;
        if !answer.is_success() {
            return Err(self.refresh_error(call, &answer).into());
        }
        Ok(self.parse_session(&call.answer, &answer)?)
    }

    /// 400 and 401 are the service's word that the token is dead, unless a web page says it: that is somebody between.
    fn refresh_error(&self, call: &RefreshCall, answer: &Response) -> ServiceError {
        let refusal = Box::new(ApiError {
            limit: call.at_most_per_hour.map(format_hourly_limit),
            ..ApiError::from_response(self.descriptor, answer)
        });
        let is_its_word = self.json_or_null(answer).is_ok();
        if matches!(refusal.status, 400 | 401) && is_its_word {
            return ServiceError::RefreshTokenRejected(refusal);
        }
        ServiceError::Api(refusal)
    }

    /// Has the e-mail that verifies the account's address sent again.
    ///
    /// # Errors
    /// `UNSUPPORTED` where the service documents no such call, and whatever the service or the channel says.
    pub async fn resend_verification(&self) -> Result<(), C::Error> {
        let call = self.descriptor.account.resend_verification.as_ref();
        let call = call.ok_or_else(|| self.unsupported_error("account resend-verification"))?;
        let request = self.build_request(&call.call, None)?.no_retry();
        let answer = self.transport.send(request).await?;
        if answer.is_success() {
            return Ok(());
        }
        let refusal = ApiError {
            limit: call.note.clone(),
            ..ApiError::from_response(self.descriptor, &answer)
        };
        Err(ServiceError::Api(Box::new(refusal)).into())
    }

    fn parse_session(
        &self,
        places: &SessionFields,
        answer: &Response,
    ) -> Result<SessionGrant, ServiceError> {
        let body = answer
            .json()
            .ok_or_else(|| self.malformed_error("an answer that is not JSON"))?;
        let secret = places.secret.find_in(&body).and_then(parse_secret);
        let secret = secret.ok_or_else(|| self.malformed_error("no credential in its answer"))?;
        let optional =
            |place: &Option<Pointer>| place.as_ref().and_then(|place| place.find_in(&body));
        let account = places.account.iter().find_map(|place| place.text_in(&body));
        let account = account.filter(|name| !name.contains(secret.expose()));
        Ok(SessionGrant {
            secret,
            refresh_token: optional(&places.refresh_token).and_then(parse_secret),
            expires_in: optional(&places.expires_in).and_then(json_seconds),
            expires_at: optional(&places.expires_at).and_then(json_time),
            account: account.map(|name| sanitize_line(&name)),
            token_id: places
                .token_id
                .as_ref()
                .and_then(|place| place.text_in(&body)),
        })
    }
}

/// A text that can stand in a header.
fn parse_secret(value: &Value) -> Option<Secret> {
    value
        .as_str()
        .map(Secret::new)
        .filter(Secret::is_visible_ascii)
}
