//! Refreshes a session exactly once, no matter how many processes ask (RFC 6749 §6, RFC 9700 §2.2.2).
//!
//! Takes the profile lock, reads the disk again, and uses what another process refreshed meanwhile. Otherwise
//! preflights the write, records the refresh in the journal, sends the token that was re-read, and saves the response
//! before it is used.
//!
//! Only `invalid_grant`, or the service's own error for a rejected refresh token, ends a session, and only if the disk still
//! holds the token that was rejected. After any other rejection the user must sign in again, and the session is kept. If the
//! service limits refreshes, a minimum interval applies.
//!
//! A journal entry that remains means that the response to a refresh was lost. The error of a later rejection says so.

use jiff::SignedDuration;

use crate::actions::credential::client_token::request_and_save;
use crate::actions::credential::refresh_response::{
    apply_session_grant, apply_token_response, to_refresh_error,
};
use crate::actions::credential::registered_client::on_refresh_error;
use crate::actions::credential::session_read::{SessionRead, is_same_origin, read_session};
use crate::actions::credential::session_server::session_server;
use crate::actions::credential::storage_location::migrate_to_configured_storage;
use crate::actions::credential::unauthenticated::Unauthenticated;
use crate::actions::credential::unsaved_session::save_refreshed;
use crate::actions::credential::workload_token::exchange_and_save;
use crate::actions::{ActionError, Context, ProfileSession};
use crate::domain::{CredentialEvent, Freshness, RefreshMethod, Secret, StoredCredential};
use crate::oauth;
use crate::oauth::OauthError;
use crate::service::{Service, ServiceError};
use crate::vault::ProfileLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshReason {
    /// The credential expires within this time.
    Expiring(SignedDuration),
    /// The service rejected the credential.
    Rejected,
    Requested,
}

#[derive(Debug)]
pub enum RefreshOutcome {
    Refreshed(StoredCredential),
    /// Another process had refreshed it.
    AlreadyRefreshed(StoredCredential),
}

impl RefreshOutcome {
    /// Returns the credential to use from now on.
    pub fn into_stored(self) -> StoredCredential {
        match self {
            Self::Refreshed(stored) | Self::AlreadyRefreshed(stored) => stored,
        }
    }
}

impl ProfileSession<'_> {
    /// Refreshes the session, unless another process refreshed it since the caller read it as `seen`.
    ///
    /// # Errors
    /// `BUSY` if another process holds the lock for too long, `LOGIN_EXPIRED` if the server ended the session, and errors
    /// of the server, the network or the disk. A failed refresh loses nothing that is stored.
    pub async fn refresh_session(
        self,
        seen: &StoredCredential,
        reason: RefreshReason,
    ) -> Result<RefreshOutcome, ActionError> {
        self.begin_event(CredentialEvent::Refresh);
        let outcome = Box::pin(self.refresh_once(seen, reason)).await?;
        match &outcome {
            RefreshOutcome::Refreshed(stored) => {
                self.record_stored(CredentialEvent::Refresh, Some(stored));
            }
            RefreshOutcome::AlreadyRefreshed(_) => self.cancel_event(CredentialEvent::Refresh),
        }
        Ok(outcome)
    }

    async fn refresh_once(
        self,
        seen: &StoredCredential,
        reason: RefreshReason,
    ) -> Result<RefreshOutcome, ActionError> {
        let lock = self.vault().lock(&self.target.name).await?;
        let target = self.target.reload_storage(self.context);
        let session = self.context.session(&target);
        let read = read_session(session, &lock, seen).await?;
        let current = &read.current;
        let is_refreshed = current.credential != seen.credential
            && is_fresh_enough(session.context, current, reason);
        if is_refreshed || is_throttled(session, current, reason) {
            return Ok(RefreshOutcome::AlreadyRefreshed(read.current));
        }
        let work = refresh_and_save(session, &lock, &read);
        match session.context.shutdown_guard.protect(work).await {
            Err(error) if is_session_revoked(&error) => {
                on_invalid_grant(session, &lock, read, reason)
            }
            other => {
                let refreshed = other?;
                Box::pin(migrate_to_configured_storage(session.context, &lock)).await;
                Ok(RefreshOutcome::Refreshed(refreshed))
            }
        }
    }
}

/// Returns true if the service limits refreshes per hour and this credential is younger than the minimum interval.
/// Expired credentials and explicit user requests are never throttled.
fn is_throttled(
    session: ProfileSession<'_>,
    current: &StoredCredential,
    reason: RefreshReason,
) -> bool {
    let limit = session.target.descriptor.refresh.as_ref();
    let limit = limit.and_then(|call| call.at_most_per_hour);
    let Some(limit) = limit.filter(|_| current.oauth_server.is_none()) else {
        return false;
    };
    let min_interval =
        SignedDuration::from_hours(1) / i32::try_from(limit.max(1)).unwrap_or(i32::MAX);
    let age = session
        .context
        .now()
        .duration_since(current.expiry.issued_at);
    let freshness = session.context.freshness_of(current, SignedDuration::ZERO);
    reason != RefreshReason::Requested && freshness == Freshness::Fresh && age < min_interval
}

fn is_session_revoked(error: &ActionError) -> bool {
    matches!(
        error,
        ActionError::Oauth(OauthError::InvalidGrant { .. })
            | ActionError::Service(ServiceError::RefreshTokenRejected(_))
    )
}

/// Handles a rejected refresh token by what the disk contains now: a program that ignores the lock (a restored
/// backup, a synchronised home directory) may have stored a working session, or deleted it. If the response to an earlier
/// refresh was lost, the error says so.
pub(super) fn on_invalid_grant(
    session: ProfileSession<'_>,
    lock: &ProfileLock,
    read: SessionRead,
    reason: RefreshReason,
) -> Result<RefreshOutcome, ActionError> {
    let SessionRead {
        current: rejected,
        lost_refresh_at,
    } = read;
    let storage = session.storage();
    let profile = session.target.name.to_string();
    let expired = || ActionError::LoginExpired {
        profile: profile.clone(),
    };
    let stored = session.vault().read(&session.target.name, storage)?;
    let stored = stored.ok_or_else(expired)?;
    if stored.refresh_token != rejected.refresh_token {
        let is_usable =
            is_same_origin(&stored, &rejected) && is_fresh_enough(session.context, &stored, reason);
        return is_usable
            .then_some(RefreshOutcome::AlreadyRefreshed(stored))
            .ok_or_else(expired);
    }
    let refresh_token = None;
    let rejected = StoredCredential {
        refresh_token,
        ..rejected
    };
    session.vault().write(lock, storage, &rejected)?;
    Err(
        lost_refresh_at.map_or_else(expired, |began_at| ActionError::RefreshInterrupted {
            profile: profile.clone(),
            began_at,
        }),
    )
}

fn is_fresh_enough(context: &Context, current: &StoredCredential, reason: RefreshReason) -> bool {
    let min_ttl = match reason {
        RefreshReason::Expiring(min_ttl) => min_ttl,
        RefreshReason::Rejected | RefreshReason::Requested => SignedDuration::ZERO,
    };
    context.freshness_of(current, min_ttl) == Freshness::Fresh
}

/// Obtains the next access token and saves it. The journal records only the use of a refresh token, because that may be
/// valid once; other requests can be repeated.
async fn refresh_and_save(
    session: ProfileSession<'_>,
    lock: &ProfileLock,
    read: &SessionRead,
) -> Result<StoredCredential, ActionError> {
    let current = &read.current;
    match &current.refresh_method {
        RefreshMethod::RefreshToken => {
            let request = async |token: &Secret| request_refresh(session, current, token).await;
            let saved = |refreshed: &StoredCredential| Some(refreshed.clone());
            send_with_journal(session, lock, read, request, saved).await
        }
        RefreshMethod::ClientCredentials { scopes } => {
            request_and_save(session, lock, current, scopes).await
        }
        RefreshMethod::Workload(identity) => {
            Box::pin(exchange_and_save(session, lock, current, identity)).await
        }
    }
}

/// Sends `request` with the refresh token, and saves the session that `to_saved` makes of the response. The journal entry stays
/// from before the request until the result is saved, or until it is certain that the server refreshed nothing. The entry of an
/// earlier refresh whose response was lost stays.
pub(super) async fn send_with_journal<T>(
    session: ProfileSession<'_>,
    lock: &ProfileLock,
    read: &SessionRead,
    request: impl AsyncFnOnce(&Secret) -> Result<T, ActionError>,
    to_saved: impl FnOnce(&T) -> Option<StoredCredential>,
) -> Result<T, ActionError> {
    let current = &read.current;
    let Some(refresh_token) = &current.refresh_token else {
        return Err(ActionError::LoginExpired {
            profile: session.target.name.to_string(),
        });
    };
    let reserved = session.vault().reserve(lock, session.storage())?;
    lock.begin_refresh(refresh_token, session.context.now())?;
    let response = request(refresh_token).await;
    let saved = match &response {
        Ok(response) => to_saved(response),
        Err(error) => with_rotated_token(current, error),
    };
    let may_have_rotated =
        |error: &ActionError| read.lost_refresh_at.is_some() || error.may_have_been_processed();
    if let Some(saved) = saved {
        // Boxed to keep the futures of all callers small.
        Box::pin(save_refreshed(session, lock, reserved, current, saved)).await?;
    } else if !response.as_ref().is_err_and(may_have_rotated) {
        lock.end_refresh();
    }
    response
}

/// Returns the session with the refresh token that the server rotated, if only the access token of its response cannot be
/// used. Without it the session would be lost.
fn with_rotated_token(current: &StoredCredential, error: &ActionError) -> Option<StoredCredential> {
    match error {
        ActionError::Oauth(OauthError::UnusableAccessToken {
            refresh_token: Some(token),
            ..
        }) if current.refresh_token.as_ref() != Some(token) => Some(StoredCredential {
            refresh_token: Some(token.clone()),
            ..current.clone()
        }),
        _ => None,
    }
}

async fn request_refresh(
    session: ProfileSession<'_>,
    current: &StoredCredential,
    refresh_token: &Secret,
) -> Result<StoredCredential, ActionError> {
    let Some(authority) = &current.oauth_server else {
        return refresh_via_service(session, current, refresh_token).await;
    };
    let server = session_server(session, authority);
    let server = server.map_err(|error| to_refresh_error(session.target, error.into()))?;
    let refreshed = oauth::refresh(&session.context.http, &server, refresh_token).await;
    let grant = match refreshed {
        Ok(grant) => grant,
        Err(error) => return Err(Box::pin(on_refresh_error(session, authority, error)).await),
    };
    Ok(apply_token_response(
        session.context,
        authority,
        grant,
        current,
    ))
}

/// Refreshes with the service's own call, which is sent to the origin of the session.
async fn refresh_via_service(
    session: ProfileSession<'_>,
    current: &StoredCredential,
    refresh_token: &Secret,
) -> Result<StoredCredential, ActionError> {
    let channel = Unauthenticated {
        session,
        origin: &current.origin,
    };
    let service = Service {
        descriptor: &session.target.descriptor,
        base_url: session.target.base()?.clone(),
        transport: &channel,
    };
    let grant = service
        .refresh(refresh_token)
        .await
        .map_err(|error| to_refresh_error(session.target, error))?;
    Ok(apply_session_grant(session.context, grant, current))
}
