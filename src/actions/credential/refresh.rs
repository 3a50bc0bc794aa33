//! Renewing a session, once, however many processes want to (RFC 6749 §6, RFC 9700 §2.2.2), by OAuth2 or by the service's
//! own call.
//!
//! Lock, then read the disk again, then adopt what another process renewed meanwhile, or refresh with what was read.
//! The room for the result is taken before the server is asked, and the result is saved before it is used. Only `invalid_grant`, or
//! the service's word that a refresh token of its own is dead, ends a session, and only when the disk still holds the
//! token that was refused. Where the service limits refreshes, they keep a distance.
//!
//! The lock's journal says that a token is being spent until what came of it is stored. A session that is refused after a
//! renewal whose answer was lost is told so.

use jiff::{SignedDuration, Timestamp};

use crate::actions::credential::storage_location::migrate_to_configured_storage;
use crate::actions::credential::unsaved_session::save_refreshed;
use crate::actions::login::authorization_server::session_server;
use crate::actions::login::unauthenticated::Unauthenticated;
use crate::actions::{ActionError, Context, Target};
use crate::domain::{
    Credential, CredentialKind, Expiry, Freshness, OAuthServer, Secret, StoredCredential,
};
use crate::http::StatusCode;
use crate::oauth::{self, OauthError, TokenResponse};
use crate::provider::Descriptor;
use crate::service::{Service, ServiceError, SessionGrant};
use crate::vault::{ProfileLock, Storage};

/// Why a credential is renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshReason {
    /// It ends too soon for somebody who needs it for this long.
    Expiring(SignedDuration),
    /// The service refused it.
    Rejected,
    /// The user said so.
    Requested,
}

/// How a renewal went.
#[derive(Debug)]
pub enum RefreshOutcome {
    /// The server was asked.
    Refreshed(StoredCredential),
    /// Another process had done it.
    AlreadyRefreshed(StoredCredential),
}

impl RefreshOutcome {
    /// The credential to use from now on.
    pub fn into_stored(self) -> StoredCredential {
        match self {
            Self::Refreshed(stored) | Self::AlreadyRefreshed(stored) => stored,
        }
    }
}

/// Whether `stored` can be renewed at all.
pub(crate) fn is_refreshable(service: &Descriptor, stored: &StoredCredential) -> bool {
    let has_a_place = stored.oauth_server.is_some() || service.refresh.is_some();
    stored.refresh_token.is_some() && has_a_place
}

/// Renews what was `seen`.
///
/// # Errors
/// `BUSY` when another process holds the lock for too long; `LOGIN_EXPIRED` when the server ended the session; and
/// whatever the server, the network or the disk says. None of them loses what is stored.
pub async fn refresh_session(
    context: &Context,
    target: &Target,
    seen: &StoredCredential,
    why: RefreshReason,
) -> Result<RefreshOutcome, ActionError> {
    let lock = context.vault.lock(&target.name).await?;
    let target = &target.reload_storage(context);
    let prepared = context.vault.prepare_keyring(&lock, target.profile.storage);
    Box::pin(prepared).await?;
    let gone = || ActionError::LoginRequired {
        profile: target.name.to_string(),
        variable: target.descriptor.environment.api_key.clone(),
        reasons: Vec::new(),
    };
    let current = context
        .vault
        .read(&target.name, target.profile.storage)?
        .ok_or_else(gone)?;
    if !is_same_origin(&current, seen) {
        return Err(gone());
    }
    let (current, lost) = recover_interrupted_refresh(context, target, &lock, current)?;
    if current.credential != seen.credential && is_fresh_enough(context, &current, why) {
        return Ok(RefreshOutcome::AlreadyRefreshed(current));
    }
    if is_throttled(context, target, &current, why) {
        return Ok(RefreshOutcome::AlreadyRefreshed(current));
    }
    let work = refresh_with_journal(context, target, &lock, &current, lost);
    match context.shutdown_guard.protect(work).await {
        Err(error) if is_session_revoked(&error) => {
            on_invalid_grant(context, target, &lock, current, (why, lost))
        }
        other => {
            let renewed = other?;
            Box::pin(migrate_to_configured_storage(context, &lock)).await;
            Ok(RefreshOutcome::Refreshed(renewed))
        }
    }
}

/// What is stored, and when a renewal of it began of which nobody knows the end. Where the process that did it died with
/// the answer written and not yet in its place, that is what is stored.
fn recover_interrupted_refresh(
    context: &Context,
    target: &Target,
    lock: &ProfileLock,
    current: StoredCredential,
) -> Result<(StoredCredential, Option<Timestamp>), ActionError> {
    let token = current.refresh_token.as_ref();
    let lost = token.and_then(|token| lock.interrupted_refresh(token));
    if lost.is_none() || target.profile.storage != Storage::File {
        return Ok((current, lost));
    }
    let rescued = context.vault.recover_written_credential(lock, &current)?;
    Ok(rescued.map_or((current, lost), |rescued| (rescued, None)))
}

/// Whether a refresh would be spent in vain: the service allows a few an hour, this credential is newer than the distance
/// between two of them, and a new one would not be much newer. One that is over, or that the user wants renewed in any
/// case, is.
fn is_throttled(
    context: &Context,
    target: &Target,
    current: &StoredCredential,
    why: RefreshReason,
) -> bool {
    let limit = target.descriptor.refresh.as_ref();
    let limit = limit.and_then(|call| call.at_most_per_hour);
    let Some(limit) = limit.filter(|_| current.oauth_server.is_none()) else {
        return false;
    };
    let distance = SignedDuration::from_hours(1) / i32::try_from(limit.max(1)).unwrap_or(i32::MAX);
    let age = context.now().duration_since(current.expiry.issued_at);
    let ends = current
        .expiry
        .freshness_at(context.clock_reading_for(current), SignedDuration::ZERO)
        != Freshness::Fresh;
    why != RefreshReason::Requested && !ends && age < distance
}

fn is_session_revoked(error: &ActionError) -> bool {
    matches!(
        error,
        ActionError::Oauth(OauthError::InvalidGrant { .. })
            | ActionError::Service(ServiceError::RefreshTokenRejected(_))
    )
}

/// The server no longer takes the refresh token. What the disk holds now decides: somebody who heeds no lock (a restored
/// backup, a synchronised home directory) may have put a living session there, and somebody may have deleted it. Where
/// the answer to an earlier renewal was `lost`, that is the reason.
fn on_invalid_grant(
    context: &Context,
    target: &Target,
    lock: &ProfileLock,
    dead: StoredCredential,
    (why, lost): (RefreshReason, Option<Timestamp>),
) -> Result<RefreshOutcome, ActionError> {
    let storage = target.profile.storage;
    let profile = target.name.to_string();
    let ended = || ActionError::LoginExpired {
        profile: profile.clone(),
    };
    let found = context.vault.read(&target.name, storage)?;
    let found = found.ok_or_else(ended)?;
    if found.refresh_token != dead.refresh_token {
        let lives = is_same_origin(&found, &dead) && is_fresh_enough(context, &found, why);
        return lives
            .then_some(RefreshOutcome::AlreadyRefreshed(found))
            .ok_or_else(ended);
    }
    let refresh_token = None;
    let dead = StoredCredential {
        refresh_token,
        ..dead
    };
    context.vault.write(lock, storage, &dead)?;
    Err(
        lost.map_or_else(ended, |began_at| ActionError::RefreshInterrupted {
            profile: profile.clone(),
            began_at,
        }),
    )
}

/// Whether one may stand in for the other.
fn is_same_origin(one: &StoredCredential, other: &StoredCredential) -> bool {
    one.provider == other.provider && one.origin == other.origin
}

fn is_fresh_enough(context: &Context, current: &StoredCredential, why: RefreshReason) -> bool {
    let min_ttl = match why {
        RefreshReason::Expiring(min_ttl) => min_ttl,
        RefreshReason::Rejected | RefreshReason::Requested => SignedDuration::ZERO,
    };
    current
        .expiry
        .freshness_at(context.clock_reading_for(current), min_ttl)
        == Freshness::Fresh
}

/// One refresh, with a note in the journal from before it until it is stored, or until it is sure that the server did not
/// renew anything. A note of an earlier one that was `lost` stays.
async fn refresh_with_journal(
    context: &Context,
    target: &Target,
    lock: &ProfileLock,
    current: &StoredCredential,
    lost: Option<Timestamp>,
) -> Result<StoredCredential, ActionError> {
    let Some(refresh_token) = &current.refresh_token else {
        return Err(ActionError::LoginExpired {
            profile: target.name.to_string(),
        });
    };
    let reserved = context.vault.reserve(lock, target.profile.storage)?;
    lock.begin_refresh(refresh_token, context.now())?;
    let answer = request_refresh(context, target, current, refresh_token).await;
    let not_spent = |error: &ActionError| lost.is_none() && !error.may_have_been_processed();
    if answer.as_ref().is_err_and(not_spent) {
        lock.end_refresh();
    }
    // Boxed: every future that may refresh would grow by it.
    Box::pin(save_refreshed(
        context,
        target,
        (lock, reserved),
        current,
        answer?,
    ))
    .await
}

async fn request_refresh(
    context: &Context,
    target: &Target,
    current: &StoredCredential,
    refresh_token: &Secret,
) -> Result<StoredCredential, ActionError> {
    let Some(authority) = &current.oauth_server else {
        return refresh_via_service(context, target, current, refresh_token).await;
    };
    let server = session_server(context, target, authority);
    let server = server.map_err(|error| to_refresh_error(target, error))?;
    let grant = oauth::refresh(&context.http, &server, refresh_token)
        .await
        .map_err(|error| to_refresh_error(target, error))?;
    Ok(apply_token_response(context, authority, grant, current))
}

/// A refusal without an error code, as some servers send it for a dead refresh token, ends nothing here, but it is
/// told as what it most likely is.
fn to_refresh_error(target: &Target, error: OauthError) -> ActionError {
    match error {
        OauthError::Refused {
            error: None,
            status: StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED,
            ..
        }
        | OauthError::ForeignEndpoint { .. } => ActionError::RefreshRejected {
            profile: target.name.to_string(),
            source: Box::new(error),
        },
        other => other.into(),
    }
}

/// By the service's own call, at the session's own origin.
async fn refresh_via_service(
    context: &Context,
    target: &Target,
    current: &StoredCredential,
    refresh_token: &Secret,
) -> Result<StoredCredential, ActionError> {
    let channel = Unauthenticated {
        context,
        origin: &current.origin,
    };
    let service = Service {
        descriptor: &target.descriptor,
        base_url: target.base()?.clone(),
        transport: &channel,
    };
    let grant = service.refresh(refresh_token).await?;
    Ok(apply_session_grant(context, grant, current))
}

/// What the service's `grant` amounts to. What it leaves out stays as it was `before`.
fn apply_session_grant(
    context: &Context,
    grant: SessionGrant,
    before: &StoredCredential,
) -> StoredCredential {
    StoredCredential {
        expiry: grant.expiry(context.clock_reading_for(before)),
        credential: Credential {
            kind: before.credential.kind,
            secret: grant.secret,
        },
        refresh_token: grant.refresh_token.or_else(|| before.refresh_token.clone()),
        account: grant.account.or_else(|| before.account.clone()),
        token_id: grant.token_id.or_else(|| before.token_id.clone()),
        ..before.clone()
    }
}

/// What `grant` amounts to. What it leaves out stays as it was `before` (RFC 6749 §6).
pub(crate) fn apply_token_response(
    context: &Context,
    authority: &OAuthServer,
    grant: TokenResponse,
    before: &StoredCredential,
) -> StoredCredential {
    let issuer = authority.token_endpoint.origin().ascii_serialization();
    StoredCredential {
        credential: Credential {
            kind: CredentialKind::AccessToken,
            secret: grant.access_token,
        },
        refresh_token: grant.refresh_token.or_else(|| before.refresh_token.clone()),
        oauth_server: Some(authority.clone()),
        expiry: Expiry::from_lifetime(context.clock_reading_at(&issuer), grant.expires_in),
        scopes: grant.scopes.unwrap_or_else(|| before.scopes.clone()),
        ..before.clone()
    }
}
