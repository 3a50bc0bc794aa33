//! Token exchange (RFC 8693): an access token for the token of another issuer, or a narrower one for an access token of this server.

use super::error::OauthError;
use super::form::Form;
use super::grant::{Authentication, Grant, IssuedTokens};
use super::requested_access::RequestedAccess;
use super::token_request::TokenRequest;
use super::{Scopes, access, subject_token, token_family};
use crate::base::secrets;
use crate::state::account;

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

pub(super) async fn exchange(request: &TokenRequest) -> Result<IssuedTokens, OauthError> {
    let form = &request.form;
    let subject = form.required("subject_token", "subject_token is missing")?;
    let kind = form.required("subject_token_type", "subject_token_type is missing")?;
    check_parameters(form)?;
    check_target(request)?;
    let requested = RequestedAccess::parse_for_client(&request.server, form)?;
    let grant = match kind {
        ACCESS_TOKEN => narrow(request, subject, requested)?,
        ID_TOKEN | JWT => {
            subject_token::verify(request, subject).await?;
            for_workload(request, requested)?
        }
        _ => {
            return Err(OauthError::request(
                "this subject_token_type is not supported",
            ));
        }
    };
    let issued = request
        .server
        .sandbox
        .write(|tx, now| token_family::start(tx, now, request, &grant))?;
    Ok(IssuedTokens {
        issued_token_type: Some(ACCESS_TOKEN),
        ..issued
    })
}

/// Returns the grant of a workload, which uses the data of the demo account.
pub(super) fn for_workload(
    request: &TokenRequest,
    access: RequestedAccess,
) -> Result<Grant, OauthError> {
    Ok(Grant {
        id: secrets::uuid()?,
        client_id: request.client.id.clone(),
        account_id: account::DEMO_ID,
        access,
        is_for_client: true,
        authentication: Authentication::default(),
    })
}

/// Returns a grant for the account of an access token of this server, with at most its scopes and its resource.
fn narrow(
    request: &TokenRequest,
    token: &str,
    requested: RequestedAccess,
) -> Result<Grant, OauthError> {
    let server = &request.server;
    let subject_access = server
        .sandbox
        .read(|connection, now| access(connection, now, server.service, token))?;
    let subject_access =
        subject_access.ok_or(OauthError::grant("the access token is not valid"))?;
    if subject_access.resource.is_some()
        && requested.resource.is_some()
        && subject_access.resource != requested.resource
    {
        return Err(OauthError::Code(
            "invalid_target",
            "the access token is for another resource",
        ));
    }
    let scopes = requested.scopes.iter();
    let scopes: Scopes = scopes
        .filter(|scope| subject_access.scopes.contains(scope))
        .collect();
    if scopes.is_empty() && !requested.scopes.is_empty() {
        return Err(OauthError::Code(
            "invalid_scope",
            "the access token has none of the scopes",
        ));
    }
    let access = RequestedAccess {
        scopes,
        resource: subject_access.resource.or(requested.resource),
    };
    Ok(Grant {
        account_id: subject_access.account_id,
        is_for_client: false,
        ..for_workload(request, access)?
    })
}

fn check_parameters(form: &Form) -> Result<(), OauthError> {
    if form.get("actor_token").is_some() {
        return Err(OauthError::request("actor_token is not supported"));
    }
    match form.get("requested_token_type") {
        None | Some(ACCESS_TOKEN) => Ok(()),
        Some(_) => Err(OauthError::request("only access tokens are issued")),
    }
}

/// Checks that the target service is this server, which issues tokens for no other (RFC 8693 §2.2.2).
fn check_target(request: &TokenRequest) -> Result<(), OauthError> {
    match request.form.get("audience") {
        Some(name) if name != request.issuer && name != request.server.service.id => {
            let text = format!("audience must be {}", request.issuer);
            Err(OauthError::Described("invalid_target", text))
        }
        _ => Ok(()),
    }
}
