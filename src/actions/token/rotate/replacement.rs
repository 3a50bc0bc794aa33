//! Rotates a token by creating another one: verifies its key, writes it to the targets, and revokes the old token.

use super::key_match::{self, ReplacedKey};
use super::new_key::NewKey;
use super::open_rotation::OpenRotation;
use super::planned::PlannedRotation;
use super::request::RotationResult;
use super::rights::RightsComparison;
use super::space;
use super::specification::specify_token;
use super::verify::verify_new_secret;
use crate::actions::token::destination::Destination;
use crate::actions::{ActionError, AuthenticatedClient, Event, RotationError, RotationStep};
use crate::service::{NewToken, Service, Space};

/// Creates the new token, writes its key, and revokes the old one.
pub(super) async fn replace(planned: PlannedRotation<'_>) -> Result<RotationResult, ActionError> {
    let PlannedRotation {
        access,
        request,
        old,
        ..
    } = planned;
    let (session, service) = (access.session, access.service().await);
    let new_token = specify_checked(planned)?;
    let compared = old.check_keys(access, request).await?;
    new_token.check(&session.target.descriptor)?;
    let destination = old.main();
    let secret = destination.read_secret(session)?;
    let secret = secret.as_ref();
    let before = ReplacedKey {
        destination,
        secret,
    };
    let space = space::require_same_space(session, &service, &before, compared).await?;
    let mut rotation = planned.begin(&service, &new_token);
    let new = rotation.create_new_token(&service, &new_token).await?;
    let checked = Box::pin(check_new_token(planned, &service, &new, space.as_ref())).await;
    let comparison = rotation.or_undo(&new.id, checked).await?;
    if old.plan.is_single() {
        write_verified(&rotation, destination, &new).await?;
    } else {
        let recorded = rotation.record_targets(&old.opened, new.secret());
        rotation.or_undo(&new.id, recorded).await?;
        rotation.deliver(&new, request).await?;
    }
    rotation
        .complete(&service, destination.kind(), &new)
        .await?;
    let rotated = RotationResult {
        comparison: Some(comparison),
        ..rotation.into_result(new, false)
    };
    key_match::check_replaced_key(session, &service, before, &rotated).await;
    Ok(rotated)
}

/// Returns the specification of the new token, if it has no more rights.
fn specify_checked(planned: PlannedRotation<'_>) -> Result<NewToken, ActionError> {
    let (target, old) = (planned.access.session.target, planned.old);
    let narrowed = planned.request.narrowed;
    let new_token = specify_token(target, &old.listed, &old.limits, narrowed);
    old.limits.check_before(target, &new_token)?;
    Ok(new_token)
}

/// Fails unless the new token has the rights that it may have, and its key works in `space`.
async fn check_new_token(
    planned: PlannedRotation<'_>,
    service: &Service<'_, AuthenticatedClient<'_>>,
    new: &NewKey,
    space: Option<&Space>,
) -> Result<RightsComparison, ActionError> {
    let (session, narrowed) = (planned.access.session, planned.request.narrowed);
    let emit = |step| session.context.emit(&Event::Rotation(step));
    let limits = &planned.old.limits;
    let comparison = limits.check_after(session.target, service, new).await?;
    if !comparison.is_wider() {
        emit(RotationStep::Compared);
    }
    if let Some(plan) = narrowed {
        Box::pin(plan.verify(session, service, new)).await?;
    }
    comparison.warn_about_changes(session.context, narrowed.is_some());
    let kind = planned.old.main().kind();
    let found = verify_new_secret(session, service, kind, new.secret()).await?;
    space::check_equal(space, found.space.as_ref())?;
    emit(RotationStep::Verified);
    Ok(comparison)
}

/// Writes the new key to a single destination and reads it back. Revokes the new token on failure.
async fn write_verified(
    rotation: &OpenRotation<'_>,
    destination: &Destination,
    new: &NewKey,
) -> Result<(), ActionError> {
    let session = rotation.session;
    let written = destination
        .write(session, Some(&new.id), &new.created)
        .await;
    // If it cannot be read, the next run finds out which key it has.
    if destination.read_secret(session)?.as_ref() == Some(new.secret()) {
        rotation.emit(RotationStep::Written);
        return Ok(());
    }
    let error = written.err().unwrap_or(RotationError::NotWritten.into());
    rotation.or_undo(&new.id, Err(error)).await
}
