//! Revokes a new token that is not the requested one: with another expiry, or with more rights.

use crate::actions::token::created_keys;
use crate::actions::token::creation_record::CreationRecord;
use crate::actions::token::existing::ReturnedToken;
use crate::actions::{ActionError, AuthenticatedClient, CreationError};
use crate::domain::CreatedToken;
use crate::provider::TokenVerb;
use crate::service::{ApiTransport, NewToken, Service, compare_with_request};

/// Fails if the service reports another expiry than requested, or wider rights. The token is then
/// revoked, unless it existed before.
pub(super) async fn revoke_if_deviating(
    service: &Service<'_, AuthenticatedClient<'_>>,
    new_token: &NewToken,
    returned: &ReturnedToken,
    record: &mut CreationRecord<'_>,
) -> Result<(), ActionError> {
    let Some(call) = &service.descriptor.tokens.create else {
        return Ok(());
    };
    let now = service.transport.server_time(&service.base_url.origin());
    let changes = compare_with_request(call, new_token, &returned.created.token, now);
    if changes.is_empty() {
        return Ok(());
    }
    let revoked = if returned.existed {
        Err(None)
    } else {
        revoke(service, &returned.created, record).await
    };
    Err(CreationError::Deviates {
        service: service.descriptor.name.clone(),
        changes,
        id: returned.created.token.id.clone(),
        revoked,
        existed: returned.existed,
    }
    .into())
}

async fn revoke(
    service: &Service<'_, AuthenticatedClient<'_>>,
    created: &CreatedToken,
    record: &mut CreationRecord<'_>,
) -> Result<(), Option<Box<ActionError>>> {
    let id = created.token.id.as_ref();
    let can_revoke = service.descriptor.supports(TokenVerb::Revoke);
    let id = id.filter(|_| can_revoke).ok_or(None)?;
    let revoked = service.revoke_token(id).await;
    revoked.map_err(|error| Some(Box::new(error)))?;
    record.record_revoked();
    Box::pin(created_keys::mark_revoked(
        service.transport.session,
        service,
        std::slice::from_ref(id),
    ))
    .await;
    Ok(())
}
