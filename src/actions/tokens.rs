//! Making, listing and revoking API tokens.

use std::path::Path;

use jiff::SignedDuration;
use serde::Serialize;

use super::{Access, ActionError, Context, Event, Target};
use crate::domain::{ApiToken, MintedToken, ProfileName, ProviderId, TokenId};
use crate::service::NewToken;
use crate::vault::EnvFile;

/// Which tokens to list.
#[derive(Debug, Clone, Default)]
pub struct ListOptions {
    /// At most this many; `None` for one page.
    pub limit: Option<usize>,
    /// Leave out this many at the beginning.
    pub offset: usize,
    /// Every page.
    pub all: bool,
    /// Only those that end within this time.
    pub expires_within: Option<SignedDuration>,
}

/// A list of tokens.
#[derive(Debug, Clone, Serialize)]
pub struct TokenList {
    /// The profile they belong to.
    pub profile: ProfileName,
    /// Its service.
    pub provider: ProviderId,
    /// The tokens.
    pub tokens: Vec<ApiToken>,
    /// Whether the service has more.
    #[serde(skip)]
    pub more: bool,
}

/// What became of one token that was to be revoked.
#[derive(Debug)]
pub struct Revocation {
    /// The token.
    pub id: TokenId,
    /// Whether it is gone.
    pub outcome: Result<(), ActionError>,
}

/// Makes a token; with `env_file`, its secret goes there.
///
/// # Errors
/// Whatever the settings, the service, the network or the disk says. A token whose secret could not be written is
/// revoked again.
pub async fn create_token(
    context: &Context,
    target: &Target,
    wanted: &NewToken,
    env_file: Option<&Path>,
) -> Result<MintedToken, ActionError> {
    let place = env_file.map(|path| env_place(target, path)).transpose()?;
    let access = Access::open(context, target)?;
    let service = access.service().await;
    let minted = service.create_token(wanted).await?;
    let Some((file, variable)) = place else {
        return Ok(minted);
    };
    if let Err(error) = file.set(&variable, &minted.secret) {
        let then = match &minted.token.id {
            None => "revoke it by hand".to_owned(),
            Some(id) if service.revoke_token(id).await.is_ok() => "it was revoked again".to_owned(),
            Some(id) => format!("revoke it by hand: its id is {id}"),
        };
        context.warn(format!("the new token could not be written; {then}"));
        return Err(error.into());
    }
    Ok(minted)
}

/// The file, checked before anything is made, and the variable that the service's key stands in.
fn env_place(target: &Target, path: &Path) -> Result<(EnvFile, String), ActionError> {
    let service = target.descriptor.name.clone();
    let variable = target.descriptor.environment.api_key.clone();
    let variable = variable.ok_or(ActionError::NoVariable { service })?;
    let file = EnvFile::open(path).map_err(ActionError::EnvFile)?;
    Ok((file, variable))
}

/// Lists tokens, page by page, until there are enough.
///
/// # Errors
/// Whatever the service, the network or the disk says.
pub async fn list_tokens(
    context: &Context,
    target: &Target,
    options: &ListOptions,
) -> Result<TokenList, ActionError> {
    let access = Access::open(context, target)?;
    let service = access.service().await;
    let mut pages = service.token_pages()?;
    let mut tokens = Vec::new();
    let mut left_out = 0;
    // Without a limit one page is enough, but not one that `offset` left nothing of.
    let wanted = options.limit.unwrap_or(1);
    while let Some(page) = pages.next_page().await? {
        for token in page {
            if left_out < options.offset {
                left_out += 1;
            } else if ends_in_time(context, &token, options.expires_within) {
                tokens.push(token);
            }
        }
        if !options.all && tokens.len() >= wanted {
            break;
        }
    }
    let limit = options.limit.unwrap_or(usize::MAX);
    let more = pages.has_more() || tokens.len() > limit;
    tokens.truncate(limit);
    Ok(TokenList {
        profile: target.profile.clone(),
        provider: target.descriptor.id.clone(),
        tokens,
        more,
    })
}

fn ends_in_time(context: &Context, token: &ApiToken, within: Option<SignedDuration>) -> bool {
    let Some(within) = within else {
        return true;
    };
    token
        .expires_at
        .is_some_and(|end| end.duration_since(context.now()) <= within)
}

/// Revokes each of `ids`; one that fails does not stop the others.
///
/// # Errors
/// Only what stops all of them: no credential, or no such call.
pub async fn revoke_tokens(
    context: &Context,
    target: &Target,
    ids: &[TokenId],
) -> Result<Vec<Revocation>, ActionError> {
    let access = Access::open(context, target)?;
    let service = access.service().await;
    let mut done = Vec::with_capacity(ids.len());
    for id in ids {
        let outcome = service.revoke_token(id).await;
        done.push(Revocation {
            id: id.clone(),
            outcome,
        });
        context.tell(&Event::Step {
            done: done.len(),
            of: ids.len(),
        });
    }
    Ok(done)
}
