//! Rotates a token by the service's own call, after which the old key is invalid. The new one is recorded in the journal
//! before anything else happens, so that neither a kill nor a destination that cannot be written loses it. Nothing is
//! revoked.

use super::new_key::NewKey;
use super::old_token::OldToken;
use super::open_rotation::OpenRotation;
use super::plan::is_single;
use super::planned::PlannedRotation;
use super::request::{RotationRequest, RotationResult};
use super::rights::{Limits, RightsComparison};
use super::verify::{verify_new_secret, verify_secret};
use crate::actions::token::created_keys;
use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::token::destination::Destination;
use crate::actions::{
    ActionError, AuthenticatedClient, Event, ProfileSession, Purpose, RotationError, RotationStep,
};
use crate::domain::{CreatedToken, Secret};
use crate::provider::RotateCall;
use crate::service::{NewToken, Service, TokenToRotate};
use crate::vault::TargetState;

type Client<'a> = AuthenticatedClient<'a>;

pub(super) async fn rotate(
    planned: PlannedRotation<'_>,
    call: &RotateCall,
) -> Result<RotationResult, ActionError> {
    let PlannedRotation {
        access,
        request,
        old,
        ..
    } = planned;
    let (session, service) = (access.session, access.service().await);
    old.check_keys(access, request).await?;
    let mut rotation = planned.begin(&service, &NewToken::default());
    rotation.record.is_by_service = true;
    rotation.save()?;
    let created = match request_key(session, &service, call, old).await {
        Ok(created) => created,
        Err(error) => return Err(rotation.close_if_nothing_created(error)?),
    };
    let id = created.token.id.clone();
    let id = id.unwrap_or_else(|| old.listed.id.clone());
    let new = NewKey { id, created };
    let mut recorded = new.to_record();
    recorded.secret = Some(new.secret().clone());
    rotation.record.new_token = Some(recorded);
    if old.plan.is_single() {
        // If this fails, only the destination will have the new key.
        let recorded = rotation.save();
        let unrecorded = recorded.is_err().then(|| new.secret());
        let installed = install(&rotation, &service, old.main(), &new).await;
        close_installed(&rotation, unrecorded, installed)?;
        rotation.remember_targets(&new.id).await;
    } else {
        Box::pin(deliver(&mut rotation, planned, &service, &new)).await?;
    }
    let comparison = compare(session, &old.limits, &new).await;
    Ok(RotationResult {
        comparison,
        ..rotation.into_result(new, false)
    })
}

/// Returns the new key. The old one is invalid.
async fn request_key(
    session: ProfileSession<'_>,
    service: &Service<'_, Client<'_>>,
    call: &RotateCall,
    old: &OldToken,
) -> Result<CreatedToken, ActionError> {
    let wanted = TokenToRotate {
        id: &old.listed.id,
        facts: &old.listed.facts,
        lifetime: old.limits.lifetime(call.needs_whole_days(), None),
    };
    let created = service.rotate_token(&wanted).await;
    created.map_err(|error| with_credential_hint(session.target, error))
}

/// Writes the new key to several targets.
async fn deliver(
    rotation: &mut OpenRotation<'_>,
    planned: PlannedRotation<'_>,
    service: &Service<'_, Client<'_>>,
    new: &NewKey,
) -> Result<(), ActionError> {
    rotation.emit(RotationStep::Created);
    let recorded = rotation.record_targets(&planned.old.opened, new.secret());
    let delivered = rotation.deliver(new, planned.request).await;
    match delivered {
        Err(error) if recorded.is_err() => {
            return Err(RotationError::NewKeyKept {
                id: rotation.record.old.to_string(),
                kept_in: None,
                secret: Some(new.secret().clone()),
                source: Box::new(error),
            }
            .into());
        }
        delivered => delivered?,
    }
    replace_key_record(rotation, service, new).await;
    let kind = planned.old.main().kind();
    rotation.complete(service, kind, new).await
}

/// Records the new key in place of the old one, which may have the same id.
async fn replace_key_record(
    rotation: &OpenRotation<'_>,
    service: &Service<'_, Client<'_>>,
    new: &NewKey,
) {
    created_keys::mark_revoked(rotation.session, service, std::slice::from_ref(&new.id)).await;
    rotation.record_key(service, new).await;
}

/// Finishes an interrupted rotation by the service's own call.
pub(super) async fn recover(
    mut rotation: OpenRotation<'_>,
    request: RotationRequest<'_>,
) -> Result<Option<RotationResult>, ActionError> {
    let session = rotation.session;
    let access = AuthenticatedClient::open(session, Purpose::Change)?;
    let service = access.service().await;
    let record = &rotation.record;
    let recorded = Destination::open(
        session,
        &record.destination,
        &service.base_url,
        Some(&record.old),
    );
    let new = record.new_token.clone();
    let Some((id, secret)) = new.and_then(|new| Some((new.id, new.secret?))) else {
        check_after_lost_response(&rotation, &service, &recorded?).await?;
        return Ok(None);
    };
    let has_secret = |recorded: &Destination| recorded.has_secret(session, &secret);
    let is_written = recorded.as_ref().is_ok_and(has_secret);
    if !is_single(request.targets) {
        rotation.record.targets = vec![TargetState::new(&record.destination, is_written)];
        return Box::pin(rotation.resume(request)).await;
    }
    let requested = request.targets.first().filter(|_| !is_written);
    let opened = match requested.filter(|target| **target != record.destination) {
        Some(target) => {
            rotation.record.destination = target.clone();
            rotation.open_replaceable(target, &secret, request).await?
        }
        None => recorded?,
    };
    let new = NewKey::of_record(&rotation.record, id, secret);
    let installed = install(&rotation, &service, &opened, &new).await;
    close_installed(&rotation, None, installed)?;
    rotation.remember_targets(&new.id).await;
    Ok(Some(rotation.into_result(new, true)))
}

/// Closes the journal of a rotation whose response was lost. Fails if the key at the destination no longer works: then the
/// service replaced it, and the new key is lost.
async fn check_after_lost_response(
    rotation: &OpenRotation<'_>,
    service: &Service<'_, Client<'_>>,
    opened: &Destination,
) -> Result<(), ActionError> {
    let session = rotation.session;
    let Some(secret) = opened.read_secret(session)? else {
        return Ok(rotation.close()?);
    };
    match verify_secret(session, service, opened.kind(), &secret).await {
        Ok(_) => Ok(rotation.close()?),
        Err(ActionError::CredentialRejected { .. }) => {
            rotation.close()?;
            let id = rotation.record.old.to_string();
            Err(RotationError::ResponseLost { id }.into())
        }
        Err(error) => Err(error),
    }
}

/// The result of writing and verifying the new key.
enum Installed {
    Written { verified: Result<(), ActionError> },
    NotWritten(ActionError),
}

async fn install(
    rotation: &OpenRotation<'_>,
    service: &Service<'_, Client<'_>>,
    opened: &Destination,
    new: &NewKey,
) -> Installed {
    let session = rotation.session;
    rotation.emit(RotationStep::Created);
    let written = opened.write(session, Some(&new.id), &new.created).await;
    if !opened.has_secret(session, new.secret()) {
        let error = written.err();
        return Installed::NotWritten(error.unwrap_or(RotationError::NotWritten.into()));
    }
    rotation.emit(RotationStep::Written);
    replace_key_record(rotation, service, new).await;
    let verified = verify_new_secret(session, service, opened.kind(), new.secret()).await;
    let verified = verified.map(drop);
    Installed::Written { verified }
}

/// Closes the journal unless it is still needed. `unrecorded` is the new secret if the journal could not be written.
fn close_installed(
    rotation: &OpenRotation<'_>,
    unrecorded: Option<&Secret>,
    installed: Installed,
) -> Result<(), ActionError> {
    let error = match installed {
        Installed::Written { verified } => return rotation.close_verified(verified),
        Installed::NotWritten(error) => error,
    };
    let kept_in = unrecorded.is_none().then(|| rotation.journal.path());
    Err(RotationError::NewKeyKept {
        id: rotation.record.old.to_string(),
        kept_in,
        secret: unrecorded.cloned(),
        source: Box::new(error),
    }
    .into())
}

/// Compares what the service reports about both tokens. A difference is only a warning, because the new key is in use already.
async fn compare(
    session: ProfileSession<'_>,
    limits: &Limits,
    new: &NewKey,
) -> Option<RightsComparison> {
    // The previous credential may be the key that was replaced.
    let access = AuthenticatedClient::open(session, Purpose::Change).ok()?;
    let service = access.service().await;
    let comparison = match Box::pin(limits.compare(session.target, &service, new)).await {
        Ok(comparison) => comparison,
        Err(error) => {
            let text = format!("cannot compare the new token with the old one: {error}");
            session.context.warn(text);
            return None;
        }
    };
    if !comparison.is_wider() {
        session
            .context
            .emit(&Event::Rotation(RotationStep::Compared));
    }
    comparison.warn_about_changes(session.context, false);
    Some(comparison)
}
