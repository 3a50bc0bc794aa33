//! Finishing or undoing a rotation, in the run that began it or in a later one.

use super::place::Place;
use super::{Rotated, RotationError, prove, rotated};
use crate::actions::tokens::explained;
use crate::actions::{Access, ActionError, Context, Event, Purpose, RotationStep, Target};
use crate::domain::{ApiToken, MintedToken, TokenId};
use crate::service::{Channel, RefusalKind, Service, ServiceError};
use crate::vault::{Rotation, RotationJournal, VaultError, fingerprint};

/// Finishes or undoes what an earlier run left; what it finished, where that was the rotation of `id`.
pub(super) async fn settle(
    context: &Context,
    target: &Target,
    journal: &RotationJournal,
    id: &TokenId,
) -> Result<Option<Rotated>, ActionError> {
    let rotation = match journal.read() {
        Err(damage) if damage.is_damage() => {
            set_aside(context, journal, &damage)?;
            None
        }
        read => read?,
    };
    let Some(rotation) = rotation else {
        return Ok(None);
    };
    let access = Access::open(context, target, Purpose::Change)?;
    let service = access.service().await;
    if rotation.provider != target.descriptor.id || rotation.origin != service.base.origin() {
        return Err(RotationError::OtherRotation {
            path: journal.path(),
            origin: rotation.origin.to_string(),
        }
        .into());
    }
    let Some(made) = rotation.made.clone() else {
        undo_unknown(context, target, journal, &rotation).await?;
        return Ok(None);
    };
    let place = Place::open(context, target, (&rotation.place, &service.base))?;
    let secret = place.secret(context, target)?;
    let Some(secret) = secret.filter(|secret| fingerprint(secret) == made.fingerprint) else {
        undo(context, target, journal, &made.id).await?;
        return Ok(None);
    };
    prove(context, target, &service, &place, &secret).await?;
    finish(context, target, journal, &rotation).await?;
    let is_the_one = rotation.old == *id;
    let token = ApiToken {
        name: rotation.name.clone(),
        ..ApiToken::default()
    };
    let minted = MintedToken { token, secret };
    Ok(is_the_one.then(|| rotated(rotation, minted, made.id, true)))
}

/// Renames a damaged journal. What it says is lost, and must not keep every other token from being rotated.
fn set_aside(
    context: &Context,
    journal: &RotationJournal,
    damage: &VaultError,
) -> Result<(), ActionError> {
    let kept = journal.set_aside()?;
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
    end(context, target, &rotation.old)
        .await
        .map_err(|error| RotationError::OldStillAlive {
            id: rotation.old.to_string(),
            source: Box::new(error),
        })?;
    context.tell(&Event::Rotation(RotationStep::Revoked));
    Ok(journal.close()?)
}

/// Ends the new token: the old one is still in its place.
pub(super) async fn undo(
    context: &Context,
    target: &Target,
    journal: &RotationJournal,
    new: &TokenId,
) -> Result<(), ActionError> {
    end(context, target, new).await?;
    context.warn("the rotation was undone: the old token is still in its place");
    Ok(journal.close()?)
}

/// Ends what may have been made before the answer was lost, by what is new in the list.
async fn undo_unknown(
    context: &Context,
    target: &Target,
    journal: &RotationJournal,
    rotation: &Rotation,
) -> Result<(), ActionError> {
    let access = Access::open(context, target, Purpose::Change)?;
    let new = made_since(&access.service().await, rotation).await?;
    match new.as_slice() {
        [] => Ok(journal.close()?),
        [one] => undo(context, target, journal, one).await,
        several => {
            let ids: Vec<String> = several.iter().map(ToString::to_string).collect();
            context.warn(format!(
                "an earlier rotation was cut short and may have made one of these tokens: {}; revoke what nobody uses",
                ids.join(", ")
            ));
            Ok(journal.close()?)
        }
    }
}

/// The tokens of the rotation's name that were not there when it began.
pub(super) async fn made_since<C: Channel<Error = ActionError>>(
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
        new.extend(ids.filter(|id| !rotation.before.contains(id)));
    }
    Ok(new)
}

/// Revokes a token; one that is gone already is as good as revoked. The credential is picked anew: the one of before may
/// be the token that goes.
async fn end(context: &Context, target: &Target, id: &TokenId) -> Result<(), ActionError> {
    let access = Access::open(context, target, Purpose::Change)?;
    match access.service().await.revoke_token(id).await {
        Err(ActionError::Service(ServiceError::Refused(refusal)))
            if refusal.kind == RefusalKind::NotFound =>
        {
            Ok(())
        }
        other => other.map_err(|error| explained(target, error)),
    }
}
