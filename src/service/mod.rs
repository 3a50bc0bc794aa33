//! A service's own API, spoken through its description: who am I, tokens, paging, error envelopes. No OAuth, no
//! storage, and no opinion about credentials: a [`Channel`] signs and sends what is built here.

mod by_key;
mod changes;
mod facts;
mod identity;
mod pages;
mod refusal;
mod restrictions;
mod rights;
mod session;
mod tokens;
mod wanted;

use ::http::Method as HttpMethod;
use serde_json::Value;

pub use by_key::shows_key;
pub use changes::{Lifetime, RightsChange, TokenRights, compare};
pub use identity::{Identity, Space};
pub use pages::TokenPages;
pub use refusal::{Refusal, RefusalKind, ServiceError};
pub use session::SessionGrant;
pub use tokens::require;
pub use wanted::NewToken;

use crate::domain::{BaseUrl, CredentialKind, one_line};
use crate::http::{Answer, Request};
use crate::provider::{Descriptor, HttpCall, Method};

/// Sends requests with a credential attached. The caller decides which, and what happens when it is refused.
pub trait Channel {
    /// What can go wrong on the way, and at the service.
    type Error: From<ServiceError>;

    /// The kind of credential that it signs with, where it signs at all.
    fn kind(&self) -> impl Future<Output = Option<CredentialKind>> {
        std::future::ready(None)
    }

    /// Signs `request`, sends it, and returns the answer whatever its status.
    fn send(&self, request: Request) -> impl Future<Output = Result<Answer, Self::Error>>;
}

/// One service at one place, through one channel.
#[derive(Debug)]
pub struct Service<'a, C> {
    /// What it is.
    pub descriptor: &'a Descriptor,
    /// Where it is.
    pub base: BaseUrl,
    /// The way there.
    pub channel: &'a C,
}

impl<C: Channel> Service<'_, C> {
    /// Ends the session at the service; `id` is what the service calls it, where the call wants that.
    ///
    /// # Errors
    /// `UNSUPPORTED` where the service documents no such call, and whatever the service or the channel says.
    pub async fn logout(&self, id: Option<&str>) -> Result<(), C::Error> {
        let call = self
            .descriptor
            .logout
            .as_ref()
            .ok_or_else(|| self.unsupported("logout"))?;
        let id = id.filter(|_| call.call.needs_id());
        self.exchange(self.request(&call.call, id)?).await?;
        Ok(())
    }

    fn request(&self, call: &HttpCall, id: Option<&str>) -> Result<Request, ServiceError> {
        let id = id.or(call.needs_id().then_some(""));
        if let Some(id) = id.filter(|id| !HttpCall::takes(id)) {
            return Err(ServiceError::Id(one_line(id)));
        }
        Ok(Request::new(method(call), self.base.join(&call.path(id))?))
    }

    /// Sends, and turns an answer that is no success into what it means.
    async fn exchange(&self, request: Request) -> Result<Answer, C::Error> {
        let answer = self.channel.send(request).await?;
        self.settled(&answer).map_err(ServiceError::Refused)?;
        Ok(answer)
    }

    /// What `answer` means, unless it is a success; some services say "no" with a good status, too.
    fn settled(&self, answer: &Answer) -> Result<(), Box<Refusal>> {
        let map = &self.descriptor.errors;
        let denies = || answer.json().is_some_and(|body| map.denies(&body));
        if answer.is_success() && (map.success.is_none() || !denies()) {
            return Ok(());
        }
        Err(Box::new(Refusal::read(self.descriptor, answer)))
    }

    async fn exchange_json(&self, request: Request) -> Result<Value, C::Error> {
        let answer = self.exchange(request).await?;
        Ok(answer
            .json()
            .ok_or_else(|| self.malformed("an answer that is not JSON"))?)
    }

    /// The JSON of an answer whose status alone may be all it has to say. A web page, as a captive portal sends with a
    /// 200, or JSON cut short proves nothing.
    fn lenient_json(&self, answer: &Answer) -> Result<Value, ServiceError> {
        let kind = answer.header("content-type").unwrap_or_default();
        let body = answer.body.trim_ascii_start();
        match answer.json() {
            Some(value) => Ok(value),
            None if kind.starts_with("text/html") || body.starts_with(b"<") => {
                Err(self.malformed("a web page"))
            }
            None if kind.contains("json") && !body.is_empty() => {
                Err(self.malformed("JSON that breaks off or is none"))
            }
            None => Ok(Value::Null),
        }
    }

    fn unsupported(&self, verb: &str) -> ServiceError {
        ServiceError::Unsupported {
            service: self.descriptor.name.clone(),
            verb: verb.to_owned(),
            offered: self.descriptor.tokens.offered(),
        }
    }

    fn malformed(&self, what: impl Into<String>) -> ServiceError {
        ServiceError::Malformed {
            service: self.descriptor.name.clone(),
            what: what.into(),
        }
    }
}

fn method(call: &HttpCall) -> HttpMethod {
    match call.method {
        Method::Get => HttpMethod::GET,
        Method::Post => HttpMethod::POST,
        Method::Put => HttpMethod::PUT,
        Method::Patch => HttpMethod::PATCH,
        Method::Delete => HttpMethod::DELETE,
    }
}
