//! Revoking API tokens: some by their ids, several at a time, or all of a kind by one call.

use futures_util::stream::{self, StreamExt};

use super::pace::Paced;
use super::tokens::explained;
use super::{Access, ActionError, Context, Event, Target};
use crate::domain::{TokenId, TokenKind};
use crate::provider::TokenVerb;
use crate::service::{Service, require};

/// How many revocations are under way at once. Few enough for a service's own limits, many enough to hide the way there.
pub const AT_ONCE: usize = 8;

/// What became of one token that was to be revoked.
#[derive(Debug)]
pub struct Revocation {
    /// The token.
    pub id: TokenId,
    /// Whether it is gone.
    pub outcome: Result<(), ActionError>,
}

/// Revokes each of `ids`, [`AT_ONCE`] at a time; one that fails does not stop the others. What the service asks for by
/// `Retry-After` holds for all of them. The outcomes stand in the order of `ids`.
///
/// # Errors
/// Only what stops all of them: no credential, or no such call.
pub async fn revoke_tokens(
    context: &Context,
    target: &Target,
    ids: &[TokenId],
) -> Result<Vec<Revocation>, ActionError> {
    require(&target.descriptor, TokenVerb::Revoke)?;
    let access = Access::open(context, target)?;
    let paced = Paced::new(&access);
    let Service {
        descriptor, base, ..
    } = access.service().await;
    let service = Service {
        descriptor,
        base,
        channel: &paced,
    };
    let service = &service;
    let mut work = stream::iter(ids.iter().enumerate())
        .map(|(place, id)| async move {
            let outcome = service.revoke_token(id).await;
            let outcome = outcome.map_err(|error| explained(target, error));
            let id = id.clone();
            (place, Revocation { id, outcome })
        })
        .buffer_unordered(AT_ONCE);
    let mut done = Vec::with_capacity(ids.len());
    while let Some(one) = work.next().await {
        done.push(one);
        context.tell(&Event::Step {
            done: done.len(),
            of: ids.len(),
        });
    }
    done.sort_by_key(|(place, _)| *place);
    Ok(done.into_iter().map(|(_, one)| one).collect())
}

/// Revokes all tokens of one kind; with `None` all there are, the one in use too.
///
/// # Errors
/// Whatever the service, the network or the disk says.
pub async fn revoke_many(
    context: &Context,
    target: &Target,
    kind: Option<TokenKind>,
) -> Result<(), ActionError> {
    require(&target.descriptor, TokenVerb::RevokeMany)?;
    let access = Access::open(context, target)?;
    let done = access.service().await.revoke_many(kind).await;
    done.map_err(|error| explained(target, error))
}
