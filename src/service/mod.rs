//! A service's own API, called by its description: account, tokens, paging, error envelopes.
//!
//! It contains no OAuth and stores nothing. An [`ApiTransport`] adds the credential to the requests and sends them.

mod api_error;
mod api_pages;
mod call_values;
mod confirmation;
mod created_rights;
mod find_by_key;
mod identity;
mod missing_scope;
mod new_token;
mod next_page;
mod page_end;
mod parameters;
mod restrictions;
mod rotate;
mod session;
mod supported_verbs;
mod token_json;
mod token_pages;
mod token_rights;
mod tokens;

use ::http::Method as HttpMethod;
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::OnceCell;

pub use api_error::{ApiError, ApiErrorKind, ServiceError};
pub use api_pages::{ApiPage, find_items, first_page_url, next_page_url};
pub use created_rights::compare_with_request;
pub use find_by_key::matches_masked_key;
pub use identity::{Identity, Space};
pub use new_token::NewToken;
pub use rotate::TokenToRotate;
pub use session::SessionGrant;
pub use supported_verbs::ensure_supported;
pub use token_pages::TokenPages;
pub use token_rights::{Lifetime, RightsChange, TokenRights, compare_rights};

use crate::domain::{BaseUrl, CredentialKind, Origin, Secret};
use crate::http::{Request, Response};
use crate::provider::{Descriptor, ErrorCall, HttpCall, Method, Placeholder};

/// Sends requests with a credential. The implementation chooses the credential and handles its rejection.
pub trait ApiTransport {
    type Error: From<ServiceError>;

    /// Returns the kind of the credential, if there is one.
    fn credential_kind(&self) -> impl Future<Output = Option<CredentialKind>> {
        std::future::ready(None)
    }

    /// Returns the time of the server at `origin`, from which the expiry of a new token counts.
    fn server_time(&self, origin: &Origin) -> Timestamp;

    /// Returns the value that the user set for a parameter of the service.
    fn parameter(&self, _name: &str) -> Option<String> {
        None
    }

    /// Returns the password or the one-time password that the user typed for this command.
    fn typed_secret(&self, _placeholder: &Placeholder) -> Option<Secret> {
        None
    }

    /// Returns the name of the account that the login stored.
    fn stored_account(&self) -> impl Future<Output = Option<String>> {
        std::future::ready(None)
    }

    /// Returns where the response to `whoami` is kept for later calls.
    fn account_cache(&self) -> Option<&OnceCell<Value>> {
        None
    }

    /// Returns the error for a response with a success status whose body says that the credential was rejected.
    fn credential_rejected_error(
        &self,
        api_error: Box<ApiError>,
    ) -> impl Future<Output = Self::Error> {
        std::future::ready(ServiceError::Api(api_error).into())
    }

    /// Sends `request` with the credential and returns the response, whatever its status.
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, Self::Error>>;
}

/// A service at one API base URL.
#[derive(Debug)]
pub struct Service<'a, C> {
    pub descriptor: &'a Descriptor,
    pub base_url: BaseUrl,
    pub transport: &'a C,
}

impl<C: ApiTransport> Service<'_, C> {
    /// Sends `request` and converts an error response into an error.
    async fn send_checked(&self, request: Request) -> Result<Response, C::Error> {
        let response = self.transport.send(request).await?;
        self.check_status(&response).map_err(ServiceError::Api)?;
        Ok(response)
    }

    /// Returns the error of an error response. Some services report errors with a 2xx status.
    fn check_status(&self, response: &Response) -> Result<(), Box<ApiError>> {
        self.check_status_of(None, response)
    }

    fn check_status_of(
        &self,
        call: Option<ErrorCall>,
        response: &Response,
    ) -> Result<(), Box<ApiError>> {
        let map = &self.descriptor.errors;
        let is_failure = || response.json().is_some_and(|body| map.is_failure(&body));
        if response.is_success() && (map.success.is_none() || !is_failure()) {
            return Ok(());
        }
        let error = ApiError::from_response_to(call, self.descriptor, response);
        Err(Box::new(error))
    }

    async fn send_for_json(&self, request: Request) -> Result<Value, C::Error> {
        let response = self.send_checked(request).await?;
        Ok(self.require_json(&response)?)
    }

    fn require_json(&self, response: &Response) -> Result<Value, ServiceError> {
        let not_json = || self.malformed_error("a response that is not JSON");
        response.json().ok_or_else(not_json)
    }

    /// Returns the JSON of a response whose status may be enough, or null. An HTML page, as a captive portal sends with a
    /// 200, and truncated JSON are errors.
    fn json_or_null(&self, response: &Response) -> Result<Value, ServiceError> {
        let kind = response.header("content-type").unwrap_or_default();
        match response.json() {
            Some(value) => Ok(value),
            None if response.is_html() => Err(self.malformed_error("an HTML page")),
            None if kind.contains("json") && !response.body.trim_ascii().is_empty() => {
                Err(self.malformed_error("invalid or truncated JSON"))
            }
            None => Ok(Value::Null),
        }
    }

    fn unsupported_error(&self, verb: &str) -> ServiceError {
        ServiceError::unsupported(self.descriptor, verb)
    }

    fn malformed_error(&self, what: impl Into<String>) -> ServiceError {
        ServiceError::Malformed {
            service: self.descriptor.name.clone(),
            what: what.into(),
            member: None,
            file: None,
        }
    }

    /// As [`Self::malformed_error`], for a response in which `member` of the description finds nothing usable.
    fn malformed_at(&self, member: &'static str, what: impl Into<String>) -> ServiceError {
        ServiceError::Malformed {
            service: self.descriptor.name.clone(),
            what: what.into(),
            member: Some(member),
            file: self.descriptor.file.clone(),
        }
    }
}

#[cfg(test)]
mod tests;

fn http_method(call: &HttpCall) -> HttpMethod {
    match call.method {
        Method::Get => HttpMethod::GET,
        Method::Post => HttpMethod::POST,
        Method::Put => HttpMethod::PUT,
        Method::Patch => HttpMethod::PATCH,
        Method::Delete => HttpMethod::DELETE,
    }
}
