//! Finds the recorded use of each token: by its id, or by a key that is known to be the token's.

use crate::actions::credential::select::find_dotenv_key;
use crate::actions::{ProfileSession, ResolvedCredential};
use crate::domain::{ApiToken, CredentialUsage, TokenId};
use crate::service::matches_masked_key;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenUsage {
    pub id: TokenId,
    pub usage: CredentialUsage,
}

/// Returns the recorded use of `tokens`. `selected` is the credential in use.
pub(super) fn find_token_usage(
    session: ProfileSession<'_>,
    selected: &ResolvedCredential,
    tokens: &[ApiToken],
) -> Vec<TokenUsage> {
    if session.target.descriptor.tokens.needs.is_empty() {
        return Vec::new();
    }
    let record = match session.vault().usage_record(session.context.today()) {
        Ok(record) => record,
        Err(error) => {
            let text = format!("cannot read the record of uses: {error}");
            session.context.warn(text);
            return Vec::new();
        }
    };
    let server = session.usage_server(&selected.base);
    let dotenv = find_dotenv_key(session);
    let known: Vec<&ResolvedCredential> = std::iter::once(selected).chain(&dotenv).collect();
    let find = |token: &ApiToken| {
        let id = token.id.as_ref().filter(|id| !id.is_secret())?;
        let own = known.iter().find(|it| is_key_of(session, it, token));
        let by_key = own.and_then(|own| record.of_key(&server, &own.credential.secret));
        let mut usage = record.of_token(&server, id).or_else(|| by_key.clone())?;
        // Each of both may have entries that the other one lacks.
        if let Some(by_key) = by_key.filter(|by_key| *by_key != usage) {
            usage.merge(&by_key);
        }
        Some(TokenUsage {
            id: id.clone(),
            usage,
        })
    };
    tokens.iter().filter_map(find).collect()
}

fn is_key_of(session: ProfileSession<'_>, own: &ResolvedCredential, token: &ApiToken) -> bool {
    let id = own
        .stored
        .as_ref()
        .and_then(|stored| stored.token_id.as_ref());
    if let (Some(id), Some(token)) = (id, &token.id) {
        return id == token.as_str();
    }
    let prefix = token.prefix.as_ref();
    prefix.is_some_and(|prefix| {
        let secret = &own.credential.secret;
        matches_masked_key(&session.target.descriptor, prefix, secret) == Some(true)
    })
}
