//! Starts a browser login (RFC 6749 §4.1.1) with PKCE (RFC 7636), as a pushed request (RFC 9126) where the server
//! supports it.

use std::time::Duration;

use oauth2::{CsrfToken, PkceCodeChallenge};
use url::Url;

use super::form_request::FormRequest;
use super::{AuthorizationError, OauthError, VerifiedServer, json_fields};
use crate::domain::{Scopes, Secret, sanitize_line};
use crate::http::{Client, StatusCode};

/// The random octets of `state` (RFC 9700 §4.7.1); the verifier has as many (RFC 7636 §4.1).
const RANDOM_OCTETS: u32 = 32;

/// A client of the authorization code grant and its authorization server.
#[derive(Clone, Copy)]
pub struct CodeClient<'a> {
    pub http: &'a Client,
    /// The server, with the client id.
    pub server: &'a VerifiedServer,
    /// The requested scopes, which may be empty.
    pub scopes: &'a Scopes,
}

/// A login that waits for the response at its redirect URI. It accepts one response of one server.
#[derive(Debug)]
pub struct PendingAuthorization {
    /// The page to open.
    pub url: Url,
    pub redirect_uri: Url,
    /// The time within which the page must be opened; known for a pushed request (RFC 9126 §2.2).
    pub open_within: Option<Duration>,
    /// Why the request is not pushed although the server supports it.
    pub push_problem: Option<OauthError>,
    pub(super) state: Secret,
    pub(super) code_verifier: Secret,
    /// The issuer that the response must name.
    pub(super) issuer: String,
    pub(super) requires_issuer: bool,
}

/// The parameters of the request, with their values.
type Parameters<'a> = Vec<(&'a str, &'a str)>;

/// A stored request (RFC 9126 §2.2).
struct PushedRequest {
    request_uri: String,
    expires_in: Option<Duration>,
}

impl CodeClient<'_> {
    /// Prepares the page that the user opens. May send a pushed request, so that it is called only when the user signs in.
    ///
    /// # Errors
    /// [`OauthError`] if the server has no authorization endpoint, lists PKCE methods without S256, or rejects the pushed request.
    pub async fn begin(&self, redirect_uri: Url) -> Result<PendingAuthorization, OauthError> {
        let details = self.server.details();
        let policy = self.server.login_endpoints().policy;
        self.require_pkce()?;
        let page = self.server.authorization_endpoint()?;
        let state = CsrfToken::new_random_len(RANDOM_OCTETS);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256_len(RANDOM_OCTETS);
        let scopes = self.scopes.to_string();
        let mut parameters = self.client_parameters();
        parameters.extend([
            ("redirect_uri", redirect_uri.as_str()),
            ("scope", &scopes),
            ("state", state.secret()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", challenge.method().as_str()),
        ]);
        parameters.retain(|(_, value)| !value.is_empty());
        let (pushed, push_problem) = match self.push_if_offered(&parameters).await {
            Err(error) if !policy.requires_pushed_requests && refuses_to_push(&error) => {
                (None, Some(error))
            }
            pushed => (pushed?, None),
        };
        Ok(PendingAuthorization {
            url: match &pushed {
                Some(pushed) => pushed.page(page, &details.client_id),
                None => with_parameters(page, &parameters),
            },
            open_within: pushed.and_then(|pushed| pushed.expires_in),
            push_problem,
            state: Secret::new(state.secret().as_str()),
            code_verifier: Secret::new(verifier.into_secret()),
            issuer: details.issuer.clone(),
            requires_issuer: policy.sends_issuer,
            redirect_uri,
        })
    }

    fn require_pkce(&self) -> Result<(), OauthError> {
        if self.server.login_endpoints().policy.lacks_pkce {
            return Err(OauthError::NoPkce {
                issuer: sanitize_line(&self.server.details().issuer),
            });
        }
        Ok(())
    }

    /// Returns the parameters that are the same for each attempt; empty ones are not sent.
    fn client_parameters(&self) -> Parameters<'_> {
        let details = self.server.details();
        let client = &details.client;
        vec![
            ("response_type", "code"),
            ("client_id", &details.client_id),
            ("prompt", prompt_for(self.scopes)),
            ("resource", client.resource.as_deref().unwrap_or_default()),
            ("audience", client.audience.as_deref().unwrap_or_default()),
        ]
    }

    /// Pushes the request if the server has an endpoint for it (RFC 9126 §2).
    async fn push_if_offered(
        &self,
        parameters: &Parameters<'_>,
    ) -> Result<Option<PushedRequest>, OauthError> {
        let login = self.server.login_endpoints();
        let details = self.server.details();
        let Some(endpoint) = &login.pushed_authorization else {
            if login.policy.requires_pushed_requests {
                return Err(OauthError::NoEndpoint {
                    issuer: sanitize_line(&details.issuer),
                    name: "pushed authorization request",
                });
            }
            return Ok(None);
        };
        let form = FormRequest {
            endpoint,
            fields: parameters,
            client: Some(details),
            can_retry: true,
        };
        let response = form.post(self.http).await?;
        let mut members = form.classify(&response).into_members()?;
        let request_uri = json_fields::take_text(&mut members, "request_uri")
            .ok_or_else(|| form.missing_field_error("request_uri"))?;
        let seconds = json_fields::take_seconds(&mut members, "expires_in");
        let seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok());
        Ok(Some(PushedRequest {
            request_uri,
            expires_in: seconds.map(Duration::from_secs),
        }))
    }
}

impl PushedRequest {
    /// Returns the page to open. Its URL contains only the client id and the reference (RFC 9126 §4).
    fn page(&self, endpoint: &Url, client_id: &str) -> Url {
        let parameters = vec![
            ("client_id", client_id),
            ("request_uri", self.request_uri.as_str()),
        ];
        with_parameters(endpoint, &parameters)
    }
}

/// Returns the value of `prompt`. A server ignores the scope `offline_access` unless the request has `consent` (OpenID Connect
/// Core §11).
fn prompt_for(scopes: &Scopes) -> &'static str {
    let has = |wanted| scopes.iter().any(|scope| scope == wanted);
    if has("openid") && has("offline_access") {
        "consent"
    } else {
        ""
    }
}

/// Adds the parameters. A query of the endpoint itself is kept (RFC 6749 §3.1).
fn with_parameters(endpoint: &Url, parameters: &Parameters<'_>) -> Url {
    let mut url = endpoint.clone();
    url.query_pairs_mut().extend_pairs(parameters);
    url
}

/// Returns `true` if the server does not let this client push requests, so that the same request may succeed in the browser. For
/// any other reason, the browser would show a rejection too.
fn refuses_to_push(error: &OauthError) -> bool {
    match error {
        OauthError::Refused { error, status, .. } => match error.as_deref() {
            Some(code) => matches!(code, "unauthorized_client" | "access_denied"),
            None => matches!(
                *status,
                StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::FORBIDDEN
            ),
        },
        _ => false,
    }
}

impl PendingAuthorization {
    /// Returns the code in a text that the user pasted: the URL that the browser was redirected to, `code#state` or the
    /// code alone, which PKCE alone protects.
    ///
    /// # Errors
    /// As [`PendingAuthorization::code_in_query`], and [`AuthorizationError::NotTheRedirect`] for another URL.
    pub fn code_in_pasted_text(&self, text: &Secret) -> Result<Secret, AuthorizationError> {
        if let Some(found) = self.code_in_pasted_address(text) {
            return found;
        }
        let text = text.expose();
        let code = match text.split_once('#') {
            Some((code, state)) if Secret::new(state) == self.state => code,
            Some(_) => return Err(AuthorizationError::WrongState),
            None => text,
        };
        let code = Secret::new(code);
        if code.is_visible_ascii() {
            Ok(code)
        } else {
            Err(AuthorizationError::InvalidCode)
        }
    }

    /// As [`Self::code_in_pasted_text`], for a URL or its query only; `None` for other texts.
    pub fn code_in_pasted_address(
        &self,
        text: &Secret,
    ) -> Option<Result<Secret, AuthorizationError>> {
        let text = text.expose();
        let is_name = |scheme: &str| scheme.chars().all(|c| c.is_ascii_alphanumeric());
        if text
            .split_once("://")
            .is_some_and(|(scheme, _)| is_name(scheme))
        {
            return Some(self.code_in_pasted_url(text));
        }
        if text.contains("code=") || text.contains("error=") {
            let query = text.rsplit_once('?').map_or(text, |(_, query)| query);
            return Some(self.code_in_pasted_query(query));
        }
        None
    }

    fn code_in_pasted_url(&self, text: &str) -> Result<Secret, AuthorizationError> {
        let other = || AuthorizationError::NotTheRedirect {
            expected: self.redirect_uri.to_string(),
        };
        let url = Url::parse(text).map_err(|_| other())?;
        let is_redirect =
            url.origin() == self.redirect_uri.origin() && url.path() == self.redirect_uri.path();
        match url.query().filter(|_| is_redirect) {
            Some(query) => self.code_in_pasted_query(query),
            None if self.redirect_uri.as_str().starts_with(text) => Err(AuthorizationError::Cut),
            None => Err(other()),
        }
    }
}

#[cfg(test)]
mod tests;
