//! Creates the new token of a rotation, and records it.

use super::delivery::NewKeyRef;
use super::recovery;
use crate::actions::token::created_keys;
use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::{ActionError, Context, Event, RotationError, RotationStep, Target};
use crate::domain::{ApiToken, CreatedToken, Secret, TokenId};
use crate::service::{ApiErrorKind, ApiTransport, NewToken, Service, ServiceError};
use crate::vault::{RotatedToken, Rotation, RotationJournal};

/// A token that the rotation created. The service may report its id in the list only.
pub(super) struct NewKey {
    pub(super) id: TokenId,
    pub(super) created: CreatedToken,
}

impl NewKey {
    pub(super) fn borrowed(&self) -> NewKeyRef<'_> {
        NewKeyRef {
            id: &self.id,
            created: &self.created,
        }
    }
}

pub(super) async fn announce<C: ApiTransport>(
    context: &Context,
    service: &Service<'_, C>,
    new: &NewKey,
) {
    created_keys::record(context, service, &new.id, &new.created.secret).await;
    context.emit(&Event::Rotation(RotationStep::Created));
}

/// Creates the new token. Records the intent before and the result after the request.
pub(super) async fn create_new_token<C: ApiTransport<Error = ActionError>>(
    target: &Target,
    service: &Service<'_, C>,
    journal: &RotationJournal,
    wanted: &NewToken,
    rotation: &mut Rotation,
) -> Result<NewKey, ActionError> {
    journal.write(rotation)?;
    let minted = match service.create_token(wanted).await {
        Ok(minted) => minted,
        Err(error) => {
            return Err(close_if_nothing_created(
                journal,
                with_credential_hint(target, error),
            )?);
        }
    };
    let id = find_new_id(service, rotation, &minted.token).await?;
    rotation.new_token = Some(RotatedToken {
        id: id.clone(),
        fingerprint: minted.secret.fingerprint(Secret::LONG_FINGERPRINT),
        secret: None,
    });
    journal.write(rotation)?;
    let created = minted;
    Ok(NewKey { id, created })
}

/// Closes the journal if the error proves that no token was created. After a lost response, the next run finds out.
pub(super) fn close_if_nothing_created(
    journal: &RotationJournal,
    error: ActionError,
) -> Result<ActionError, ActionError> {
    let nothing_made = match &error {
        ActionError::Service(ServiceError::Api(refusal)) => {
            refusal.kind != ApiErrorKind::Unavailable
        }
        // The service rejected the call, or it was not sent.
        ActionError::Service(
            ServiceError::ConfirmationRejected { .. }
            | ServiceError::MissingConfirmation { .. }
            | ServiceError::MissingParameter { .. }
            | ServiceError::InvalidArgument { .. }
            | ServiceError::InvalidId(_),
        )
        | ActionError::CredentialRejected { .. }
        | ActionError::LoginExpired { .. }
        | ActionError::RefreshInterrupted { .. } => true,
        _ => false,
    };
    if nothing_made {
        journal.delete()?;
    }
    Ok(error)
}

/// Returns the id of the new token. Some services report it only in the list.
async fn find_new_id<C: ApiTransport<Error = ActionError>>(
    service: &Service<'_, C>,
    rotation: &Rotation,
    token: &ApiToken,
) -> Result<TokenId, ActionError> {
    if let Some(id) = &token.id {
        return Ok(id.clone());
    }
    let mut new = recovery::created_since(service, rotation).await?;
    match (new.pop(), new.is_empty()) {
        (Some(id), true) => Ok(id),
        _ => Err(RotationError::UnknownNewToken {
            service: service.descriptor.name.clone(),
        }
        .into()),
    }
}
