//! Validates authorization requests (RFC 6749 §4.1.1, RFC 7636 §4.4.1, RFC 9126 §4, `OpenID` Connect Core §3.1.2.1).

use super::client::Client;
use super::client_document::register_document;
use super::error::OauthError;
use super::form::Form;
use super::pushed_request;
use super::redirect_uri::{ResponseTarget, is_registered};
use super::requested_access::RequestedAccess;
use super::stored_authorization::{self, Prompt};
use super::{AuthServer, pkce};
use crate::base::{Millis, SandboxError};
use crate::web::host_guard::PublicUrl;

/// The outcome of a valid request.
pub(crate) enum Started {
    /// The id of the request, which a person decides.
    Pending(String),
    /// The URL of the response.
    Decided(String),
}

/// The outcome of an invalid request.
pub(crate) enum AuthorizationError {
    /// A reason to show on a page: no redirect URI is known to belong to the client.
    Page(&'static str),
    /// The URL of the error response.
    Redirect(String),
    Internal(SandboxError),
}

impl From<SandboxError> for AuthorizationError {
    fn from(error: SandboxError) -> Self {
        Self::Internal(error)
    }
}

/// A valid request, except for where the response goes.
pub(super) struct Requested {
    pub(super) access: RequestedAccess,
    pub(super) challenge: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) prompt: Option<Prompt>,
}

/// A valid request.
pub(super) struct ValidRequest {
    pub(super) client: Client,
    pub(super) target: ResponseTarget,
    pub(super) requested: Requested,
}

/// Validates and stores the request in `parameters`, which are form-encoded.
pub(crate) fn start_authorization(
    server: &AuthServer,
    public_url: &PublicUrl,
    parameters: &[u8],
) -> Result<Started, AuthorizationError> {
    let query = Form::parse(parameters);
    let client = identify(server, &query)?;
    let pushed = match query.get("request_uri") {
        Some(request_uri) => Some(take_pushed(server, &client, request_uri)?),
        None => None,
    };
    let is_push_missing = pushed.is_none() && server.sandbox.settings().require_par;
    let form = pushed.unwrap_or(query);
    let target = ResponseTarget {
        redirect_uri: redirect_uri(&client, &form).map_err(AuthorizationError::Page)?,
        state: form.get("state").map(ToOwned::to_owned),
        issuer: public_url.join(server.service.prefix),
    };
    let requested = if is_push_missing {
        Err(OauthError::request(
            "this server accepts pushed authorization requests only",
        ))
    } else {
        validate(server, &client, &form)
    };
    match requested {
        Ok(requested) => {
            let request = ValidRequest {
                client,
                target,
                requested,
            };
            Ok(stored_authorization::start(server, &request)?)
        }
        Err(OauthError::Code(error, description)) => Err(AuthorizationError::Redirect(
            target.with_error(error, description),
        )),
        Err(OauthError::Internal(error)) => Err(error.into()),
    }
}

/// Registers the client of a request whose id is the URL of a document.
///
/// # Errors
/// A reason to show on a page.
pub(crate) async fn register_client_document(
    server: &AuthServer,
    parameters: &[u8],
) -> Result<(), AuthorizationError> {
    let query = Form::parse(parameters);
    match register_document(server, query.get("client_id")).await {
        Ok(()) => Ok(()),
        Err(OauthError::Code(_, reason)) => Err(AuthorizationError::Page(reason)),
        Err(OauthError::Internal(error)) => Err(error.into()),
    }
}

/// Returns the client that the request names. Clients authenticate at the token endpoint only.
fn identify(server: &AuthServer, form: &Form) -> Result<Client, AuthorizationError> {
    if form.is_repeated("client_id") {
        return Err(AuthorizationError::Page("client_id is repeated"));
    }
    let id = form.get("client_id");
    let id = id.ok_or(AuthorizationError::Page("client_id is missing"))?;
    Client::find(server, id)?.ok_or(AuthorizationError::Page(
        "no such client is registered here",
    ))
}

/// Returns the parameters of a pushed request. All others of the authorization request are ignored (RFC 9126 §4).
fn take_pushed(
    server: &AuthServer,
    client: &Client,
    request_uri: &str,
) -> Result<Form, AuthorizationError> {
    let stored = pushed_request::take(server, client, request_uri)?;
    let stored = stored.ok_or(AuthorizationError::Page(
        "the request URI is unknown, expired or was used before",
    ))?;
    Ok(Form::parse(stored.as_bytes()))
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
    if form
        .get("response_mode")
        .is_some_and(|mode| mode != "query")
    {
        return Err(OauthError::request("response_mode must be query"));
    }
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
