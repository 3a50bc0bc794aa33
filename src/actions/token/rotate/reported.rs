//! What the service reports about a token, in its list or for the token alone.

use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::{ActionError, Target};
use crate::domain::{ApiToken, TokenId};
use crate::provider::TokenVerb;
use crate::service::{ApiTransport, Service};

/// Adds the facts that the service reports only for a single token.
pub(super) async fn with_details<C: ApiTransport<Error = ActionError>>(
    target: &Target,
    service: &Service<'_, C>,
    listed: ApiToken,
) -> Result<ApiToken, ActionError> {
    let tokens = &target.descriptor.tokens;
    let fields = &tokens.fields;
    let misses = [
        // If the kind follows from the expiry, a missing expiry means permanent.
        (
            fields.expires_at.is_some() && fields.kind.is_none(),
            listed.expires_at.is_none(),
        ),
        (fields.scopes.is_some(), listed.scopes.is_none()),
        (fields.permissions.is_some(), listed.permissions.is_none()),
    ];
    let is_complete = !misses.contains(&(true, true));
    let (Some(id), false, true) = (
        &listed.id,
        is_complete,
        target.descriptor.supports(TokenVerb::Get),
    ) else {
        return Ok(listed);
    };
    let shown = service.get_token(id).await;
    let shown = shown.map_err(|error| with_credential_hint(target, error))?;
    let mut unreadable = [listed.unreadable, shown.unreadable].concat();
    unreadable.sort();
    unreadable.dedup();
    Ok(ApiToken {
        created_at: listed.created_at.or(shown.created_at),
        expires_at: listed.expires_at.or(shown.expires_at),
        kind: shown
            .kind
            .filter(|_| shown.expires_at.is_some())
            .or(listed.kind),
        scopes: listed.scopes.or(shown.scopes),
        permissions: listed.permissions.or(shown.permissions),
        unreadable,
        ..listed
    })
}

/// Returns what the service lists for `id`, as for the old token: a create response may only repeat the request.
pub(super) async fn fetch_reported<C: ApiTransport<Error = ActionError>>(
    target: &Target,
    service: &Service<'_, C>,
    id: &TokenId,
) -> Result<Option<ApiToken>, ActionError> {
    let mut pages = service.token_pages(None)?;
    loop {
        let page = pages.next_page().await;
        let Some(page) = page.map_err(|error| with_credential_hint(target, error))? else {
            break;
        };
        if let Some(token) = page.into_iter().find(|token| token.id.as_ref() == Some(id)) {
            return with_details(target, service, token).await.map(Some);
        }
    }
    if target.descriptor.supports(TokenVerb::Get) {
        let found = service.get_token(id).await;
        return found
            .map(Some)
            .map_err(|error| with_credential_hint(target, error));
    }
    Ok(None)
}
