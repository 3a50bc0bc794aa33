//! Rotates a token by the service's own call, after which the old key is invalid. The new one is recorded in the journal
//! before anything else happens, so that neither a kill nor a destination that cannot be written loses it. Nothing is
//! revoked.

use super::creation::close_if_nothing_created;
use super::delivery::{self, NewKeyRef};
use super::install::verify_secret;
use super::plan::{Plan, is_single, targets_of};
use super::recovery::record_if_other;
use super::rights::{Limits, RightsComparison};
use super::{OldToken, RotationRequest, RotationResult, journal_entry, rotation_result};
use crate::actions::token::created_keys;
use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::token::destination::Destination;
use crate::actions::token::lookup::names_token;
use crate::actions::token::propagation::retry_while_rejected;
use crate::actions::{
    ActionError, AuthenticatedClient, Event, ProfileSession, Purpose, RotationError, RotationStep,
};
use crate::domain::{ApiToken, CreatedToken, Secret, TokenId};
use crate::provider::RotateCall;
use crate::service::{NewToken, Service, TokenToRotate};
use crate::vault::{RotatedToken, Rotation, RotationJournal, SecretDestination, TargetState};

type Client<'a> = AuthenticatedClient<'a>;

pub(super) async fn rotate(
    access: &Client<'_>,
    journal: &RotationJournal,
    request: RotationRequest<'_>,
    (call, plan, old): (&RotateCall, &Plan, &OldToken),
) -> Result<RotationResult, ActionError> {
    let (session, service) = (access.session, access.service().await);
    let (listed, opened) = (&old.listed, old.main());
    old.check_keys(access, request).await?;
    let unnamed = NewToken::default();
    let mut rotation = Rotation {
        is_by_service: true,
        ..journal_entry(session.context, &service, listed, &unnamed, plan.first())
    };
    journal.write(&rotation)?;
    let created = match request_key(session, &service, (call, old)).await {
        Ok(created) => created,
        Err(error) => return Err(close_if_nothing_created(journal, error)?),
    };
    let new = RotatedToken {
        id: created.token.id.clone().unwrap_or(listed.id.clone()),
        fingerprint: created.secret.fingerprint(Secret::LONG_FINGERPRINT),
        secret: Some(created.secret.clone()),
    };
    rotation.new_token = Some(new.clone());
    if !plan.is_single() {
        let new = (new.id, created);
        let may_replace = request.replaces_unknown;
        return Box::pin(deliver(access, journal, rotation, (old, new), may_replace)).await;
    }
    // If this fails, the destination is the only place left.
    let recorded = journal.write(&rotation);
    let installed = install(session, &service, opened, (&new, &created)).await;
    let unrecorded = recorded.is_err().then_some(&created.secret);
    keep_or_finish(journal, &rotation, unrecorded, installed)?;
    remember(session, &rotation, &new.id).await;
    let comparison = compare(session, &old.limits, &new, &created).await;
    Ok(RotationResult {
        comparison,
        ..rotation_result(rotation, created, new.id, false)
    })
}

/// Returns the new key. The old one is invalid.
async fn request_key(
    session: ProfileSession<'_>,
    service: &Service<'_, Client<'_>>,
    (call, old): (&RotateCall, &OldToken),
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
    access: &Client<'_>,
    journal: &RotationJournal,
    mut rotation: Rotation,
    (old, (id, created)): (&OldToken, (TokenId, CreatedToken)),
    may_replace: bool,
) -> Result<RotationResult, ActionError> {
    let (session, service) = (access.session, access.service().await);
    let context = session.context;
    context.emit(&Event::Rotation(RotationStep::Created));
    let recorded = delivery::record_targets(journal, &mut rotation, &old.opened, &created.secret);
    let new = NewKeyRef {
        id: &id,
        created: &created,
    };
    let delivered = delivery::deliver(session, journal, &mut rotation, new, may_replace).await;
    match delivered {
        Err(error) if recorded.is_err() => {
            return Err(RotationError::NewKeyKept {
                id: rotation.old.to_string(),
                kept_in: None,
                secret: Some(created.secret),
                source: Box::new(error),
            }
            .into());
        }
        delivered => delivered?,
    }
    created_keys::mark_revoked(context, &service, std::slice::from_ref(&id)).await;
    created_keys::record(context, &service, &id, &created.secret).await;
    let kind = old.main().kind();
    delivery::complete(session, journal, &rotation, (&service, kind), new).await?;
    let replaced = RotatedToken {
        id: id.clone(),
        fingerprint: String::new(),
        secret: None,
    };
    let comparison = compare(session, &old.limits, &replaced, &created).await;
    Ok(RotationResult {
        comparison,
        ..rotation_result(rotation, created, id, false)
    })
}

/// Finishes an interrupted rotation by the service's own call. Returns the result if it was the rotation of the
/// requested token.
pub(super) async fn recover(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    mut rotation: Rotation,
    (request, named): (RotationRequest<'_>, &[SecretDestination]),
) -> Result<Option<RotationResult>, ActionError> {
    let access = AuthenticatedClient::open(session, Purpose::Change)?;
    let service = access.service().await;
    let calls = &session.target.descriptor.tokens;
    let token = (&rotation.old, rotation.name.as_deref());
    let is_the_one = names_token(calls, token, request.id);
    let base = &service.base_url;
    let recorded = Destination::open(session, &rotation.destination, base, &rotation.old);
    let new = rotation.new_token.clone();
    let Some((new, secret)) = new.and_then(|new| Some((new.clone(), new.secret?))) else {
        return settle_unknown(session, &service, journal, (&recorded?, &rotation.old)).await;
    };
    let has_secret = |recorded: &Destination| recorded.has_secret(session, &secret);
    let is_written = recorded.as_ref().is_ok_and(has_secret);
    if is_the_one && !is_single(named) {
        rotation.targets = vec![TargetState::new(&rotation.destination, is_written)];
        let wanted = (named, request.replaces_unknown);
        return Box::pin(delivery::resume(session, journal, rotation, wanted)).await;
    }
    let elsewhere = named.first().filter(|_| is_the_one && !is_written);
    let opened = match elsewhere.filter(|place| **place != rotation.destination) {
        Some(place) => {
            rotation.destination = place.clone();
            open_free(session, &rotation, request.replaces_unknown)?
        }
        None => recorded?,
    };
    let token = ApiToken {
        name: rotation.name.clone(),
        ..ApiToken::default()
    };
    let created = CreatedToken { token, secret };
    let installed = install(session, &service, &opened, (&new, &created)).await;
    keep_or_finish(journal, &rotation, None, installed)?;
    remember(session, &rotation, &new.id).await;
    let rotated = rotation_result(rotation, created, new.id, true);
    Ok(record_if_other(session, rotated, is_the_one))
}

/// Opens a destination that has no key yet.
fn open_free(
    session: ProfileSession<'_>,
    rotation: &Rotation,
    may_replace: bool,
) -> Result<Destination, ActionError> {
    let base = session.target.base()?;
    let opened = Destination::open(session, &rotation.destination, base, &rotation.old)?;
    opened.require_free(may_replace)?;
    Ok(opened)
}

async fn remember(session: ProfileSession<'_>, rotation: &Rotation, new: &TokenId) {
    let (name, targets) = (rotation.name.as_deref(), targets_of(rotation));
    session
        .remember_targets((new, name), Some(&rotation.old), &targets)
        .await;
}

/// The response was lost. If the key at the destination still works, the service did nothing.
async fn settle_unknown(
    session: ProfileSession<'_>,
    service: &Service<'_, Client<'_>>,
    journal: &RotationJournal,
    (opened, old): (&Destination, &TokenId),
) -> Result<Option<RotationResult>, ActionError> {
    let Some(secret) = opened.read_secret(session)? else {
        return Ok(journal.delete().map(|()| None)?);
    };
    match verify_secret(session, service, opened.kind(), &secret).await {
        Ok(_) => Ok(journal.delete().map(|()| None)?),
        Err(ActionError::CredentialRejected { .. }) => {
            journal.delete()?;
            let id = old.to_string();
            Err(RotationError::ResponseLost { id }.into())
        }
        Err(error) => Err(error),
    }
}

/// Where the new key is after an attempt to write and verify it.
enum Installed {
    Verified,
    Unverified(ActionError),
    NotWritten(ActionError),
}

async fn install(
    session: ProfileSession<'_>,
    service: &Service<'_, Client<'_>>,
    opened: &Destination,
    (new, created): (&RotatedToken, &CreatedToken),
) -> Installed {
    let context = session.context;
    context.emit(&Event::Rotation(RotationStep::Created));
    let written = opened.write(session, &new.id, created).await;
    if !opened.has_secret(session, &created.secret) {
        let why = written.err();
        return Installed::NotWritten(why.unwrap_or(RotationError::NotWritten.into()));
    }
    context.emit(&Event::Rotation(RotationStep::Written));
    created_keys::mark_revoked(context, service, std::slice::from_ref(&new.id)).await;
    created_keys::record(context, service, &new.id, &created.secret).await;
    let verify = async || verify_secret(session, service, opened.kind(), &created.secret).await;
    match retry_while_rejected(verify).await {
        Ok(_) => {
            context.emit(&Event::Rotation(RotationStep::Verified));
            Installed::Verified
        }
        Err(error) => Installed::Unverified(error),
    }
}

/// Deletes the journal unless it is still needed. `unrecorded` is the new secret if the journal could not be written.
fn keep_or_finish(
    journal: &RotationJournal,
    rotation: &Rotation,
    unrecorded: Option<&Secret>,
    installed: Installed,
) -> Result<(), ActionError> {
    let id = rotation.old.to_string();
    match installed {
        Installed::Verified => Ok(journal.delete()?),
        Installed::Unverified(error) => {
            // The destination has the key. If the service rejects it, another attempt does not help.
            if matches!(error, ActionError::CredentialRejected { .. }) {
                journal.delete()?;
            }
            let source = Box::new(error);
            Err(RotationError::NewKeyUnverified { id, source }.into())
        }
        Installed::NotWritten(error) => {
            let kept_in = unrecorded.is_none().then(|| journal.path());
            let source = Box::new(error);
            Err(RotationError::NewKeyKept {
                id,
                kept_in,
                secret: unrecorded.cloned(),
                source,
            }
            .into())
        }
    }
}

/// Compares what the service reports about both tokens. The new key is in use already, so that a difference is a warning.
async fn compare(
    session: ProfileSession<'_>,
    limits: &Limits,
    new: &RotatedToken,
    created: &CreatedToken,
) -> Option<RightsComparison> {
    // The previous credential may be the key that was replaced.
    let access = AuthenticatedClient::open(session, Purpose::Change).ok()?;
    let service = access.service().await;
    let compared = limits.compare(session.target, &service, (&new.id, &created.token));
    let comparison = match Box::pin(compared).await {
        Ok(comparison) => comparison,
        Err(error) => {
            let text = format!("cannot compare the new token with the old one: {error}");
            session.context.warn(text);
            return None;
        }
    };
    if !comparison.is_wider() {
        let step = RotationStep::Compared;
        session.context.emit(&Event::Rotation(step));
    }
    comparison.warn_about_changes(session.context, false);
    Some(comparison)
}
