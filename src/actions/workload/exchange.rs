//! Exchanges the identity of this workload for an access token.

use super::subject_token::{Recipient, request_subject_token};
use crate::actions::{ActionError, Context, WorkloadError};
use crate::domain::{OAuthServer, WorkloadGrant, WorkloadIdentity};
use crate::oauth::{TokenResponse, VerifiedServer, WorkloadRequest};

/// Requests an access token at `server` for a new token of the platform.
pub(crate) async fn exchange_identity(
    context: &Context,
    server: &VerifiedServer,
    identity: &WorkloadIdentity,
) -> Result<TokenResponse, ActionError> {
    let details = server.details();
    let recipient = Recipient {
        issuer: &details.issuer,
        token_endpoint: &details.token_endpoint,
    };
    let token = request_subject_token(context, identity, &recipient).await?;
    let request = WorkloadRequest {
        grant: identity.grant,
        subject_token: &token.secret,
        subject_token_type: identity.subject_token_type,
        scopes: &identity.scopes,
    };
    let response = request.send(&context.http, server).await;
    response.map_err(|source| {
        let error = WorkloadError::Exchange {
            what: token.label,
            claims: token.claims,
            requested: describe_request(details, identity),
            source: Box::new(source),
        };
        error.into()
    })
}

/// Lists what the server compares with its settings.
fn describe_request(server: &OAuthServer, identity: &WorkloadIdentity) -> String {
    let is_exchange = identity.grant == WorkloadGrant::TokenExchange;
    let kind = identity.subject_token_type.name();
    let scopes = identity.scopes.to_string();
    let parameters = [
        ("grant", Some(identity.grant.name())),
        ("subject_token_type", Some(kind).filter(|_| is_exchange)),
        ("client_id", Some(server.client_id.as_str())),
        ("scope", Some(scopes.as_str())),
        ("audience", server.client.audience.as_deref()),
        ("resource", server.client.resource.as_deref()),
    ];
    let shown = parameters.into_iter().filter_map(|(name, value)| {
        let value = value.filter(|value| !value.is_empty())?;
        Some(format!(
            "{name} \"{}\"",
            crate::domain::sanitize_line(value)
        ))
    });
    shown.collect::<Vec<_>>().join(", ")
}
