//! The record of the keys that this program created. Without it, fewer keys in env files can be matched to
//! their tokens. A record that cannot be written is a warning.

use crate::actions::Context;
use crate::actions::token::remembered;
use crate::domain::{Secret, TokenId};
use crate::service::{ApiTransport, Service};
use crate::vault::{CreatedKey, IssuingService};

/// Records that `secret` is the key of token `id`, which a rotation created in place of the token `replaces`.
pub(crate) async fn record<C: ApiTransport>(
    context: &Context,
    service: &Service<'_, C>,
    id: &TokenId,
    secret: &Secret,
    replaces: Option<&TokenId>,
) {
    let key = CreatedKey {
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

/// Marks the records of tokens that were revoked, and forgets where their keys were written.
pub(crate) async fn mark_revoked<C: ApiTransport>(
    context: &Context,
    service: &Service<'_, C>,
    ids: &[TokenId],
) {
    let of = IssuingService {
        provider: &service.descriptor.id,
        origin: &service.base_url.origin(),
    };
    remembered::forget(context, service, ids).await;
    if let Err(error) = context.vault.mark_created_keys_revoked(of, ids).await {
        context.warn(format!("cannot record that a token was revoked: {error}"));
    }
}
