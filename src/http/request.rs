//! An HTTP request, and the origin that its credential is bound to.

use std::fmt;
use std::time::Duration;

use ::http::header::{ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT};
use ::http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use super::error::HIDDEN_PATH;
use super::{EXCHANGE_TIMEOUT, HttpError, redact_url};
use crate::domain::{Origin, Secret};

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const AGENT: HeaderValue =
    HeaderValue::from_static(concat!("brainmaps/", env!("CARGO_PKG_VERSION")));

/// Responses are small, so that compression only adds a way to fail.
const UNCOMPRESSED: HeaderValue = HeaderValue::from_static("identity");

/// The minimum length of a secret in a header value: longer than scheme names such as `Bearer`.
const MIN_CREDENTIAL_LENGTH: usize = 8;

/// Shorter secrets are not redacted: they match ordinary text by chance, and the redaction would reveal them.
const MIN_ECHO_LENGTH: usize = 4;

/// A request to send. Its body is wiped on drop; `Debug` shows neither header values nor the body.
#[derive(Clone)]
pub struct Request {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Zeroizing<Vec<u8>>,
    credential_origin: Option<Origin>,
    echoable_secrets: Vec<Secret>,
    may_retry: bool,
    returns_429: bool,
    issued_secrets: Vec<String>,
    head_timeout: Duration,
}

impl Request {
    /// Creates a GET without a body.
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
            credential_origin: None,
            echoable_secrets: Vec::new(),
            may_retry: true,
            returns_429: false,
            issued_secrets: Vec::new(),
            head_timeout: EXCHANGE_TIMEOUT,
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

    /// Sets a JSON body.
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

    /// Adds a credential. `value` is the whole header value (`Token abc`), `origin` the only origin it may be sent to.
    ///
    /// # Errors
    /// [`HttpError::ForeignOrigin`] if the URL has another origin; [`HttpError::Header`] if `value` is not allowed in a
    /// header.
    pub fn authorize(
        mut self,
        origin: &Origin,
        header: HeaderName,
        value: &Secret,
    ) -> Result<Self, HttpError> {
        self.echoable_secrets.extend(secret_parts(value));
        let mut value = header_value(&header, value.expose())?;
        value.set_sensitive(true);
        self.headers.insert(header, value);
        self.credential_origin = Some(origin.clone());
        self.check_origin()?;
        Ok(self)
    }

    /// Binds a request whose body holds a credential to `origin`, as [`Request::authorize`] does for a header.
    ///
    /// # Errors
    /// [`HttpError::ForeignOrigin`] if the URL has another origin.
    pub fn bind_to_origin(mut self, origin: &Origin) -> Result<Self, HttpError> {
        self.credential_origin = Some(origin.clone());
        self.check_origin()?;
        Ok(self)
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

    /// Returns the method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the URL.
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

    /// Returns the request for a redirect to `target`: only a GET or HEAD without body and credential, and only inside
    /// its origin. `None` for anything else.
    pub(super) fn for_redirect(&self, target: Url) -> Option<Self> {
        let is_harmless = matches!(self.method, Method::GET | Method::HEAD)
            && self.body.is_empty()
            && self.credential_origin.is_none();
        let is_same_origin = target.origin() == self.url.origin() && Origin::of(&target).is_ok();
        (is_harmless && is_same_origin).then(|| Self {
            url: target,
            ..self.clone()
        })
    }

    /// Checks, as the last step before sending, that the URL is permitted and has the credential's origin.
    pub(super) fn check_origin(&self) -> Result<(), HttpError> {
        let target = Origin::of(&self.url).map_err(|_| HttpError::NotPermitted {
            url: redact_url(&self.url),
        })?;
        match &self.credential_origin {
            Some(origin) if *origin != target => Err(HttpError::ForeignOrigin {
                url: redact_url(&self.url),
                origin: origin.to_string(),
            }),
            _ => Ok(()),
        }
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

/// Returns the parts of `Bearer abc` or `session=abc; csrf=def` that are long enough to be secret.
fn secret_parts(value: &Secret) -> Vec<Secret> {
    let words = value.expose().split([' ', ';', '=']);
    words
        .filter(|word| word.len() >= MIN_CREDENTIAL_LENGTH)
        .map(Secret::new)
        .collect()
}

fn header_value(name: &HeaderName, value: &str) -> Result<HeaderValue, HttpError> {
    HeaderValue::from_str(value).map_err(|_| HttpError::Header {
        name: name.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::http::testing::url;

    fn origin(text: &str) -> Origin {
        text.parse().unwrap()
    }

    #[test]
    fn rfc9700_4_9_credential_is_not_added_to_a_request_to_another_origin() {
        let bound = origin("https://api.example.com");
        let key = Secret::new("Token hunter2");
        for foreign in [
            "https://api.example.com.evil.net/",
            "https://api.example.com:444/",
            "https://example.com/",
            "http://localhost/",
        ] {
            let refused = Request::get(url(foreign)).authorize(
                &bound,
                HeaderName::from_static("x-api-key"),
                &key,
            );
            assert!(
                matches!(refused, Err(HttpError::ForeignOrigin { .. })),
                "{foreign}"
            );
        }
        let fine = Request::get(url("https://API.example.com:443/x")).authorize(
            &bound,
            HeaderName::from_static("x-api-key"),
            &key,
        );
        let fine = fine.unwrap();
        assert!(fine.headers()["x-api-key"].is_sensitive());
        assert!(!format!("{fine:?}").contains("hunter2"));
    }

    #[test]
    fn plain_http_off_loopback_and_user_info_are_rejected() {
        for bad in [
            "http://example.com/",
            "https://u:p@example.com/",
            "ftp://example.com/",
            "file:///etc/passwd",
        ] {
            let guarded = Request::get(url(bad)).check_origin();
            assert!(
                matches!(guarded, Err(HttpError::NotPermitted { .. })),
                "{bad}"
            );
        }
        assert_eq!(
            Request::get(url("http://[::1]:8000/")).check_origin(),
            Ok(())
        );
    }

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
    fn invalid_header_value_is_rejected_without_quoting_it() {
        let key = Secret::new("hunter2\r\nx-admin: 1");
        let refused = Request::get(url("https://a.b/")).authorize(
            &origin("https://a.b"),
            ::http::header::AUTHORIZATION,
            &key,
        );
        let text = format!("{0} {0:?}", refused.unwrap_err());
        assert!(
            text.contains("authorization") && !text.contains("hunter2"),
            "{text}"
        );
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
