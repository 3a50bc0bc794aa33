//! An HTTP request, and the origin that its credential is bound to.

use std::fmt;
use std::time::Duration;

use ::http::header::{ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT};
use ::http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use super::error::HIDDEN_PATH;
use super::limits::{EXCHANGE_TIMEOUT, ResponseLimits};
use super::permitted_target::PermittedTarget;
use super::{HttpError, redact_url};
use crate::domain::Secret;

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const AGENT: HeaderValue =
    HeaderValue::from_static(concat!("brainmaps/", env!("CARGO_PKG_VERSION")));

/// Responses are small, so that compression only adds a way to fail.
const UNCOMPRESSED: HeaderValue = HeaderValue::from_static("identity");

/// Shorter secrets are not redacted: they match ordinary text by chance, and the redaction would reveal them.
const MIN_ECHO_LENGTH: usize = 4;

/// A request to send. Its body is wiped on drop; `Debug` shows neither header values nor the body.
#[derive(Clone)]
pub struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Zeroizing<Vec<u8>>,
    pub(super) binding: PermittedTarget,
    pub(super) echoable_secrets: Vec<Secret>,
    may_retry: bool,
    returns_429: bool,
    is_confirmed: bool,
    issued_secrets: Vec<String>,
    head_timeout: Duration,
    limits: ResponseLimits,
}

impl Request {
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// Creates a request without a body and with only `User-Agent` and `Accept-Encoding` as headers.
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::from_iter([(USER_AGENT, AGENT), (ACCEPT_ENCODING, UNCOMPRESSED)]),
            body: Zeroizing::default(),
            binding: PermittedTarget::default(),
            echoable_secrets: Vec::new(),
            may_retry: true,
            returns_429: false,
            is_confirmed: false,
            issued_secrets: Vec::new(),
            head_timeout: EXCHANGE_TIMEOUT,
            limits: ResponseLimits::default(),
        }
    }

    /// Sets a header without a secret; for a credential, use [`Request::authorize`].
    ///
    /// # Errors
    /// [`HttpError::Header`] if `value` is not allowed in a header.
    pub fn header(mut self, name: HeaderName, value: &str) -> Result<Self, HttpError> {
        let value = header_value(&name, value)?;
        self.headers.insert(name, value);
        Ok(self)
    }

    /// Sets a header with a secret that is not the credential, such as a one-time password.
    ///
    /// # Errors
    /// [`HttpError::Header`] if `value` is not allowed in a header.
    pub fn secret_header(mut self, name: HeaderName, value: &Secret) -> Result<Self, HttpError> {
        let mut value = header_value(&name, value.expose())?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(self)
    }

    /// Adds a header without a secret, in addition to those with the same name.
    ///
    /// # Errors
    /// [`HttpError::Header`] if `value` is not allowed in a header.
    pub fn add_header(mut self, name: HeaderName, value: &str) -> Result<Self, HttpError> {
        let value = header_value(&name, value)?;
        self.headers.append(name, value);
        Ok(self)
    }

    /// Sets a form body (`application/x-www-form-urlencoded`) without the fields that are empty (RFC 6749 §3.1).
    #[must_use]
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let fields = fields.iter().filter(|(_, value)| !value.is_empty());
        let fields: Vec<(&str, &str)> = fields.copied().collect();
        self.form_with_empty_fields(&fields)
    }

    /// Sets a form body with all fields.
    #[must_use]
    pub fn form_with_empty_fields<T: AsRef<str>>(mut self, fields: &[(T, T)]) -> Self {
        // Every byte may become `%XX`. A buffer that grows would leave copies of secrets in memory.
        let capacity = fields
            .iter()
            .map(|(name, value)| 3 * (name.as_ref().len() + value.as_ref().len()) + 2);
        let mut form = form_urlencoded::Serializer::new(String::with_capacity(capacity.sum()));
        form.extend_pairs(fields);
        self.body = form.finish().into_bytes().into();
        self.headers.insert(CONTENT_TYPE, FORM);
        self
    }

    #[must_use]
    pub fn json(mut self, body: &serde_json::Value) -> Self {
        self.body = body.to_string().into_bytes().into();
        self.headers.insert(CONTENT_TYPE, JSON);
        self
    }

    /// Adds the headers of another program's request, in place of the defaults.
    #[must_use]
    pub fn forward(mut self, headers: HeaderMap) -> Self {
        self.headers.extend(headers);
        self
    }

    /// Sets how long the server may take to respond, for requests whose client decides how long it waits.
    #[must_use]
    pub fn with_head_timeout(mut self, limit: Duration) -> Self {
        self.head_timeout = limit;
        self
    }

    /// Limits the response of a server that is not trusted yet.
    #[must_use]
    pub fn with_limits(mut self, limits: ResponseLimits) -> Self {
        self.head_timeout = limits.time;
        self.limits = limits;
        self
    }

    pub(super) fn limits(&self) -> ResponseLimits {
        self.limits
    }

    pub(super) fn head_timeout(&self) -> Duration {
        self.head_timeout
    }

    /// Replaces the URL; the credential stays bound to its origin.
    #[must_use]
    pub fn with_url(mut self, url: Url) -> Self {
        self.url = url;
        self
    }

    /// Hides the path in logs and messages, because it has a secret.
    #[must_use]
    pub fn hide_path(mut self) -> Self {
        self.url.set_fragment(Some(HIDDEN_PATH));
        self
    }

    /// Replaces the body; its type is in the headers.
    pub(super) fn with_body(mut self, body: Vec<u8>) -> Self {
        self.body = body.into();
        self
    }

    /// Redacts `secret` from the response: some servers quote a rejected value.
    #[must_use]
    pub fn redact_if_echoed(mut self, secret: &Secret) -> Self {
        if secret.expose().len() >= MIN_ECHO_LENGTH {
            self.echoable_secrets.push(secret.clone());
        }
        self
    }

    /// Disables retries, whatever the method: a second wrong password may lock an account.
    #[must_use]
    pub fn no_retry(mut self) -> Self {
        self.may_retry = false;
        self
    }

    /// Marks a request that asks the user for a password again. A rejection may be about that, so that neither another
    /// attempt nor another credential helps.
    #[must_use]
    pub fn confirmed_by_user(mut self) -> Self {
        self.is_confirmed = true;
        self.no_retry()
    }

    pub fn is_confirmed_by_user(&self) -> bool {
        self.is_confirmed
    }

    /// Sets the JSON pointers (`*` matches any segment) at which a successful response contains issued secrets. A secret of
    /// the request is redacted everywhere else.
    #[must_use]
    pub fn expect_secrets_at(mut self, pointers: impl IntoIterator<Item = String>) -> Self {
        self.issued_secrets.extend(pointers);
        self
    }

    /// Returns 429 to the caller instead of retrying: a caller with many requests must delay all of them.
    #[must_use]
    pub fn return_429(mut self) -> Self {
        self.returns_429 = true;
        self
    }

    pub fn method(&self) -> &Method {
        &self.method
    }

    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Returns the headers; the credential's is marked sensitive.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body, which may be empty.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    pub(super) fn echoable_secrets(&self) -> &[Secret] {
        &self.echoable_secrets
    }

    pub(super) fn issued_secrets(&self) -> &[String] {
        &self.issued_secrets
    }

    pub(super) fn may_retry(&self) -> bool {
        self.may_retry
    }

    pub(super) fn returns_429(&self) -> bool {
        self.returns_429
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &redact_url(&self.url))
            .field("headers", &self.headers.keys())
            .field("body", &self.body.len())
            .finish_non_exhaustive()
    }
}

pub(super) fn header_value(name: &HeaderName, value: &str) -> Result<HeaderValue, HttpError> {
    HeaderValue::from_str(value).map_err(|_| HttpError::Header {
        name: name.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::http::testing::url;

    #[test]
    fn rfc6749_3_1_empty_form_fields_are_omitted() {
        let request = Request::new(Method::POST, url("https://a.b/")).form(&[
            ("a", "1 &=\u{e9}"),
            ("b", ""),
            ("c", "x"),
        ]);
        assert_eq!(request.body(), b"a=1+%26%3D%C3%A9&c=x");
        assert_eq!(request.headers()[CONTENT_TYPE], FORM);
    }

    #[test]
    fn debug_omits_query_user_info_and_body() {
        let request = Request::new(
            Method::POST,
            url("https://user:hunter2@a.b/x?t=hunter2#hunter2"),
        )
        .form(&[("p", "hunter2")]);
        let text = format!("{request:?}");
        assert!(
            !text.contains("hunter2") && text.contains("https://a.b/x"),
            "{text}"
        );
    }
}
