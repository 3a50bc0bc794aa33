//! Starts authorization requests (RFC 6749 §4.1.1, RFC 9126 §4).

use super::AuthServer;
use super::authorization_response::{AuthorizationResponse, ResponseMode};
use super::client::Client;
use super::client_document::register_document;
use super::error::OauthError;
use super::form::Form;
use super::pushed_request;
use super::redirect_uri::ResponseTarget;
use super::stored_authorization::{self, Started};
use super::valid_request::{ValidRequest, redirect_uri, validate};
use crate::base::SandboxError;
use crate::web::host_guard::PublicUrl;

/// The outcome of an invalid request.
pub(crate) enum AuthorizationError {
    /// A reason to show on a page: no redirect URI is known to belong to the client.
    Page(&'static str),
    Response(AuthorizationResponse),
    Internal(SandboxError),
}

impl From<SandboxError> for AuthorizationError {
    fn from(error: SandboxError) -> Self {
        Self::Internal(error)
    }
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
        // An unknown mode is an error, which is sent in the query.
        mode: ResponseMode::requested(&form).unwrap_or(ResponseMode::Query),
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
        Err(OauthError::Code(error, description)) => Err(AuthorizationError::Response(
            target.with_error(error, description),
        )),
        Err(OauthError::Described(error, description)) => Err(AuthorizationError::Response(
            target.with_error(error, &description),
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
        Err(OauthError::Described(..)) => Err(AuthorizationError::Page(
            "the document of the client is invalid",
        )),
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
