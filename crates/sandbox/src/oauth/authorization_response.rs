//! The response to an authorization request (RFC 6749 §4.1.2), sent by the browser to the redirect URI.

use url::Url;

use super::error::OauthError;
use super::form::Form;

/// How the browser sends the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseMode {
    /// A redirect with the parameters in the query.
    Query,
    /// A form that posts them (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

impl ResponseMode {
    pub(super) const ALL: [Self; 2] = [Self::Query, Self::FormPost];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }

    /// Returns the mode that a request names, or the default.
    pub(super) fn requested(form: &Form) -> Result<Self, OauthError> {
        let mode = form
            .get("response_mode")
            .map_or(Some(Self::Query), Self::parse);
        mode.ok_or_else(|| OauthError::request("response_mode must be query or form_post"))
    }
}

pub(crate) struct AuthorizationResponse {
    pub(crate) redirect_uri: String,
    pub(crate) parameters: Vec<(&'static str, String)>,
    pub(crate) mode: ResponseMode,
}

impl AuthorizationResponse {
    /// Returns the redirect URI with the parameters in its query.
    pub(crate) fn url(&self) -> String {
        // Every registered redirect URI is a URL.
        let Ok(mut url) = Url::parse(&self.redirect_uri) else {
            return self.redirect_uri.clone();
        };
        url.query_pairs_mut().extend_pairs(&self.parameters);
        url.into()
    }
}
