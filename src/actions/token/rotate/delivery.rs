//! Writes a new key to each of several targets. The key stays in the journal until every target has it, and the old token is
//! revoked only then.

use super::key_match;
use super::listed::list_during_rotation;
use super::new_key::{NewKey, fingerprint};
use super::old_token::OpenedTarget;
use super::open_rotation::OpenRotation;
use super::request::{RotationRequest, RotationResult};
use super::verify::{verify_new_secret, verify_secret};
use crate::actions::token::destination::Destination;
use crate::actions::{
    ActionError, AuthenticatedClient, Purpose, RotationError, RotationStep, TargetOutcome,
};
use crate::domain::{ApiToken, CredentialKind, Secret};
use crate::service::Service;
use crate::vault::{SecretDestination, TargetState};

impl OpenRotation<'_> {
    /// Records the targets and the new secret. After this, an interrupted rotation is finished and no longer undone.
    pub(super) fn record_targets(
        &mut self,
        opened: &[OpenedTarget],
        secret: &Secret,
    ) -> Result<(), ActionError> {
        let states = opened.iter().map(|opened| TargetState {
            target: opened.target.clone(),
            is_written: false,
            replaces: opened.destination.previous_value().map(fingerprint),
        });
        self.record.targets = states.collect();
        if let Some(new) = &mut self.record.new_token {
            new.secret = Some(secret.clone());
        }
        Ok(self.save()?)
    }

    /// Writes the new key to the targets that lack it, and proves that they have it. A failed target does not stop the others.
    ///
    /// # Errors
    /// [`RotationError::TargetsFailed`]; the journal stays.
    pub(super) async fn deliver(
        &mut self,
        new: &NewKey,
        request: RotationRequest<'_>,
    ) -> Result<(), ActionError> {
        let mut outcomes = Vec::new();
        for index in 0..self.record.targets.len() {
            let state = self.record.targets[index].clone();
            let mut error = None;
            if !state.is_written {
                let work = self.deliver_to(&state.target, new, request);
                error = Box::pin(work).await.err().map(Box::new);
            }
            if error.is_none() && !state.is_written {
                self.record.targets[index].is_written = true;
                // If this fails, the next run writes the same key again.
                let _unrecorded = self.save();
            }
            let target = state.target.to_string();
            outcomes.push(TargetOutcome { target, error });
        }
        if outcomes.iter().all(TargetOutcome::is_written) {
            self.emit(RotationStep::Written);
            return Ok(());
        }
        Err(RotationError::TargetsFailed {
            id: self.record.old.to_string(),
            new: new.id.to_string(),
            is_by_service: self.record.is_by_service,
            outcomes,
        }
        .into())
    }

    async fn deliver_to(
        &self,
        target: &SecretDestination,
        new: &NewKey,
        request: RotationRequest<'_>,
    ) -> Result<(), ActionError> {
        let opened = self.open_replaceable(target, new.secret(), request).await?;
        if opened.has_secret(self.session, new.secret()) {
            return Ok(());
        }
        opened
            .deliver(self.session, Some(&new.id), &new.created)
            .await
    }

    /// Opens a target. Fails if it has a value that the new key must not replace.
    pub(super) async fn open_replaceable(
        &self,
        target: &SecretDestination,
        new: &Secret,
        request: RotationRequest<'_>,
    ) -> Result<Destination, ActionError> {
        let (session, old) = (self.session, &self.record.old);
        let opened = Destination::open(session, target, session.target.base()?, Some(old))?;
        if !opened.has_secret(session, new) {
            opened.check_stored_key(session, old, &ApiToken::default())?;
            Box::pin(self.check_value(&opened, request)).await?;
        }
        Ok(opened)
    }

    /// Fails if the value at a target is neither the old key nor one that may be replaced.
    async fn check_value(
        &self,
        opened: &Destination,
        request: RotationRequest<'_>,
    ) -> Result<(), ActionError> {
        let value = opened.previous_value();
        if value.is_none_or(|value| self.is_old_key(value)) {
            return Ok(());
        }
        let (session, id) = (self.session, &self.record.old);
        let request = RotationRequest { id, ..request };
        let access = &AuthenticatedClient::open(session, Purpose::Change)?;
        let listed = list_during_rotation(session, &access.service().await, id).await?;
        if self.record.is_by_service {
            return key_match::check_after_replacement(access, opened, request, &listed).await;
        }
        let compared = key_match::check_key_of_token(access, opened, request, &listed).await;
        compared.map(drop)
    }

    /// Returns `true` if the rotation replaces this key: a target had it before, or it is recorded as the key of the old token.
    fn is_old_key(&self, key: &Secret) -> bool {
        let rotation = &self.record;
        let fingerprint = Some(fingerprint(key));
        let mut targets = rotation.targets.iter();
        if targets.any(|state| state.replaces == fingerprint) {
            return true;
        }
        let issuer = self.session.issuing_profile(&rotation.origin);
        let created = self.session.vault().created_keys();
        created.is_ok_and(|created| created.is_key_of(issuer, key, &rotation.old) == Some(true))
    }

    /// Finishes an interrupted rotation whose new key is in the journal. Returns `None` if the service no longer accepts that
    /// key, so that the rotation starts again.
    pub(super) async fn resume(
        mut self,
        request: RotationRequest<'_>,
    ) -> Result<Option<RotationResult>, ActionError> {
        let recorded = self.record.new_token.clone();
        let Some((id, secret)) = recorded.and_then(|new| Some((new.id, new.secret?))) else {
            return Ok(None);
        };
        self.replace_open_targets(&secret, request).await?;
        self.save()?;
        let session = self.session;
        let access = AuthenticatedClient::open(session, Purpose::Change)?;
        let service = access.service().await;
        let kind = self.key_kind();
        if !self.record.is_by_service {
            let verified = verify_secret(session, &service, kind, &secret).await;
            if let Err(ActionError::CredentialRejected { .. }) = verified {
                self.undo_interrupted(&id).await?;
                return Ok(None);
            }
            verified?;
        }
        let new = NewKey::of_record(&self.record, id, secret);
        self.record_key(&service, &new).await;
        self.deliver(&new, request).await?;
        self.complete(&service, kind, &new).await?;
        Ok(Some(self.into_result(new, true)))
    }

    /// Replaces the recorded targets that lack the new key with those that the user named. Fails, and changes nothing, if a named
    /// target has a value that must not be replaced.
    async fn replace_open_targets(
        &mut self,
        new: &Secret,
        request: RotationRequest<'_>,
    ) -> Result<(), ActionError> {
        if request.targets.is_empty() {
            return Ok(());
        }
        let recorded = self.record.targets.iter();
        let mut targets: Vec<_> = recorded.filter(|state| state.is_written).cloned().collect();
        for target in request.targets {
            let mut written = targets.iter();
            if !written.any(|state| state.target.is_same_target(target)) {
                let opened = self.open_replaceable(target, new, request).await?;
                let mut state = TargetState::new(target, false);
                state.replaces = opened.previous_value().map(fingerprint);
                targets.push(state);
            }
        }
        self.record.targets = targets;
        Ok(())
    }

    /// Returns the kind of the new key: the kind of the stored credential if it replaces that, else an API key.
    fn key_kind(&self) -> CredentialKind {
        let targets = self.record.all_targets();
        let is_stored = targets.contains(&SecretDestination::Profile);
        let stored = is_stored.then(|| self.session.find_stored().ok().flatten());
        let stored = stored.flatten();
        stored.map_or(CredentialKind::ApiKey, |stored| stored.credential.kind)
    }

    /// Revokes the old token, or verifies the new key where the service has replaced the old one, and closes the journal.
    pub(super) async fn complete(
        &self,
        service: &Service<'_, AuthenticatedClient<'_>>,
        kind: CredentialKind,
        new: &NewKey,
    ) -> Result<(), ActionError> {
        self.remember_targets(&new.id).await;
        if !self.record.is_by_service {
            return self.finish().await;
        }
        let verified = verify_new_secret(self.session, service, kind, new.secret()).await;
        self.close_verified(verified.map(drop))
    }

    /// Closes the journal of a rotation by the service's own call, whose targets have the new key.
    pub(super) fn close_verified(
        &self,
        verified: Result<(), ActionError>,
    ) -> Result<(), ActionError> {
        let Err(error) = verified else {
            self.emit(RotationStep::Verified);
            return Ok(self.close()?);
        };
        // The targets have the key. If the service rejects it, another attempt does not help.
        if matches!(error, ActionError::CredentialRejected { .. }) {
            self.close()?;
        }
        let (id, source) = (self.record.old.to_string(), Box::new(error));
        Err(RotationError::NewKeyUnverified { id, source }.into())
    }
}
