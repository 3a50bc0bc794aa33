//! Finds the token to rotate in the list of the service.

use super::reported::with_details;
use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::token::lookup;
use crate::actions::{ActionError, ProfileSession, RotationError};
use crate::domain::{ApiToken, TokenId};
use crate::service::{ApiTransport, Service};

/// The list of the service before a rotation.
pub(super) struct Listed {
    pub(super) id: TokenId,
    /// The token that is rotated.
    pub(super) facts: ApiToken,
    /// The ids of the tokens that a new one could be mistaken for: those of its name or of none.
    pub(super) before: Vec<TokenId>,
    pub(super) tokens: Vec<ApiToken>,
}

/// Lists the tokens, and returns what the service reports about the old one.
pub(super) async fn find_token<C: ApiTransport<Error = ActionError>>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    id: &TokenId,
) -> Result<Listed, ActionError> {
    let (target, now) = (session.target, session.context.now());
    let tokens = list_tokens(session, service).await?;
    let found = lookup::find_token(&target.descriptor.tokens, &tokens, id, now)?;
    let id = found.ok_or_else(|| RotationError::NoSuchToken {
        service: target.descriptor.name.clone(),
        id: id.to_string(),
        replaced_by: replacement_of(session, service, id),
    })?;
    let facts = tokens.iter().find(|token| token.id.as_ref() == Some(&id));
    let facts = facts.cloned().unwrap_or_default();
    if facts.active == Some(false) {
        let replaced_by = replacement_of(session, service, &id);
        let id = id.to_string();
        return Err(RotationError::NotActive { id, replaced_by }.into());
    }
    let name = &facts.name;
    let has_name =
        |token: &&ApiToken| name.is_none() || token.name.is_none() || token.name == *name;
    let before = tokens.iter().filter(has_name);
    Ok(Listed {
        id,
        before: before.filter_map(|token| token.id.clone()).collect(),
        facts: with_details(target, service, facts).await?,
        tokens,
    })
}

/// Lists the tokens during the rotation of token `id`, which the service may no longer list.
pub(super) async fn list_during_rotation<C: ApiTransport<Error = ActionError>>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    id: &TokenId,
) -> Result<Listed, ActionError> {
    let tokens = list_tokens(session, service).await?;
    let facts = tokens.iter().find(|token| token.id.as_ref() == Some(id));
    Ok(Listed {
        id: id.clone(),
        facts: facts.cloned().unwrap_or_default(),
        before: Vec::new(),
        tokens,
    })
}

async fn list_tokens<C: ApiTransport<Error = ActionError>>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
) -> Result<Vec<ApiToken>, ActionError> {
    let mut tokens = Vec::new();
    let mut pages = service.token_pages(None)?;
    let explain = |error| with_credential_hint(session.target, error);
    while let Some(page) = pages.next_page().await.map_err(explain)? {
        tokens.extend(page);
    }
    Ok(tokens)
}

/// Returns the id of the token that an earlier rotation replaced token `id` with.
fn replacement_of<C>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    id: &TokenId,
) -> Option<String> {
    let keys = session.vault().created_keys().ok()?;
    let origin = service.base_url.origin();
    let issuer = session.issuing_profile(&origin);
    keys.replacement_of(issuer, id).map(TokenId::to_string)
}
