//! Finishing or undoing a rotation, in the run that began it or in a later one.

use super::destination::Destination;
use super::{RotationError, RotationResult, rotation_result, verify_secret};
use crate::actions::token::created_keys;
use crate::actions::token::tokens::with_credential_hint;
use crate::actions::{
    ActionError, AuthenticatedClient, Context, Event, Purpose, RotationStep, Target,
};
use crate::domain::{ApiToken, CreatedToken, TokenId};
use crate::service::{ApiErrorKind, ApiTransport, Service, ServiceError};
use crate::vault::{Rotation, RotationJournal, VaultError};

/// Finishes or undoes what an earlier run left; what it finished, where that was the rotation of `id`.
pub(super) async fn recover(
    context: &Context,
    target: &Target,
    journal: &RotationJournal,
    id: &TokenId,
) -> Result<Option<RotationResult>, ActionError> {
    let rotation = match journal.read() {
        Err(damage) if damage.is_damage() => {
            quarantine_journal(context, journal, &damage)?;
            None
        }
        read => read?,
    };
    let Some(rotation) = rotation else {
        return Ok(None);
    };
    let access = AuthenticatedClient::open(context, target, Purpose::Change)?;
    let service = access.service().await;
    if rotation.provider != target.descriptor.id || rotation.origin != service.base_url.origin() {
        return Err(RotationError::UnfinishedElsewhere {
            path: journal.path(),
            origin: rotation.origin.to_string(),
        }
        .into());
    }
    let Some(made) = rotation.new_token.clone() else {
        undo_unrecorded(context, target, journal, &rotation).await?;
        return Ok(None);
    };
    let place = Destination::open(context, target, (&rotation.destination, &service.base_url))?;
    let secret = place.read_secret(context, target)?;
    let Some(secret) = secret.filter(|secret| secret.has_fingerprint(&made.fingerprint)) else {
        undo(context, target, journal, &made.id).await?;
        return Ok(None);
    };
    verify_secret(context, target, &service, &place, &secret).await?;
    finish(context, target, journal, &rotation).await?;
    let is_the_one = rotation.old == *id;
    let token = ApiToken {
        name: rotation.name.clone(),
        ..ApiToken::default()
    };
    let minted = CreatedToken { token, secret };
    Ok(is_the_one.then(|| rotation_result(rotation, minted, made.id, true)))
}

/// Renames a damaged journal. What it says is lost, and must not keep every other token from being rotated.
fn quarantine_journal(
    context: &Context,
    journal: &RotationJournal,
    damage: &VaultError,
) -> Result<(), ActionError> {
    let kept = journal.quarantine()?;
    context.warn(format!(
        "{damage}; the journal of an earlier rotation is kept as \"{}\". A token of that rotation may be left over: see \
         `brainmaps token list`",
        kept.display()
    ));
    Ok(())
}

/// Ends the old token: the new one is in its place.
pub(super) async fn finish(
    context: &Context,
    target: &Target,
    journal: &RotationJournal,
    rotation: &Rotation,
) -> Result<(), ActionError> {
    revoke_if_present(context, target, &rotation.old)
        .await
        .map_err(|error| RotationError::OldNotRevoked {
            id: rotation.old.to_string(),
            source: Box::new(error),
        })?;
    context.emit(&Event::Rotation(RotationStep::Revoked));
    Ok(journal.delete()?)
}

/// Ends the new token: the old one is still in its place.
pub(super) async fn undo(
    context: &Context,
    target: &Target,
    journal: &RotationJournal,
    new: &TokenId,
) -> Result<(), ActionError> {
    revoke_if_present(context, target, new).await?;
    context.warn("the rotation was undone: the old token is still in its place");
    Ok(journal.delete()?)
}

/// Ends what may have been made before the answer was lost, by what is new in the list.
async fn undo_unrecorded(
    context: &Context,
    target: &Target,
    journal: &RotationJournal,
    rotation: &Rotation,
) -> Result<(), ActionError> {
    let access = AuthenticatedClient::open(context, target, Purpose::Change)?;
    let new = created_since(&access.service().await, rotation).await?;
    match new.as_slice() {
        [] => Ok(journal.delete()?),
        [one] => undo(context, target, journal, one).await,
        several => {
            let ids: Vec<String> = several.iter().map(ToString::to_string).collect();
            context.warn(format!(
                "an earlier rotation was cut short and may have made one of these tokens: {}; revoke what nobody uses",
                ids.join(", ")
            ));
            Ok(journal.delete()?)
        }
    }
}

/// The tokens of the rotation's name that were not there when it began.
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

/// Revokes a token; one that is gone already is as good as revoked. The credential is picked anew: the one of before may
/// be the token that goes.
async fn revoke_if_present(
    context: &Context,
    target: &Target,
    id: &TokenId,
) -> Result<(), ActionError> {
    let access = AuthenticatedClient::open(context, target, Purpose::Change)?;
    let service = access.service().await;
    match service.revoke_token(id).await {
        Err(ActionError::Service(ServiceError::Api(refusal)))
            if refusal.kind == ApiErrorKind::NotFound => {}
        other => other.map_err(|error| with_credential_hint(target, error))?,
    }
    created_keys::forget(context, &service, std::slice::from_ref(id)).await;
    Ok(())
}
