//! Finishes or undoes the rotation that an earlier run did not finish, before another rotation of the profile begins.

use super::new_key::NewKey;
use super::open_rotation::OpenRotation;
use super::request::{RotationRequest, RotationResult};
use super::service_call;
use super::verify::verify_secret;
use crate::actions::token::destination::Destination;
use crate::actions::token::lookup::NamedToken;
use crate::actions::{
    ActionError, AuthenticatedClient, Context, ProfileSession, Purpose, RotationError,
};
use crate::domain::{CommandLine, CredentialEvent, Hint, Secret, TokenId, Warning};
use crate::service::Service;
use crate::vault::{Rotation, RotationJournal, TargetState, UnfinishedRotation, VaultError};

/// Finishes or undoes the interrupted rotation, if there is one. Returns its result if it was the rotation of the requested
/// token. The rotation of another token that waits for its targets stays in the journal.
pub(super) async fn recover(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    request: RotationRequest<'_>,
) -> Result<Option<RotationResult>, ActionError> {
    let is_requested_token = |rotation: &Rotation| is_requested(session, rotation, request.id);
    let is_wanted =
        |rotation: &Rotation| is_requested_token(rotation) || is_waiting_new(rotation, request.id);
    let Some(record) = read_journal(session.context, journal, is_wanted)? else {
        return Ok(None);
    };
    if is_waiting_new(&record, request.id) {
        // The written targets use its key, so that it cannot be rotated before the other targets have it.
        let (id, old) = (request.id.to_string(), record.old.to_string());
        return Err(RotationError::NewOfUnfinished { id, old }.into());
    }
    let access = AuthenticatedClient::open(session, Purpose::Change)?;
    let service = access.service().await;
    require_same_service(&record, &service, journal)?;
    let is_requested = is_requested_token(&record);
    let unfinished = record.old.to_string();
    let rotation = OpenRotation::new(session, journal, record);
    if rotation.record.waits_for_targets() && !is_requested {
        park(rotation)?;
        return Ok(None);
    }
    // The targets and permissions of the command are for the requested token.
    let request = RotationRequest {
        targets: if is_requested { request.targets } else { &[] },
        replaces_unknown: is_requested && request.replaces_unknown,
        ..request
    };
    match finish_or_undo(rotation, &service, request).await {
        Ok(rotated) => {
            Ok(rotated.and_then(|rotated| record_if_other(session, rotated, is_requested)))
        }
        Err(error) if is_requested => Err(error),
        Err(error) => Err(to_waiting_error(request.id, unfinished, error)),
    }
}

impl ProfileSession<'_> {
    /// Returns whether a rotation of token `id` continues `rotation`.
    pub fn is_rotation_of(self, rotation: &UnfinishedRotation, id: &TokenId) -> bool {
        is_named_by(self, &rotation.old, rotation.name.as_deref(), id)
    }
}

fn is_requested(session: ProfileSession<'_>, rotation: &Rotation, id: &TokenId) -> bool {
    is_named_by(session, &rotation.old, rotation.name.as_deref(), id)
}

fn is_named_by(
    session: ProfileSession<'_>,
    old: &TokenId,
    name: Option<&str>,
    id: &TokenId,
) -> bool {
    let token = NamedToken { id: old, name };
    token.is_named_by(&session.target.descriptor.tokens, id)
}

/// Returns whether `id` is the new token of a rotation that waits for its targets.
fn is_waiting_new(rotation: &Rotation, id: &TokenId) -> bool {
    let new = rotation.new_token.as_ref().map(|new| &new.id);
    rotation.waits_for_targets() && new == Some(id)
}

fn to_waiting_error(id: &TokenId, unfinished: String, error: ActionError) -> ActionError {
    let (id, source) = (id.to_string(), Box::new(error));
    RotationError::WaitsForOther {
        id,
        unfinished,
        source,
    }
    .into()
}

async fn finish_or_undo(
    rotation: OpenRotation<'_>,
    service: &Service<'_, AuthenticatedClient<'_>>,
    request: RotationRequest<'_>,
) -> Result<Option<RotationResult>, ActionError> {
    if rotation.record.waits_for_targets() {
        Box::pin(rotation.resume(request)).await
    } else if rotation.record.is_by_service {
        Box::pin(service_call::recover(rotation, request)).await
    } else {
        Box::pin(recover_single(rotation, service, request)).await
    }
}

/// Returns the rotation if it is the requested one. Records another one: the event of the requested one still has no result.
fn record_if_other(
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

/// Keeps the rotation in the journal until a command names its token.
fn park(rotation: OpenRotation<'_>) -> Result<(), ActionError> {
    let old = rotation.record.old.clone();
    rotation.journal.park(rotation.record)?;
    let text = format!("the rotation of token {old} is unfinished: some targets lack the new key");
    let hint = Hint::run(CommandLine::from("token rotate").argument(old));
    rotation
        .session
        .context
        .warn(Warning::with_hint(text, hint));
    Ok(())
}

/// Finishes a rotation to a single destination if that has the new key, or else undoes it.
async fn recover_single(
    rotation: OpenRotation<'_>,
    service: &Service<'_, AuthenticatedClient<'_>>,
    request: RotationRequest<'_>,
) -> Result<Option<RotationResult>, ActionError> {
    let (session, record) = (rotation.session, &rotation.record);
    let Some(new) = record.new_token.clone() else {
        undo_unrecorded(&rotation).await?;
        return Ok(None);
    };
    let (old, base) = (&record.old, &service.base_url);
    let destination = Destination::open(session, &record.destination, base, Some(old))?;
    let secret = destination.read_secret(session)?;
    let Some(secret) = secret.filter(|secret| secret.has_fingerprint(&new.fingerprint)) else {
        rotation.undo_interrupted(&new.id).await?;
        return Ok(None);
    };
    verify_secret(session, service, destination.kind(), &secret).await?;
    let new = NewKey::of_record(record, new.id, secret);
    rotation.record_key(service, &new).await;
    let mut named = request.targets.iter();
    if !named.all(|target| target.is_same_target(&record.destination)) {
        return Box::pin(add_targets(rotation, new.created.secret, request)).await;
    }
    rotation.remember_targets(&new.id).await;
    rotation.finish().await?;
    Ok(Some(rotation.into_result(new, true)))
}

/// Writes the new key, which the single destination has, to the targets that the user named before it finishes the rotation.
async fn add_targets(
    mut rotation: OpenRotation<'_>,
    secret: Secret,
    request: RotationRequest<'_>,
) -> Result<Option<RotationResult>, ActionError> {
    let record = &mut rotation.record;
    record.targets = vec![TargetState::new(&record.destination, true)];
    if let Some(new) = &mut record.new_token {
        new.secret = Some(secret);
    }
    rotation.resume(request).await
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
    match journal.read_matching(is_wanted) {
        Err(damage) if damage.is_damage() => {
            quarantine_journal(context, journal, &damage)?;
            Ok(None)
        }
        read => Ok(read?),
    }
}

/// Renames a damaged journal, so that it does not prevent other rotations, and warns about the token that may exist.
fn quarantine_journal(
    context: &Context,
    journal: &RotationJournal,
    damage: &VaultError,
) -> Result<(), ActionError> {
    let path = journal.quarantine()?;
    let text = format!(
        "{damage}; the journal of an earlier rotation is kept as \"{}\"",
        path.display()
    );
    let hint = Hint::from("a token of that rotation may be left over: see ").command("token list");
    context.warn(Warning::with_hint(text, hint));
    Ok(())
}

/// Undoes a rotation whose create response was lost: revokes the token that is new in the list. If several are new, only warns,
/// because another program may have created them.
async fn undo_unrecorded(rotation: &OpenRotation<'_>) -> Result<(), ActionError> {
    let access = AuthenticatedClient::open(rotation.session, Purpose::Change)?;
    let new = rotation.created_since(&access.service().await).await?;
    match new.as_slice() {
        [] => Ok(rotation.close()?),
        [one] => rotation.undo_interrupted(one).await,
        several => {
            let ids: Vec<String> = several.iter().map(ToString::to_string).collect();
            rotation.session.context.warn(format!(
                "an interrupted rotation may have created one of these tokens: {}; revoke the unused one",
                ids.join(", ")
            ));
            Ok(rotation.close()?)
        }
    }
}
