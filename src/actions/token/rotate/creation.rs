//! Creates the new token of a rotation, and records it.

use super::new_key::NewKey;
use super::open_rotation::OpenRotation;
use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::{ActionError, RotationError, RotationStep};
use crate::domain::{ApiToken, TokenId};
use crate::service::{ApiTransport, NewToken, Service};

impl OpenRotation<'_> {
    /// Creates the new token. Records the intent before and the result after the request.
    pub(super) async fn create_new_token<C: ApiTransport<Error = ActionError>>(
        &mut self,
        service: &Service<'_, C>,
        new_token: &NewToken,
    ) -> Result<NewKey, ActionError> {
        self.save()?;
        let created = match service.create_token(new_token).await {
            Ok(created) => created,
            Err(error) => {
                let error = with_credential_hint(self.session.target, error);
                return Err(self.close_if_nothing_created(error)?);
            }
        };
        let id = self.find_new_id(service, &created.token).await?;
        let new = NewKey { id, created };
        self.record.new_token = Some(new.to_record());
        self.save()?;
        self.record_key(service, &new).await;
        self.emit(RotationStep::Created);
        Ok(new)
    }

    /// Returns the id of the new token. Some services report it only in the list.
    async fn find_new_id<C: ApiTransport<Error = ActionError>>(
        &self,
        service: &Service<'_, C>,
        token: &ApiToken,
    ) -> Result<TokenId, ActionError> {
        if let Some(id) = &token.id {
            return Ok(id.clone());
        }
        let mut new = self.created_since(service).await?;
        match (new.pop(), new.is_empty()) {
            (Some(id), true) => Ok(id),
            _ => Err(RotationError::UnknownNewToken {
                service: service.descriptor.name.clone(),
            }
            .into()),
        }
    }
}
