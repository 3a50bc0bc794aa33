//! A rotation in progress: writes its record to the journal before each step, and finishes or undoes it.

use super::new_key::NewKey;
use super::plan::warn_about_omitted;
use super::request::RotationResult;
use crate::actions::token::created_keys;
use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::token::lookup::NamedToken;
use crate::actions::{
    ActionError, AuthenticatedClient, Event, ProfileSession, Purpose, RotationError, RotationStep,
};
use crate::domain::{ApiToken, CredentialEvent, Hint, TokenId, Warning};
use crate::service::{ApiErrorKind, ApiTransport, Service, ServiceError};
use crate::vault::{Rotation, RotationJournal, SecretDestination, VaultError};

pub(super) struct OpenRotation<'a> {
    pub(super) session: ProfileSession<'a>,
    pub(super) journal: &'a RotationJournal,
    pub(super) record: Rotation,
    /// The targets that had the old key when this run began: later targets may replace those in the record.
    targets_before: Vec<SecretDestination>,
}

impl<'a> OpenRotation<'a> {
    pub(super) fn new(
        session: ProfileSession<'a>,
        journal: &'a RotationJournal,
        record: Rotation,
    ) -> Self {
        Self {
            session,
            journal,
            targets_before: record.all_targets_before(),
            record,
        }
    }
}

impl OpenRotation<'_> {
    /// Writes the record to the journal. Called before each step.
    pub(super) fn save(&self) -> Result<(), VaultError> {
        self.journal.write(&self.record)
    }

    /// Deletes the journal: there is nothing to finish or undo.
    pub(super) fn close(&self) -> Result<(), VaultError> {
        self.journal.delete()
    }

    pub(super) fn emit(&self, step: RotationStep) {
        self.session.context.emit(&Event::Rotation(step));
    }

    /// Closes the journal if the error proves that no token was created, and returns the error. After a lost response the
    /// journal stays, and the next run looks for the token.
    pub(super) fn close_if_nothing_created(
        &self,
        error: ActionError,
    ) -> Result<ActionError, ActionError> {
        let is_nothing_created = match &error {
            ActionError::Service(ServiceError::Api(api_error)) => {
                api_error.kind != ApiErrorKind::Unavailable
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
        if is_nothing_created {
            self.close()?;
        }
        Ok(error)
    }

    /// Returns the tokens of the rotation's name that did not exist when it started.
    pub(super) async fn created_since<C: ApiTransport<Error = ActionError>>(
        &self,
        service: &Service<'_, C>,
    ) -> Result<Vec<TokenId>, ActionError> {
        let mut pages = service.token_pages(None)?;
        let mut new = Vec::new();
        while let Some(page) = pages.next_page().await? {
            let page = page.into_iter().filter(|token| {
                let same_name = token.name.is_none() || token.name == self.record.name;
                same_name && token.active != Some(false)
            });
            let ids = page.filter_map(|token| token.id);
            new.extend(ids.filter(|id| !self.record.ids_before.contains(id)));
        }
        Ok(new)
    }

    /// Records which token the new key belongs to, and which token it replaces.
    pub(super) async fn record_key<C: ApiTransport>(&self, service: &Service<'_, C>, new: &NewKey) {
        let (session, old) = (self.session, Some(&self.record.old));
        created_keys::record(session, service, &new.id, new.secret(), old).await;
    }

    /// Remembers the targets for the new token, in place of those of the old one.
    pub(super) async fn remember_targets(&self, new: &TokenId) {
        let named = NamedToken {
            id: new,
            name: self.record.name.as_deref(),
        };
        let targets = self.record.all_targets();
        let old = Some(&self.record.old);
        self.session.remember_targets(named, old, &targets).await;
    }

    /// Revokes the old token after the new one was written.
    pub(super) async fn finish(&self) -> Result<(), ActionError> {
        let old = &self.record.old;
        self.revoke_if_present(old)
            .await
            .map_err(|error| RotationError::OldNotRevoked {
                id: old.to_string(),
                source: Box::new(error),
            })?;
        self.emit(RotationStep::Revoked);
        Ok(self.close()?)
    }

    /// Returns the result of a step. If the step failed, revokes the new token first.
    pub(super) async fn or_undo<T>(
        &self,
        new: &TokenId,
        step: Result<T, ActionError>,
    ) -> Result<T, ActionError> {
        if step.is_err()
            && let Err(error) = self.undo(new).await
        {
            let text = format!("cannot revoke the new token ({new}): {error}");
            let hint = Hint::from("the next ")
                .command("token rotate")
                .text(" retries");
            self.session.context.warn(Warning::with_hint(text, hint));
        }
        step
    }

    /// Revokes the new token; the old one is still at the destination.
    async fn undo(&self, new: &TokenId) -> Result<(), ActionError> {
        self.revoke_if_present(new).await?;
        let text = "undid the rotation: the old token is still in use";
        self.session.context.warn(text);
        Ok(self.close()?)
    }

    /// Revokes the new token of an earlier run, which has no event of this run.
    pub(super) async fn undo_interrupted(&self, new: &TokenId) -> Result<(), ActionError> {
        self.undo(new).await?;
        let event = CredentialEvent::TokenRevoke;
        self.session.record_token(event, Some(new));
        Ok(())
    }

    /// Revokes a token that may be revoked already. Selects the credential again, because the previous one may be the token
    /// to revoke.
    async fn revoke_if_present(&self, id: &TokenId) -> Result<(), ActionError> {
        let access = AuthenticatedClient::open(self.session, Purpose::Change)?;
        let service = access.service().await;
        match service.revoke_token(id).await {
            Err(error) if error.is_not_found() => {}
            other => other.map_err(|error| with_credential_hint(self.session.target, error))?,
        }
        created_keys::mark_revoked(self.session, &service, std::slice::from_ref(id)).await;
        Ok(())
    }

    /// Returns the result of a finished rotation. Warns of the targets that keep the old key.
    pub(super) fn into_result(self, new: NewKey, is_resumed: bool) -> RotationResult {
        let targets = self.record.all_targets();
        warn_about_omitted(self.session.context, &self.targets_before, &targets);
        RotationResult {
            targets,
            old: self.record.old,
            new: ApiToken {
                id: Some(new.id),
                ..new.created.token
            },
            secret: new.created.secret,
            resumed: is_resumed,
            comparison: None,
        }
    }
}
