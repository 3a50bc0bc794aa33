//! Adds the credential and the workspace to a request, and sends it.

use crate::actions::credential::key_exchange::{forget_exchanged, usable_credential};
use crate::actions::{ActionError, Context, ProfileSession, ResolvedCredential};
use crate::domain::{Credential, StoredCredential};
use crate::http::{Request, Response, StatusCode};
use crate::provider::Descriptor;

/// Sends one request with the credential. A token that an earlier request received is replaced if the service rejects it,
/// except for a call that the user confirmed: a one-time password is valid once, and a wrong password counts.
pub(crate) async fn send_with_credential(
    session: ProfileSession<'_>,
    request: Request,
    selected: &ResolvedCredential,
) -> Result<Response, ActionError> {
    let usable = Box::pin(usable_credential(session, selected)).await?;
    let signed = sign_with(session, request.clone(), selected, &usable.credential)?;
    let response = session.context.http.send(signed).await?;
    if !usable.is_reused || response.status != StatusCode::UNAUTHORIZED {
        return Ok(response);
    }
    forget_exchanged(session, selected).await;
    if request.is_confirmed_by_user() {
        return Ok(response);
    }
    let signed = Box::pin(sign(session, request, selected)).await?;
    Ok(session.context.http.send(signed).await?)
}

/// Adds the credential and the workspace to a request. Exchanges a key where the service requires it.
pub(crate) async fn sign(
    session: ProfileSession<'_>,
    request: Request,
    selected: &ResolvedCredential,
) -> Result<Request, ActionError> {
    let usable = Box::pin(usable_credential(session, selected)).await?;
    sign_with(session, request, selected, &usable.credential)
}

fn sign_with(
    session: ProfileSession<'_>,
    request: Request,
    selected: &ResolvedCredential,
    credential: &Credential,
) -> Result<Request, ActionError> {
    let request = add_workspace_header(session.context, &session.target.descriptor, request)?;
    let signed = authorize(&session.target.descriptor, request, selected, credential)?;
    // A request with an exchanged token does not carry the key, but an error body of the server may quote it.
    let mut signed = signed.redact_if_echoed(&selected.credential.secret);
    // The request does not carry the refresh token, but an error body of the server may quote it.
    if let Some(token) = selected
        .stored
        .as_ref()
        .and_then(|it| it.refresh_token.as_ref())
    {
        signed = signed.redact_if_echoed(token);
    }
    Ok(signed)
}

/// Adds the header of the workspace that the settings choose for the service.
fn add_workspace_header(
    context: &Context,
    descriptor: &Descriptor,
    request: Request,
) -> Result<Request, ActionError> {
    let Some(workspace) = context.config.workspace.get(&descriptor.id) else {
        return Ok(request);
    };
    let Some(form) = &descriptor.workspace else {
        let (id, name) = (&descriptor.id, &descriptor.name);
        context.warn(format!(
            "the setting workspace.{id} is not used: the description of {name} has no workspaces"
        ));
        return Ok(request);
    };
    Ok(request.header(form.header.name().clone(), workspace)?)
}

/// Adds the credential in the header that the service documents for its kind, bound to the origin of the credential, or to
/// the resource that it was issued for.
fn authorize(
    descriptor: &Descriptor,
    request: Request,
    selected: &ResolvedCredential,
    credential: &Credential,
) -> Result<Request, ActionError> {
    let kind = credential.kind;
    let no_header = || ActionError::NoHeader {
        service: descriptor.name.clone(),
        kind,
    };
    let form = descriptor.header(kind).ok_or_else(no_header)?;
    let name = form.name.name().clone();
    let origin = selected
        .stored
        .as_ref()
        .map_or_else(|| selected.base.origin(), |stored| stored.origin.clone());
    let value = form.value(&credential.secret);
    let mut request = request.authorize(&origin, name, &value)?;
    if let Some(second) = &form.second {
        let value = form.second_value(&credential.secret);
        let value = value.ok_or_else(|| ActionError::IncompleteKey {
            service: descriptor.name.clone(),
            missing: second.label.clone(),
        })?;
        request = request.authorize(&origin, second.name.name().clone(), &value)?;
    }
    let resource = selected
        .stored
        .as_ref()
        .and_then(StoredCredential::bound_base);
    Ok(match resource {
        Some(resource) => request.bind_to_resource(&resource)?,
        None => request,
    })
}
