//! Revokes API tokens: by id, several at a time, or all of a kind with one call.

use std::cell::{Cell, RefCell};

use futures_util::stream;
use futures_util::stream::StreamExt;

use crate::actions::credential::rate_limit::RateLimited;
use crate::actions::token::created_keys;
use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::token::remembered::warn_about_targets;
use crate::actions::token::revoked_env_key::warn_if_env_key_rejected;
use crate::actions::{ActionError, AuthenticatedClient, Context, Event, ProfileSession, Purpose};
use crate::domain::{CommandLine, CredentialEvent, Hint, TokenId, TokenKind, Warning};
use crate::provider::TokenVerb;
use crate::service::{ApiTransport, Service, ensure_supported};

/// Few enough for the rate limits of services, many enough to hide the latency.
pub const MAX_CONCURRENT: usize = 8;

#[derive(Debug)]
pub struct Revocation {
    pub id: TokenId,
    pub outcome: Result<(), ActionError>,
}

impl ProfileSession<'_> {
    /// Returns true if the profile's stored credential is one of the tokens.
    pub fn uses_one_of(self, ids: &[TokenId]) -> bool {
        let stored = self.find_stored().ok().flatten();
        let own = stored.and_then(|stored| stored.token_id);
        own.is_some_and(|own| ids.iter().any(|id| id.as_str() == own))
    }

    /// Revokes each of `ids`, [`MAX_CONCURRENT`] at a time. A failure does not stop the others. `Retry-After` delays all of
    /// them. Returns the results in the order of `ids`.
    ///
    /// # Errors
    /// If no request can be sent: no credential, or no such call.
    pub async fn revoke_tokens(self, ids: &[TokenId]) -> Result<Vec<Revocation>, ActionError> {
        self.revoke_tokens_until(ids, std::future::pending()).await
    }

    /// As [`revoke_tokens`](Self::revoke_tokens) until `stop` completes. Then waits only for work that the shutdown guard
    /// protects, and reports [`ActionError::InterruptedAfterRequest`] or [`ActionError::InterruptedBeforeRequest`] for the
    /// rest.
    ///
    /// # Errors
    /// As [`revoke_tokens`](Self::revoke_tokens).
    pub async fn revoke_tokens_until(
        self,
        ids: &[TokenId],
        stop: impl Future<Output = ()>,
    ) -> Result<Vec<Revocation>, ActionError> {
        ensure_supported(&self.target.descriptor, TokenVerb::Revoke)?;
        self.begin_event(CredentialEvent::TokenRevoke);
        let client = AuthenticatedClient::open(self, Purpose::Change)?;
        let progress = RevocationProgress::default();
        let stopped = async {
            stop.await;
            self.context.shutdown_guard.begin_shutdown().await;
        };
        let work = async {
            revoke_each(self.context, &client, ids, &progress).await;
            let revoked = progress.revoked();
            if !revoked.is_empty() {
                let service = client.service().await;
                // The revocation forgets them.
                let targets = self.targets_of(&revoked);
                Box::pin(created_keys::mark_revoked(self, &service, &revoked)).await;
                self.forget_tokens(&revoked);
                let dotenv = Box::pin(warn_if_env_key_rejected(self)).await;
                warn_about_targets(self.context, targets, dotenv.as_ref());
                warn_if_own(self, &revoked);
            }
        };
        tokio::select! {
            () = work => {}
            () = stopped => {}
        }
        Ok(progress.into_revocations(ids))
    }
}

/// Warns if the stored credential is among the revoked tokens.
pub(super) fn warn_if_own(session: ProfileSession<'_>, revoked: &[TokenId]) {
    if session.uses_one_of(revoked) {
        let profile = &session.target.name;
        let text = format!("the stored credential of profile `{profile}` was revoked");
        let login = CommandLine::for_profile(profile, "login");
        let warning = Warning::with_hint(text, Hint::run(login));
        session.context.warn(warning);
    }
}

#[derive(Default)]
struct RevocationProgress {
    /// The number of requests that were started, in the order of the ids.
    started: Cell<usize>,
    finished: RefCell<Vec<FinishedRevocation>>,
}

struct FinishedRevocation {
    /// The position in the list of ids.
    position: usize,
    revocation: Revocation,
}

impl RevocationProgress {
    /// Returns the ids of the tokens that are revoked.
    fn revoked(&self) -> Vec<TokenId> {
        let finished = self.finished.borrow();
        let revoked = finished.iter().map(|it| &it.revocation);
        let revoked = revoked.filter(|revocation| revocation.outcome.is_ok());
        revoked.map(|revocation| revocation.id.clone()).collect()
    }

    fn into_revocations(self, ids: &[TokenId]) -> Vec<Revocation> {
        let started = self.started.get();
        let all = ids.iter().enumerate().map(|(position, id)| Revocation {
            id: id.clone(),
            outcome: Err(if position < started {
                ActionError::InterruptedAfterRequest
            } else {
                ActionError::InterruptedBeforeRequest
            }),
        });
        let mut all: Vec<_> = all.collect();
        for FinishedRevocation {
            position,
            revocation,
        } in self.finished.into_inner()
        {
            all[position] = revocation;
        }
        all
    }
}

async fn revoke_each(
    context: &Context,
    client: &AuthenticatedClient<'_>,
    ids: &[TokenId],
    progress: &RevocationProgress,
) {
    let paced = RateLimited::new(client);
    let Service {
        descriptor,
        base_url: base,
        ..
    } = client.service().await;
    let service = Service {
        descriptor,
        base_url: base,
        transport: &paced,
    };
    let service = &service;
    let mut work = stream::iter(ids.iter().enumerate())
        .map(|(position, id)| {
            progress.started.set(position + 1);
            async move {
                let revocation = revoke_one(service, client.session, id).await;
                FinishedRevocation {
                    position,
                    revocation,
                }
            }
        })
        .buffer_unordered(MAX_CONCURRENT);
    while let Some(one) = work.next().await {
        let done = {
            let mut finished = progress.finished.borrow_mut();
            finished.push(one);
            finished.len()
        };
        context.emit(&Event::Progress {
            done,
            of: ids.len(),
        });
    }
}

async fn revoke_one<C: ApiTransport<Error = ActionError>>(
    service: &Service<'_, C>,
    session: ProfileSession<'_>,
    id: &TokenId,
) -> Revocation {
    let outcome = service.revoke_token(id).await;
    if outcome.is_ok() {
        session.record_token(CredentialEvent::TokenRevoke, Some(id));
    }
    Revocation {
        outcome: outcome.map_err(|error| with_credential_hint(session.target, error)),
        id: id.clone(),
    }
}

impl ProfileSession<'_> {
    /// Revokes all tokens of one kind, or with `None` all tokens including the one in use.
    ///
    /// # Errors
    /// Errors of the service, the network or the disk.
    pub async fn revoke_many(self, kind: Option<TokenKind>) -> Result<(), ActionError> {
        ensure_supported(&self.target.descriptor, TokenVerb::RevokeMany)?;
        self.begin_event(CredentialEvent::TokenRevoke);
        let client = AuthenticatedClient::open(self, Purpose::Change)?;
        let service = client.service().await;
        // Listed first, because the call may revoke the credential in use.
        let ids = Box::pin(list_recorded(self, &service, kind)).await;
        let done = service.revoke_many(kind).await;
        done.map_err(|error| with_credential_hint(self.target, error))?;
        self.record_token(CredentialEvent::TokenRevoke, None);
        let targets = self.targets_of(&ids);
        Box::pin(created_keys::mark_revoked(self, &service, &ids)).await;
        self.forget_all_tokens();
        let dotenv = Box::pin(warn_if_env_key_rejected(self)).await;
        warn_about_targets(self.context, targets, dotenv.as_ref());
        Ok(())
    }
}

/// Returns the tokens of `kind` if keys of the profile are recorded. Without a list, the records stay.
async fn list_recorded(
    session: ProfileSession<'_>,
    service: &Service<'_, AuthenticatedClient<'_>>,
    kind: Option<TokenKind>,
) -> Vec<TokenId> {
    let mut ids = Vec::new();
    let origin = service.base_url.origin();
    let issuer = session.issuing_profile(&origin);
    let keys = session.vault().created_keys();
    if !keys.is_ok_and(|keys| keys.has_any(issuer)) {
        return ids;
    }
    let Ok(mut pages) = service.token_pages(kind) else {
        return ids;
    };
    while let Ok(Some(page)) = pages.next_page().await {
        ids.extend(page.into_iter().filter_map(|token| token.id));
    }
    ids
}
