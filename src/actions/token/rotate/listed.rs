//! Finds the token to rotate in the list of the service.

use super::rights;
use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::token::lookup;
use crate::actions::{ActionError, ProfileSession, RotationError, Target};
use crate::domain::{ApiToken, TokenId};
use crate::service::{ApiTransport, NewToken, Service};

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
    let mut tokens = Vec::new();
    let mut pages = service.token_pages(None)?;
    let explain = |error| with_credential_hint(target, error);
    while let Some(page) = pages.next_page().await.map_err(explain)? {
        tokens.extend(page);
    }
    let found = lookup::find_token(&target.descriptor.tokens, &tokens, id, now)?;
    let id = found.ok_or_else(|| RotationError::NoSuchToken {
        service: target.descriptor.name.clone(),
        id: id.to_string(),
    })?;
    let facts = tokens.iter().find(|token| token.id.as_ref() == Some(&id));
    let facts = facts.cloned().unwrap_or_default();
    if facts.active == Some(false) {
        return Err(RotationError::NotActive { id: id.to_string() }.into());
    }
    let name = &facts.name;
    let has_name =
        |token: &&ApiToken| name.is_none() || token.name.is_none() || token.name == *name;
    let before = tokens.iter().filter(has_name);
    Ok(Listed {
        id,
        before: before.filter_map(|token| token.id.clone()).collect(),
        facts: rights::with_details(target, service, facts).await?,
        tokens,
    })
}

/// Gives the new token a name that no other has, at services that require that: `ci (2)`.
pub(super) fn choose_unique_name(target: &Target, listed: &Listed, wanted: &mut NewToken) {
    let call = target.descriptor.tokens.create.as_ref();
    if !call.is_some_and(|call| call.unique_names) {
        return;
    }
    let base = wanted.name.rsplit_once(" (");
    let base = base.filter(|(_, count)| {
        let count = count.strip_suffix(')');
        count.is_some_and(|count| count.parse::<u32>().is_ok())
    });
    let base = base.map_or(wanted.name.clone(), |(base, _)| base.to_owned());
    let is_free = |name: &String| {
        let mut tokens = listed.tokens.iter();
        !tokens.any(|token| token.name.as_ref() == Some(name))
    };
    let mut names = (2..).map(|count: u64| format!("{base} ({count})"));
    if let Some(name) = names.find(is_free) {
        wanted.name = name;
    }
}
