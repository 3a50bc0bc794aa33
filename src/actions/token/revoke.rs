//! Revoking API tokens: some by their ids, several at a time, or all of a kind by one call.

use std::cell::{Cell, RefCell};

use futures_util::stream::{self, StreamExt};

use crate::actions::credential::rate_limit::RateLimited;
use crate::actions::token::created_keys;
use crate::actions::token::revoked_env_key::warn_if_env_key_rejected;
use crate::actions::token::tokens::with_credential_hint;
use crate::actions::{ActionError, AuthenticatedClient, Context, Event, Purpose, Target};
use crate::domain::{TokenId, TokenKind};
use crate::provider::TokenVerb;
use crate::service::{Service, ensure_supported};

/// How many revocations are under way at once. Few enough for a service's own limits, many enough to hide the way there.
pub const MAX_CONCURRENT: usize = 8;

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
    ensure_supported(&target.descriptor, TokenVerb::Revoke)?;
    let access = AuthenticatedClient::open(context, target, Purpose::Change)?;
    let progress = RevocationProgress::default();
    let stopped = async {
        stop.await;
        context.shutdown_guard.begin_shutdown().await;
    };
    let work = async {
        revoke_each(context, &access, ids, &progress).await;
        let revoked = progress.revoked(ids);
        if !revoked.is_empty() {
            let service = access.service().await;
            Box::pin(created_keys::forget(context, &service, &revoked)).await;
            Box::pin(warn_if_env_key_rejected(context, target)).await;
        }
    };
    tokio::select! {
        () = work => {}
        () = stopped => {}
    }
    Ok(progress.into_revocations(ids))
}

/// How far it is.
#[derive(Default)]
struct RevocationProgress {
    /// How many were begun, in the order of the ids.
    started: Cell<usize>,
    /// The outcomes that are known, with their places.
    outcomes: RefCell<Vec<(usize, Result<(), ActionError>)>>,
}

impl RevocationProgress {
    /// Returns those of `ids` that are revoked.
    fn revoked(&self, ids: &[TokenId]) -> Vec<TokenId> {
        let known = self.outcomes.borrow();
        let revoked = known.iter().filter(|(_, outcome)| outcome.is_ok());
        let ids = revoked.filter_map(|(place, _)| ids.get(*place));
        ids.cloned().collect()
    }

    /// The outcome of each of `ids`.
    fn into_revocations(self, ids: &[TokenId]) -> Vec<Revocation> {
        let asked = self.started.get();
        let all = ids.iter().enumerate().map(|(place, id)| Revocation {
            id: id.clone(),
            outcome: Err(if place < asked {
                ActionError::InterruptedAfterRequest
            } else {
                ActionError::InterruptedBeforeRequest
            }),
        });
        let mut all: Vec<_> = all.collect();
        for (place, outcome) in self.outcomes.into_inner() {
            all[place].outcome = outcome;
        }
        all
    }
}

async fn revoke_each(
    context: &Context,
    access: &AuthenticatedClient<'_>,
    ids: &[TokenId],
    progress: &RevocationProgress,
) {
    let target = access.target;
    let paced = RateLimited::new(access);
    let Service {
        descriptor,
        base_url: base,
        ..
    } = access.service().await;
    let service = Service {
        descriptor,
        base_url: base,
        transport: &paced,
    };
    let service = &service;
    let mut work = stream::iter(ids.iter().enumerate())
        .map(|(place, id)| {
            progress.started.set(place + 1);
            async move {
                let outcome = service.revoke_token(id).await;
                (
                    place,
                    outcome.map_err(|error| with_credential_hint(target, error)),
                )
            }
        })
        .buffer_unordered(MAX_CONCURRENT);
    while let Some(one) = work.next().await {
        let done = {
            let mut known = progress.outcomes.borrow_mut();
            known.push(one);
            known.len()
        };
        context.emit(&Event::Progress {
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
    ensure_supported(&target.descriptor, TokenVerb::RevokeMany)?;
    let access = AuthenticatedClient::open(context, target, Purpose::Change)?;
    let done = access.service().await.revoke_many(kind).await;
    done.map_err(|error| with_credential_hint(target, error))?;
    Box::pin(warn_if_env_key_rejected(context, target)).await;
    Ok(())
}
