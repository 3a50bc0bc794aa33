//! A service's own sessions: login with a password, refresh, and calls about the account. Nothing is stored here.

use ::http::header::SET_COOKIE;
use jiff::Timestamp;
use serde_json::Value;

use super::call_values::CallValues;
use super::{ApiError, ApiErrorKind, ApiTransport, Service, ServiceError};
use crate::domain::{ClockReading, Expiry, Secret, json_seconds, json_time, sanitize_line};
use crate::http::Response;
use crate::provider::{
    ErrorCall, PasswordLogin, Placeholder, Pointer, RefreshCall, SecretLocation, SessionFields,
    format_hourly_limit,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionGrant {
    pub secret: Secret,
    pub refresh_token: Option<Secret>,
    /// The lifetime in seconds; unknown if the service sends 0 or less.
    pub expires_in: Option<i64>,
    /// The expiry, for services that send a time instead of a lifetime.
    pub expires_at: Option<Timestamp>,
    pub account: Option<String>,
    /// The service's id of the session.
    pub token_id: Option<String>,
}

impl SessionGrant {
    /// Returns the expiry of a session that was issued at `issued`.
    pub fn expiry(&self, issued: ClockReading) -> Expiry {
        match self.expires_in {
            None => Expiry::from_deadline(issued, self.expires_at),
            expires_in => Expiry::from_lifetime(issued, expires_in),
        }
    }
}

impl<C: ApiTransport> Service<'_, C> {
    /// Revokes the session at the service; `id` is the session's id, for calls that need it.
    ///
    /// # Errors
    /// `UNSUPPORTED` if the service has no such call, and errors of the service and the transport.
    pub async fn logout(&self, id: Option<&str>) -> Result<(), C::Error> {
        let call = self
            .descriptor
            .logout
            .as_ref()
            .ok_or_else(|| self.unsupported_error("logout"))?;
        let id = id.filter(|_| call.call.needs_id());
        let values = CallValues::default().with_id(id);
        self.send_checked(self.request(&call.call, values).await?)
            .await?;
        Ok(())
    }

    /// Signs in with a user name and a password. The request is sent once: a second attempt may lock the account.
    ///
    /// # Errors
    /// [`ServiceError::WrongPassword`] if the service rejects them, `UNSUPPORTED` if it has no such call, and errors of the
    /// service and the transport.
    pub async fn password_login(
        &self,
        username: &str,
        password: &Secret,
    ) -> Result<SessionGrant, C::Error> {
        let login = self.descriptor.login.password.as_ref();
        let login = login.ok_or_else(|| self.unsupported_error("login --password"))?;
        let values = CallValues::default()
            .with(Placeholder::Username, username)
            .with(Placeholder::Password, password.expose());
        let request = self.request(login.request(), values).await?;
        let request = request
            .no_retry()
            .expect_secrets_at(login.answer.secret_pointers());
        let response = self
            .transport
            .send(request.redact_if_echoed(password))
            .await?;
        if !response.is_success() {
            return Err(self.login_error(login, &response).into());
        }
        let mut session = self.parse_session(&login.answer, &response)?;
        if session.expires_at.is_none() {
            session.expires_in = session.expires_in.or(login.lifetime.map(i64::from));
        }
        session.account = session
            .account
            .filter(|name| !name.contains(password.expose()));
        Ok(session)
    }

    fn login_error(&self, login: &PasswordLogin, response: &Response) -> ServiceError {
        let body = response.json().unwrap_or_default();
        let is_wrong_pair = login
            .wrong_pair
            .as_ref()
            .is_some_and(|proof| proof.matches(&body));
        let error = ApiError {
            limit: login.at_most_per_hour.map(format_hourly_limit),
            ..ApiError::from_response_to(Some(ErrorCall::Login), self.descriptor, response)
        };
        if error.kind == ApiErrorKind::CredentialRejected || is_wrong_pair && error.status < 500 {
            return ServiceError::WrongPassword(Box::new(error));
        }
        ServiceError::Api(Box::new(error))
    }

    /// Exchanges an API key for a short-lived token.
    ///
    /// # Errors
    /// `UNSUPPORTED` if the service has no such call, and errors of the service and the transport.
    pub async fn exchange_key(&self, key: &Secret) -> Result<SessionGrant, C::Error> {
        let call = self.descriptor.exchange.as_ref();
        let call = call.ok_or_else(|| self.unsupported_error("exchange"))?;
        let values = CallValues::default().with(Placeholder::Key, key.expose());
        let request = self.request(call.request(), values).await?;
        let request = request.expect_secrets_at(call.answer.secret_pointers());
        let response = self.send_checked(request.redact_if_echoed(key)).await?;
        Ok(self.parse_session(&call.answer, &response)?)
    }

    /// Refreshes a session. The request is sent once: a refresh token may be valid for one use.
    ///
    /// # Errors
    /// [`ServiceError::RefreshTokenRejected`] if the service rejected the refresh token; no other error ends the session.
    pub async fn refresh(&self, refresh_token: &Secret) -> Result<SessionGrant, C::Error> {
        let call = self.descriptor.refresh.as_ref();
        let call = call.ok_or_else(|| self.unsupported_error("credential refresh"))?;
        let values = CallValues::default();
        let values = values.with(Placeholder::RefreshToken, refresh_token.expose());
        let request = self.request(call.request(), values).await?;
        let request = request.expect_secrets_at(call.answer.secret_pointers());
        let response = self
            .transport
            .send(request.redact_if_echoed(refresh_token))
            .await?;
        if !response.is_success() {
            return Err(self.refresh_error(call, &response).into());
        }
        Ok(self.parse_session(&call.answer, &response)?)
    }

    /// Returns the error of a failed refresh. 400 and 401 mean that the service rejected the token, unless the body is an HTML
    /// page, which a gateway sent.
    fn refresh_error(&self, call: &RefreshCall, response: &Response) -> ServiceError {
        let error = Box::new(ApiError {
            limit: call.at_most_per_hour.map(format_hourly_limit),
            ..ApiError::from_response(self.descriptor, response)
        });
        let is_from_service = self.json_or_null(response).is_ok();
        if matches!(error.status, 400 | 401) && is_from_service {
            return ServiceError::RefreshTokenRejected(error);
        }
        ServiceError::Api(error)
    }

    /// Requests another verification e-mail for the account.
    ///
    /// # Errors
    /// `UNSUPPORTED` if the service has no such call, and errors of the service and the transport.
    pub async fn resend_verification(&self) -> Result<(), C::Error> {
        let call = self.descriptor.account.resend_verification.as_ref();
        let call = call.ok_or_else(|| self.unsupported_error("account resend-verification"))?;
        let request = self.request(&call.call, CallValues::default()).await?;
        let request = request.no_retry();
        let response = self.transport.send(request).await?;
        if response.is_success() {
            return Ok(());
        }
        let error = ApiError {
            limit: call.note.clone(),
            ..ApiError::from_response(self.descriptor, &response)
        };
        Err(ServiceError::Api(Box::new(error)).into())
    }

    fn parse_session(
        &self,
        fields: &SessionFields,
        response: &Response,
    ) -> Result<SessionGrant, ServiceError> {
        // A response with the secret in a header may have no body.
        let body = match &fields.secret {
            SecretLocation::Body(_) => self.require_json(response)?,
            SecretLocation::Header(_) | SecretLocation::Cookie(_) => self.json_or_null(response)?,
        };
        let secret = find_secret(&fields.secret, response, &body);
        let secret = secret.ok_or_else(|| {
            self.malformed_at("login.password.answer", "no credential in its response")
        })?;
        let optional =
            |pointer: &Option<Pointer>| pointer.as_ref().and_then(|pointer| pointer.find_in(&body));
        let account = fields
            .account
            .iter()
            .find_map(|pointer| pointer.text_in(&body));
        let account = account.filter(|name| !name.contains(secret.expose()));
        Ok(SessionGrant {
            secret,
            refresh_token: fields
                .refresh_token
                .as_ref()
                .and_then(|pointer| find_secret(pointer, response, &body)),
            expires_in: optional(&fields.expires_in)
                .and_then(json_seconds)
                .filter(|seconds| *seconds > 0),
            expires_at: optional(&fields.expires_at).and_then(json_time),
            account: account.map(|name| sanitize_line(&name)),
            token_id: fields
                .token_id
                .as_ref()
                .and_then(|pointer| pointer.text_in(&body)),
        })
    }
}

fn find_secret(location: &SecretLocation, response: &Response, body: &Value) -> Option<Secret> {
    match location {
        SecretLocation::Body(pointers) => pointers.find_in(body).and_then(parse_secret),
        SecretLocation::Header(name) => {
            let text = response.header(name.name().as_str())?;
            Some(Secret::new(text)).filter(Secret::is_visible_ascii)
        }
        SecretLocation::Cookie(name) => {
            let cookies = response.headers.get_all(SET_COOKIE);
            let cookies = cookies.iter().filter_map(|cookie| cookie.to_str().ok());
            // The attributes follow the first semicolon.
            let mut pairs = cookies.map(|cookie| cookie.split(';').next().unwrap_or_default());
            let pair = pairs.find(|pair| {
                let found = pair.split_once('=');
                found.is_some_and(|(found, value)| found.trim() == name && !value.trim().is_empty())
            })?;
            Some(Secret::new(pair.trim())).filter(Secret::is_visible_ascii)
        }
    }
}

/// Returns the secret in `value`, if it is a text that can be sent in a header.
fn parse_secret(value: &Value) -> Option<Secret> {
    value
        .as_str()
        .map(Secret::new)
        .filter(Secret::is_visible_ascii)
}
