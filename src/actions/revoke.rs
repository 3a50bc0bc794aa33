//! Revoking API tokens: some by their ids, several at a time, or all of a kind by one call.

use std::cell::{Cell, RefCell};

use futures_util::stream::{self, StreamExt};

use super::dead_env_key::warn_of_dead_env_key;
use super::pace::Paced;
use super::tokens::explained;
use super::{Access, ActionError, Context, Event, Purpose, Target};
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
/// Only what keeps all of them from being asked for: no credential, or no such call.
pub async fn revoke_tokens(
    context: &Context,
    target: &Target,
    ids: &[TokenId],
) -> Result<Vec<Revocation>, ActionError> {
    revoke_tokens_until(context, target, ids, std::future::pending()).await
}

/// The same until `stop` is ready: then nothing is waited for but what the context's shield covers, and each token that
/// is left has [`ActionError::Unanswered`] or [`ActionError::NotAsked`] for its outcome.
///
/// # Errors
/// As [`revoke_tokens`].
pub async fn revoke_tokens_until(
    context: &Context,
    target: &Target,
    ids: &[TokenId],
    stop: impl Future<Output = ()>,
) -> Result<Vec<Revocation>, ActionError> {
    require(&target.descriptor, TokenVerb::Revoke)?;
    let access = Access::open(context, target, Purpose::Change)?;
    let progress = Progress::default();
    let stopped = async {
        stop.await;
        context.shield.lower().await;
    };
    let work = async {
        revoke_each(context, &access, ids, &progress).await;
        if progress.is_any_revoked() {
            Box::pin(warn_of_dead_env_key(context, target)).await;
        }
    };
    tokio::select! {
        () = work => {}
        () = stopped => {}
    }
    Ok(progress.told(ids))
}

/// How far it is.
#[derive(Default)]
struct Progress {
    /// How many were begun, in the order of the ids.
    asked: Cell<usize>,
    /// The outcomes that are known, with their places.
    known: RefCell<Vec<(usize, Result<(), ActionError>)>>,
}

impl Progress {
    fn is_any_revoked(&self) -> bool {
        self.known
            .borrow()
            .iter()
            .any(|(_, outcome)| outcome.is_ok())
    }

    /// The outcome of each of `ids`.
    fn told(self, ids: &[TokenId]) -> Vec<Revocation> {
        let asked = self.asked.get();
        let all = ids.iter().enumerate().map(|(place, id)| Revocation {
            id: id.clone(),
            outcome: Err(if place < asked {
                ActionError::Unanswered
            } else {
                ActionError::NotAsked
            }),
        });
        let mut all: Vec<_> = all.collect();
        for (place, outcome) in self.known.into_inner() {
            all[place].outcome = outcome;
        }
        all
    }
}

async fn revoke_each(context: &Context, access: &Access<'_>, ids: &[TokenId], progress: &Progress) {
    let target = access.target;
    let paced = Paced::new(access);
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
        .map(|(place, id)| {
            progress.asked.set(place + 1);
            async move {
                let outcome = service.revoke_token(id).await;
                (place, outcome.map_err(|error| explained(target, error)))
            }
        })
        .buffer_unordered(AT_ONCE);
    while let Some(one) = work.next().await {
        let done = {
            let mut known = progress.known.borrow_mut();
            known.push(one);
            known.len()
        };
        context.tell(&Event::Step {
            done,
            of: ids.len(),
        });
    }
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
    let access = Access::open(context, target, Purpose::Change)?;
    let done = access.service().await.revoke_many(kind).await;
    done.map_err(|error| explained(target, error))?;
    Box::pin(warn_of_dead_env_key(context, target)).await;
    Ok(())
}
