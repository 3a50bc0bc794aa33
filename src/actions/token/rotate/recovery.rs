//! Finishes or undoes a rotation, in the run that started it or in a later one.

use super::install::verify_secret;
use super::plan::{is_single, targets_of};
use super::{RotationRequest, RotationResult, delivery, rotation_result, service_call};
use crate::actions::token::created_keys;
use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::token::destination::Destination;
use crate::actions::token::lookup::names_token;
use crate::actions::{
    ActionError, AuthenticatedClient, Context, Event, ProfileSession, Purpose, RotationError,
    RotationStep,
};
use crate::domain::{ApiToken, CreatedToken, CredentialEvent, Hint, Secret, TokenId, Warning};
use crate::service::{ApiErrorKind, ApiTransport, Service, ServiceError};
use crate::vault::{Rotation, RotationJournal, SecretDestination, TargetState, VaultError};

/// Finishes or undoes an interrupted rotation. Returns the result if that was the rotation of the requested token. A rotation
/// of another token that waits for its targets goes on waiting.
pub(super) async fn recover(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    request: RotationRequest<'_>,
    named: &[SecretDestination],
) -> Result<Option<RotationResult>, ActionError> {
    let calls = &session.target.descriptor.tokens;
    let is_the_one = |rotation: &Rotation| {
        let token = (&rotation.old, rotation.name.as_deref());
        names_token(calls, token, request.id)
    };
    let Some(rotation) = read_journal(session.context, journal, is_the_one)? else {
        return Ok(None);
    };
    let access = AuthenticatedClient::open(session, Purpose::Change)?;
    let service = access.service().await;
    require_same_service(&rotation, &service, journal)?;
    let is_requested = is_the_one(&rotation);
    if rotation.waits_for_targets() {
        if !is_requested {
            park(session, journal, rotation)?;
            return Ok(None);
        }
        let wanted = (named, request.replaces_unknown);
        return Box::pin(delivery::resume(session, journal, rotation, wanted)).await;
    }
    if rotation.is_by_service {
        let requested = (request, named);
        return Box::pin(service_call::recover(session, journal, rotation, requested)).await;
    }
    let work = recover_single(session, journal, rotation, &service);
    let Some((rotation, new, secret)) = work.await? else {
        return Ok(None);
    };
    let wanted = if is_requested { named } else { &[] };
    let rotated = finish_single(session, journal, (rotation, new, secret), wanted).await?;
    Ok(rotated.and_then(|rotated| record_if_other(session, rotated, is_requested)))
}

/// Returns the rotation if it is the requested one. Records another one: the event of the requested one still has no result.
pub(super) fn record_if_other(
    session: ProfileSession<'_>,
    rotated: RotationResult,
    is_requested: bool,
) -> Option<RotationResult> {
    if is_requested {
        return Some(rotated);
    }
    session.record_rotated(rotated.new.id.as_ref(), &rotated.secret);
    session.begin_event(CredentialEvent::TokenRotate);
    None
}

/// Leaves a rotation to a command that names its token.
fn park(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    rotation: Rotation,
) -> Result<(), ActionError> {
    let old = rotation.old.clone();
    journal.park(rotation)?;
    let text = format!("the rotation of token {old} is unfinished: some targets lack the new key");
    let hint = Hint::run(format!("token rotate {old}"));
    session.context.warn(Warning::with_hint(text, hint));
    Ok(())
}

/// Undoes a rotation to a single destination, or returns its new key if that is there.
async fn recover_single(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    rotation: Rotation,
    service: &Service<'_, AuthenticatedClient<'_>>,
) -> Result<Option<(Rotation, TokenId, Secret)>, ActionError> {
    let Some(made) = rotation.new_token.clone() else {
        undo_unrecorded(session, journal, &rotation).await?;
        return Ok(None);
    };
    let (old, base) = (&rotation.old, &service.base_url);
    let place = Destination::open(session, &rotation.destination, base, old)?;
    let secret = place.read_secret(session)?;
    let Some(secret) = secret.filter(|secret| secret.has_fingerprint(&made.fingerprint)) else {
        undo_interrupted(session, journal, &made.id).await?;
        return Ok(None);
    };
    verify_secret(session, service, place.kind(), &secret).await?;
    created_keys::record(session.context, service, &made.id, &secret).await;
    Ok(Some((rotation, made.id, secret)))
}

/// Finishes a rotation to a single destination, which has the new key. Writes it to further targets that the user named first.
async fn finish_single(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    (mut rotation, id, secret): (Rotation, TokenId, Secret),
    named: &[SecretDestination],
) -> Result<Option<RotationResult>, ActionError> {
    if !is_single(named) {
        rotation.targets = vec![TargetState::new(&rotation.destination, true)];
        if let Some(new) = &mut rotation.new_token {
            new.secret = Some(secret);
        }
        let work = delivery::resume(session, journal, rotation, (named, false));
        return Box::pin(work).await;
    }
    let named = (&id, rotation.name.as_deref());
    let targets = targets_of(&rotation);
    session
        .remember_targets(named, Some(&rotation.old), &targets)
        .await;
    finish(session, journal, &rotation).await?;
    let token = ApiToken {
        name: rotation.name.clone(),
        ..ApiToken::default()
    };
    let minted = CreatedToken { token, secret };
    Ok(Some(rotation_result(rotation, minted, id, true)))
}

fn require_same_service<C>(
    rotation: &Rotation,
    service: &Service<'_, C>,
    journal: &RotationJournal,
) -> Result<(), RotationError> {
    let is_same = rotation.provider == service.descriptor.id
        && rotation.kind == service.descriptor.tokens.kind
        && rotation.origin == service.base_url.origin();
    if is_same {
        return Ok(());
    }
    Err(RotationError::UnfinishedElsewhere {
        path: journal.path(),
        old: rotation.old.clone(),
        origin: rotation.origin.to_string(),
    })
}

fn read_journal(
    context: &Context,
    journal: &RotationJournal,
    is_wanted: impl Fn(&Rotation) -> bool,
) -> Result<Option<Rotation>, ActionError> {
    match journal.read_wanted(is_wanted) {
        Err(damage) if damage.is_damage() => {
            quarantine_journal(context, journal, &damage)?;
            Ok(None)
        }
        read => Ok(read?),
    }
}

/// Its content is lost, and must not prevent other rotations.
fn quarantine_journal(
    context: &Context,
    journal: &RotationJournal,
    damage: &VaultError,
) -> Result<(), ActionError> {
    let kept = journal.quarantine()?;
    let text = format!(
        "{damage}; the journal of an earlier rotation is kept as \"{}\"",
        kept.display()
    );
    let hint = Hint::from("a token of that rotation may be left over: see ").command("token list");
    context.warn(Warning::with_hint(text, hint));
    Ok(())
}

/// Revokes the old token after the new one was written.
pub(super) async fn finish(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    rotation: &Rotation,
) -> Result<(), ActionError> {
    revoke_if_present(session, &rotation.old)
        .await
        .map_err(|error| RotationError::OldNotRevoked {
            id: rotation.old.to_string(),
            source: Box::new(error),
        })?;
    session
        .context
        .emit(&Event::Rotation(RotationStep::Revoked));
    Ok(journal.delete()?)
}

/// Revokes the new token; the old one is still at the destination.
pub(super) async fn undo(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    new: &TokenId,
) -> Result<(), ActionError> {
    revoke_if_present(session, new).await?;
    session
        .context
        .warn("undid the rotation: the old token is still in use");
    Ok(journal.delete()?)
}

/// As [`undo`], for the rotation of an earlier run, whose new token has no event of this run.
pub(super) async fn undo_interrupted(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    new: &TokenId,
) -> Result<(), ActionError> {
    undo(session, journal, new).await?;
    session.record_token(CredentialEvent::TokenRevoke, Some(new));
    Ok(())
}

/// Revokes what may have been created before the response was lost: tokens that are new in the list.
async fn undo_unrecorded(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    rotation: &Rotation,
) -> Result<(), ActionError> {
    let access = AuthenticatedClient::open(session, Purpose::Change)?;
    let new = created_since(&access.service().await, rotation).await?;
    match new.as_slice() {
        [] => Ok(journal.delete()?),
        [one] => undo_interrupted(session, journal, one).await,
        several => {
            let ids: Vec<String> = several.iter().map(ToString::to_string).collect();
            session.context.warn(format!(
                "an interrupted rotation may have created one of these tokens: {}; revoke the unused one",
                ids.join(", ")
            ));
            Ok(journal.delete()?)
        }
    }
}

/// Returns the tokens of the rotation's name that did not exist when it started.
pub(super) async fn created_since<C: ApiTransport<Error = ActionError>>(
    service: &Service<'_, C>,
    rotation: &Rotation,
) -> Result<Vec<TokenId>, ActionError> {
    let mut pages = service.token_pages(None)?;
    let mut new = Vec::new();
    while let Some(page) = pages.next_page().await? {
        let page = page.into_iter().filter(|token| {
            let same_name = token.name.is_none() || token.name == rotation.name;
            same_name && token.active != Some(false)
        });
        let ids = page.filter_map(|token| token.id);
        new.extend(ids.filter(|id| !rotation.ids_before.contains(id)));
    }
    Ok(new)
}

/// Revokes a token that may be revoked already. Selects the credential again, because the previous one may be the token
/// to revoke.
async fn revoke_if_present(session: ProfileSession<'_>, id: &TokenId) -> Result<(), ActionError> {
    let access = AuthenticatedClient::open(session, Purpose::Change)?;
    let service = access.service().await;
    match service.revoke_token(id).await {
        Err(ActionError::Service(ServiceError::Api(refusal)))
            if refusal.kind == ApiErrorKind::NotFound => {}
        other => other.map_err(|error| with_credential_hint(session.target, error))?,
    }
    created_keys::mark_revoked(session.context, &service, std::slice::from_ref(id)).await;
    Ok(())
}
