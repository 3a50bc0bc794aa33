//! The record of the keys that this program created. Without it, fewer keys in env files can be matched to
//! their tokens. A record that cannot be written is a warning.

use crate::actions::token::remembered;
use crate::actions::{Context, ProfileSession};
use crate::domain::{ProfileName, Secret, TokenId};
use crate::service::{ApiTransport, Service};
use crate::vault::{CreatedKey, Creation, VaultError};

/// Records that `secret` is the key of token `id`, which a rotation created in place of the token `replaces`.
pub(crate) async fn record<C: ApiTransport>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    id: &TokenId,
    secret: &Secret,
    replaces: Option<&TokenId>,
) {
    let ProfileSession { context, target } = session;
    let key = CreatedKey {
        profile: Some(target.name.clone()),
        provider: service.descriptor.id.clone(),
        origin: service.base_url.origin(),
        id: id.clone(),
        created_at: context.now(),
        // A service may keep the id.
        replaces: replaces.filter(|old| *old != id).cloned(),
    };
    if let Err(error) = context.vault.record_created_key(key, secret).await {
        context.warn(format!(
            "cannot record which key belongs to token {id}: {error}"
        ));
    }
}

/// Marks the records of tokens that this profile revoked, forgets where their keys were written, and closes the journals of
/// their creations. Other profiles keep theirs: another account may have tokens with the same ids.
pub(crate) async fn mark_revoked<C: ApiTransport>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    ids: &[TokenId],
) {
    let ProfileSession { context, target } = session;
    let origin = service.base_url.origin();
    let issuer = session.issuing_profile(&origin);
    remembered::forget(session, &origin, ids).await;
    if let Err(error) = context.vault.mark_created_keys_revoked(issuer, ids).await {
        warn_not_recorded(context, &error);
    }
    close_creations(context, |profile, creation| {
        let is_here = *profile == target.name && is_of_service(creation, service);
        is_here && creation.token_id.iter().any(|id| ids.contains(id))
    });
}

/// Marks the record of a key that was revoked, whichever profile created it.
#[cfg(feature = "scan")]
pub(crate) async fn mark_key_revoked(context: &Context, key: &Secret) {
    if let Err(error) = context.vault.mark_created_key_revoked(key).await {
        warn_not_recorded(context, &error);
    }
}

/// Closes the journals of creations whose token was revoked. Running creations close their own.
pub(crate) fn close_creations(
    context: &Context,
    is_revoked: impl Fn(&ProfileName, &Creation) -> bool,
) {
    if let Err(error) = context.vault.delete_creations(is_revoked) {
        warn_not_recorded(context, &error);
    }
}

pub(crate) fn is_of_service<C: ApiTransport>(
    creation: &Creation,
    service: &Service<'_, C>,
) -> bool {
    creation.provider == service.descriptor.id
        && creation.kind == service.descriptor.tokens.kind
        && creation.origin == service.base_url.origin()
}

fn warn_not_recorded(context: &Context, error: &VaultError) {
    context.warn(format!("cannot record that a token was revoked: {error}"));
}
