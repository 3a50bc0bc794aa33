//! A service's own API, spoken through its description: who am I, tokens, paging, error envelopes. No OAuth, no
//! storage, and no opinion about credentials: a [`ApiTransport`] signs and sends what is built here.

mod api_error;
mod find_by_key;
mod identity;
mod missing_scope;
mod new_token;
mod next_page;
mod restrictions;
mod session;
mod token_json;
mod token_pages;
mod token_rights;
mod tokens;

use ::http::Method as HttpMethod;
use serde_json::Value;

pub use api_error::{ApiError, ApiErrorKind, ServiceError};
pub use find_by_key::matches_masked_key;
pub use identity::{Identity, Space};
pub use new_token::NewToken;
pub use session::SessionGrant;
pub use token_pages::TokenPages;
pub use token_rights::{Lifetime, RightsChange, TokenRights, compare_rights};
pub use tokens::ensure_supported;

use crate::domain::{BaseUrl, CredentialKind, sanitize_line};
use crate::http::{Request, Response};
use crate::provider::{Descriptor, HttpCall, Method};

/// Sends requests with a credential attached. The caller decides which, and what happens when it is refused.
pub trait ApiTransport {
    /// What can go wrong on the way, and at the service.
    type Error: From<ServiceError>;

    /// The kind of credential that it signs with, where it signs at all.
    fn credential_kind(&self) -> impl Future<Output = Option<CredentialKind>> {
        std::future::ready(None)
    }

    /// Signs `request`, sends it, and returns the answer whatever its status.
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, Self::Error>>;
}

/// One service at one place, through one channel.
#[derive(Debug)]
pub struct Service<'a, C> {
    /// What it is.
    pub descriptor: &'a Descriptor,
    /// Where it is.
    pub base_url: BaseUrl,
    /// The way there.
    pub transport: &'a C,
}

impl<C: ApiTransport> Service<'_, C> {
    /// Ends the session at the service; `id` is what the service calls it, where the call wants that.
    ///
    /// # Errors
    /// `UNSUPPORTED` where the service documents no such call, and whatever the service or the channel says.
    pub async fn logout(&self, id: Option<&str>) -> Result<(), C::Error> {
        let call = self
            .descriptor
            .logout
            .as_ref()
            .ok_or_else(|| self.unsupported_error("logout"))?;
        let id = id.filter(|_| call.call.needs_id());
        self.send_checked(self.build_request(&call.call, id)?)
            .await?;
        Ok(())
    }

    fn build_request(&self, call: &HttpCall, id: Option<&str>) -> Result<Request, ServiceError> {
        let id = id.or(call.needs_id().then_some(""));
        if let Some(id) = id.filter(|id| !HttpCall::is_valid_segment(id)) {
            return Err(ServiceError::InvalidId(sanitize_line(id)));
        }
        Ok(Request::new(
            http_method(call),
            self.base_url.join(&call.path(id))?,
        ))
    }

    /// Sends, and turns an answer that is no success into what it means.
    async fn send_checked(&self, request: Request) -> Result<Response, C::Error> {
        let answer = self.transport.send(request).await?;
        self.check_status(&answer).map_err(ServiceError::Api)?;
        Ok(answer)
    }

    /// What `answer` means, unless it is a success; some services say "no" with a good status, too.
    fn check_status(&self, answer: &Response) -> Result<(), Box<ApiError>> {
        let map = &self.descriptor.errors;
        let denies = || answer.json().is_some_and(|body| map.is_failure(&body));
        if answer.is_success() && (map.success.is_none() || !denies()) {
            return Ok(());
        }
        Err(Box::new(ApiError::from_response(self.descriptor, answer)))
    }

    async fn send_for_json(&self, request: Request) -> Result<Value, C::Error> {
        let response = self.send_checked(request).await?;
        Ok(self.require_json(&response)?)
    }

    fn require_json(&self, response: &Response) -> Result<Value, ServiceError> {
        let not_json = || self.malformed_error("an answer that is not JSON");
        response.json().ok_or_else(not_json)
    }

    /// The JSON of an answer whose status alone may be all it has to say. A web page, as a captive portal sends with a
    /// 200, or JSON cut short proves nothing.
    fn json_or_null(&self, answer: &Response) -> Result<Value, ServiceError> {
        let kind = answer.header("content-type").unwrap_or_default();
        let body = answer.body.trim_ascii_start();
        match answer.json() {
            Some(value) => Ok(value),
            None if kind.starts_with("text/html") || body.starts_with(b"<") => {
                Err(self.malformed_error("a web page"))
            }
            None if kind.contains("json") && !body.is_empty() => {
                Err(self.malformed_error("JSON that breaks off or is none"))
            }
            None => Ok(Value::Null),
        }
    }

    fn unsupported_error(&self, verb: &str) -> ServiceError {
        ServiceError::Unsupported {
            service: self.descriptor.name.clone(),
            verb: verb.to_owned(),
            offered: self.descriptor.tokens.supported_verbs(),
        }
    }

    fn malformed_error(&self, what: impl Into<String>) -> ServiceError {
        ServiceError::Malformed {
            service: self.descriptor.name.clone(),
            what: what.into(),
        }
    }
}

fn http_method(call: &HttpCall) -> HttpMethod {
    match call.method {
        Method::Get => HttpMethod::GET,
        Method::Post => HttpMethod::POST,
        Method::Put => HttpMethod::PUT,
        Method::Patch => HttpMethod::PATCH,
        Method::Delete => HttpMethod::DELETE,
    }
}
