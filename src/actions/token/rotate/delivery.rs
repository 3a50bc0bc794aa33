//! Writes a new key to each of several targets. The key stays in the journal until every target has it, and the old token is
//! revoked only then.

use super::install::{accepted_as, verify_secret};
use super::plan::{rename_targets, targets_of};
use super::{RotationResult, recovery, rotation_result};
use crate::actions::token::created_keys;
use crate::actions::token::destination::Destination;
use crate::actions::{
    ActionError, AuthenticatedClient, Event, ProfileSession, Purpose, RotationError, RotationStep,
    TargetOutcome,
};
use crate::domain::{ApiToken, CreatedToken, CredentialKind, Secret, TokenId};
use crate::service::Service;
use crate::vault::{IssuingService, Rotation, RotationJournal, SecretDestination, TargetState};

/// A new token.
#[derive(Clone, Copy)]
pub(super) struct NewKeyRef<'a> {
    pub(super) id: &'a TokenId,
    pub(super) created: &'a CreatedToken,
}

/// Records the targets and the new secret: from here on, the rotation is finished and not undone.
pub(super) fn record_targets(
    journal: &RotationJournal,
    rotation: &mut Rotation,
    opened: &[(SecretDestination, Destination)],
    secret: &Secret,
) -> Result<(), ActionError> {
    let states = opened.iter().map(|(target, destination)| TargetState {
        target: target.clone(),
        is_written: false,
        replaces: destination.previous_value().map(fingerprint),
    });
    rotation.targets = states.collect();
    if let Some(new) = &mut rotation.new_token {
        new.secret = Some(secret.clone());
    }
    Ok(journal.write(rotation)?)
}

fn fingerprint(secret: &Secret) -> String {
    secret.fingerprint(Secret::LONG_FINGERPRINT)
}

/// Returns the kind of credential that the new key is.
pub(super) fn key_kind(
    session: ProfileSession<'_>,
    targets: &[SecretDestination],
) -> CredentialKind {
    let is_stored = targets.contains(&SecretDestination::Profile);
    let stored = is_stored.then(|| session.find_stored().ok().flatten());
    let stored = stored.flatten();
    stored.map_or(CredentialKind::ApiKey, |stored| stored.credential.kind)
}

/// Writes the new key to the targets that lack it, and proves that they have it. A failed target does not stop the others.
///
/// # Errors
/// [`RotationError::TargetsFailed`]; the journal stays.
pub(super) async fn deliver(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    rotation: &mut Rotation,
    new: NewKeyRef<'_>,
    may_replace: bool,
) -> Result<(), ActionError> {
    let mut outcomes = Vec::new();
    for index in 0..rotation.targets.len() {
        let state = rotation.targets[index].clone();
        let mut error = None;
        if !state.is_written {
            let work = deliver_to(session, rotation, (&state.target, may_replace), new);
            error = Box::pin(work).await.err().map(Box::new);
        }
        if error.is_none() && !state.is_written {
            rotation.targets[index].is_written = true;
            // If this fails, the next run writes the same key again.
            let _unrecorded = journal.write(rotation);
        }
        let target = state.target.to_string();
        outcomes.push(TargetOutcome { target, error });
    }
    if outcomes.iter().all(TargetOutcome::is_written) {
        let step = RotationStep::Written;
        session.context.emit(&Event::Rotation(step));
        return Ok(());
    }
    Err(RotationError::TargetsFailed {
        id: rotation.old.to_string(),
        new: new.id.to_string(),
        is_by_service: rotation.is_by_service,
        outcomes,
    }
    .into())
}

async fn deliver_to(
    session: ProfileSession<'_>,
    rotation: &Rotation,
    (target, may_replace): (&SecretDestination, bool),
    new: NewKeyRef<'_>,
) -> Result<(), ActionError> {
    let (base, old) = (session.target.base()?, &rotation.old);
    let opened = Destination::open(session, target, base, old)?;
    if opened.has_secret(session, &new.created.secret) {
        return Ok(());
    }
    opened.check_stored_key(session, old, &ApiToken::default())?;
    let present = opened.previous_value();
    let is_old = present.is_some_and(|present| is_old_key(session, rotation, present));
    opened.require_free(may_replace || is_old)?;
    opened.deliver(session, new.id, new.created).await
}

/// Returns whether the key is what the rotation replaces: a target had it before, or it is recorded as the old token's.
fn is_old_key(session: ProfileSession<'_>, rotation: &Rotation, key: &Secret) -> bool {
    let fingerprint = Some(fingerprint(key));
    let mut targets = rotation.targets.iter();
    if targets.any(|state| state.replaces == fingerprint) {
        return true;
    }
    let service = IssuingService {
        provider: &rotation.provider,
        origin: &rotation.origin,
    };
    let created = session.vault().created_keys();
    created.is_ok_and(|created| created.id_of(service, key) == Some(&rotation.old))
}

/// Finishes an interrupted rotation whose new key is in the journal. Returns `None` if the service no longer accepts that key,
/// so that the rotation starts again.
pub(super) async fn resume(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    mut rotation: Rotation,
    (named, may_replace): (&[SecretDestination], bool),
) -> Result<Option<RotationResult>, ActionError> {
    let recorded = rotation.new_token.clone();
    let Some((id, secret)) = recorded.and_then(|new| Some((new.id, new.secret?))) else {
        return Ok(None);
    };
    rename_targets(&mut rotation, named);
    journal.write(&rotation)?;
    let access = AuthenticatedClient::open(session, Purpose::Change)?;
    let service = access.service().await;
    let kind = key_kind(session, &targets_of(&rotation));
    if !rotation.is_by_service {
        let verified = verify_secret(session, &service, kind, &secret).await;
        if let Err(ActionError::CredentialRejected { .. }) = verified {
            recovery::undo_interrupted(session, journal, &id).await?;
            return Ok(None);
        }
        verified?;
    }
    let token = ApiToken {
        name: rotation.name.clone(),
        ..ApiToken::default()
    };
    let created = CreatedToken { token, secret };
    let new = NewKeyRef {
        id: &id,
        created: &created,
    };
    created_keys::record(session.context, &service, &id, &created.secret).await;
    deliver(session, journal, &mut rotation, new, may_replace).await?;
    complete(session, journal, &rotation, (&service, kind), new).await?;
    Ok(Some(rotation_result(rotation, created, id, true)))
}

/// Revokes the old token, or verifies the new key where the service has replaced the old one, and closes the journal.
pub(super) async fn complete(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    rotation: &Rotation,
    (service, kind): (&Service<'_, AuthenticatedClient<'_>>, CredentialKind),
    new: NewKeyRef<'_>,
) -> Result<(), ActionError> {
    let named = (new.id, rotation.name.as_deref());
    let targets = targets_of(rotation);
    session
        .remember_targets(named, Some(&rotation.old), &targets)
        .await;
    if !rotation.is_by_service {
        return recovery::finish(session, journal, rotation).await;
    }
    match accepted_as(session, service, kind, &new.created.secret).await {
        Ok(_) => {
            let step = RotationStep::Verified;
            session.context.emit(&Event::Rotation(step));
            Ok(journal.delete()?)
        }
        Err(error) => {
            // The targets have the key. If the service rejects it, another attempt does not help.
            if matches!(error, ActionError::CredentialRejected { .. }) {
                journal.delete()?;
            }
            let (id, source) = (rotation.old.to_string(), Box::new(error));
            Err(RotationError::NewKeyUnverified { id, source }.into())
        }
    }
}
