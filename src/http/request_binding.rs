//! Adds credentials to requests, and binds the requests to where these may be sent.

use ::http::{HeaderName, Method};
use url::Url;

use super::request::header_value;
use super::{HttpError, Request};
use crate::domain::{BaseUrl, Origin, Secret};

/// The minimum length of a secret in a header value: longer than scheme names such as `Bearer`.
const MIN_CREDENTIAL_LENGTH: usize = 8;

impl Request {
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
        self.binding.origin = Some(origin.clone());
        self.check_origin()?;
        Ok(self)
    }

    /// Binds a request whose body holds a credential to `origin`, as [`Request::authorize`] does for a header.
    ///
    /// # Errors
    /// [`HttpError::ForeignOrigin`] if the URL has another origin.
    pub fn bind_to_origin(mut self, origin: &Origin) -> Result<Self, HttpError> {
        self.binding.origin = Some(origin.clone());
        self.check_origin()?;
        Ok(self)
    }

    /// Binds the credential to a protected resource: it is sent only to its URL and below.
    ///
    /// # Errors
    /// [`HttpError::OutsideResource`] for any other URL.
    pub fn bind_to_resource(mut self, resource: &BaseUrl) -> Result<Self, HttpError> {
        self.binding.resource = Some(resource.clone());
        self.check_origin()?;
        Ok(self)
    }

    /// Permits only public addresses, for a URL that a public server named: it must not lead into this network.
    #[must_use]
    pub fn require_public_address(mut self) -> Self {
        self.binding.requires_public_address = true;
        self
    }

    pub(super) fn requires_public_address(&self) -> bool {
        self.binding.requires_public_address
    }

    /// Returns the request for a redirect to `target`: only a GET or HEAD without body and credential, and only inside
    /// its origin. `None` for anything else.
    pub(super) fn for_redirect(&self, target: Url) -> Option<Self> {
        let is_harmless = matches!(self.method, Method::GET | Method::HEAD)
            && self.body.is_empty()
            && !self.binding.has_credential();
        let is_same_origin = target.origin() == self.url.origin() && Origin::of(&target).is_ok();
        (is_harmless && is_same_origin).then(|| self.clone().with_url(target))
    }

    /// Checks, as the last step before sending, that the request may be sent to its URL. Names are checked when they are looked
    /// up.
    pub(super) fn check_origin(&self) -> Result<(), HttpError> {
        self.binding.check(&self.url)
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
    fn credential_of_a_resource_is_sent_to_its_path_only() {
        let mcp: BaseUrl = "https://a.b/mcp".parse().unwrap();
        let bound = Request::get(url("https://a.b/mcp/x")).bind_to_resource(&mcp);
        let bound = bound.unwrap();
        for other in ["https://a.b/mcpx", "https://a.b/", "https://c.d/mcp"] {
            let moved = bound.clone().with_url(url(other)).check_origin();
            assert!(
                matches!(moved, Err(HttpError::OutsideResource { .. })),
                "{other}"
            );
        }
        assert!(bound.for_redirect(url("https://a.b/mcp/y")).is_none());
    }

    #[test]
    fn url_of_a_public_server_does_not_lead_into_this_network() {
        for private in [
            "https://10.0.0.1/",
            "http://localhost/",
            "https://[fd00::1]/",
        ] {
            let request = Request::get(url(private)).require_public_address();
            let refused = request.check_origin();
            assert!(
                matches!(refused, Err(HttpError::PrivateAddress { .. })),
                "{private}"
            );
        }
        let public = Request::get(url("https://a.b/")).require_public_address();
        assert_eq!(public.check_origin(), Ok(()));
    }
}
