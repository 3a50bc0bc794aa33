//! Validates authorization requests (RFC 6749 §4.1.1, RFC 7636 §4.4.1, `OpenID` Connect Core §3.1.2.1).

use super::authorization_response::ResponseMode;
use super::client::Client;
use super::error::OauthError;
use super::form::Form;
use super::redirect_uri::{ResponseTarget, is_registered};
use super::requested_access::RequestedAccess;
use super::{AuthServer, pkce};
use crate::base::Millis;

/// A valid request, except for where the response goes.
pub(super) struct Requested {
    pub(super) access: RequestedAccess,
    pub(super) challenge: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) prompt: Option<Prompt>,
}

pub(super) struct ValidRequest {
    pub(super) client: Client,
    pub(super) target: ResponseTarget,
    pub(super) requested: Requested,
}

/// How a request restricts the interaction with the person (`OpenID` Connect Core §3.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// Show nothing.
    None,
    /// Sign in again.
    Login,
}

impl Prompt {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::None, Self::Login]
            .into_iter()
            .find(|prompt| prompt.as_str() == text)
    }
}

/// Returns the redirect URI if it is one of the client's.
pub(super) fn redirect_uri(client: &Client, form: &Form) -> Result<String, &'static str> {
    if form.is_repeated("redirect_uri") {
        return Err("redirect_uri is repeated");
    }
    let uri = form.get("redirect_uri").ok_or("redirect_uri is missing")?;
    if is_registered(client, uri) {
        return Ok(uri.to_owned());
    }
    Err("redirect_uri is not registered for this client")
}

/// Validates everything but the client and the redirect URI.
pub(super) fn validate(
    server: &AuthServer,
    client: &Client,
    form: &Form,
) -> Result<Requested, OauthError> {
    form.check_repeated()?;
    match form.required("response_type", "response_type is missing")? {
        "code" => {}
        _ => {
            return Err(OauthError::Code(
                "unsupported_response_type",
                "response_type must be code",
            ));
        }
    }
    ResponseMode::requested(form)?;
    if form.get("request").is_some() {
        return Err(OauthError::Code(
            "request_not_supported",
            "request objects are not supported",
        ));
    }
    let challenge = pkce::challenge(form)?;
    if challenge.is_none() && !client.is_confidential() {
        return Err(OauthError::request("code_challenge is missing"));
    }
    Ok(Requested {
        access: RequestedAccess::parse(server, form)?,
        challenge,
        nonce: form.get("nonce").map(ToOwned::to_owned),
        prompt: prompt(form)?,
    })
}

/// Returns the prompt. Every request is shown for consent, so only two values change anything.
fn prompt(form: &Form) -> Result<Option<Prompt>, OauthError> {
    let values: Vec<&str> = form
        .get("prompt")
        .map(|prompt| prompt.split(' ').collect())
        .unwrap_or_default();
    if values.contains(&"none") {
        if values.len() > 1 {
            return Err(OauthError::request("prompt none excludes all others"));
        }
        return Ok(Some(Prompt::None));
    }
    let max_age = form.get("max_age");
    if max_age.is_some_and(|age| age.parse::<Millis>().is_err()) {
        return Err(OauthError::request("max_age must be a number of seconds"));
    }
    // A new sign-in is never older than `max_age`.
    let must_sign_in = values.contains(&"login") || values.contains(&"select_account");
    Ok((must_sign_in || max_age.is_some()).then_some(Prompt::Login))
}
