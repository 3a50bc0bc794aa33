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

use super::keeping::settle;
use super::server::server_of;
use super::unsaved::save;
use super::unsigned::Unsigned;
use super::{ActionError, Context, Target};
use crate::domain::{
    Authority, Credential, CredentialKind, Expiry, Freshness, Secret, StoredCredential,
};
use crate::http::StatusCode;
use crate::oauth::{self, Grant, OauthError};
use crate::provider::Descriptor;
use crate::service::{Service, ServiceError, SessionGrant};
use crate::vault::{ProfileLock, Storage};

/// Why a credential is renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It ends too soon for somebody who needs it for this long.
    Expiring(SignedDuration),
    /// The service refused it.
    Rejected,
    /// The user said so.
    Asked,
}

/// How a renewal went.
#[derive(Debug)]
pub enum Renewed {
    /// The server was asked.
    Refreshed(StoredCredential),
    /// Another process had done it.
    Adopted(StoredCredential),
}

impl Renewed {
    /// The credential to use from now on.
    pub fn into_stored(self) -> StoredCredential {
        match self {
            Self::Refreshed(stored) | Self::Adopted(stored) => stored,
        }
    }
}

/// Whether `stored` can be renewed at all.
pub(super) fn renewable(service: &Descriptor, stored: &StoredCredential) -> bool {
    let has_a_place = stored.authority.is_some() || service.refresh.is_some();
    stored.refresh_token.is_some() && has_a_place
}

/// Renews what was `seen`.
///
/// # Errors
/// `BUSY` when another process holds the lock for too long; `LOGIN_EXPIRED` when the server ended the session; and
/// whatever the server, the network or the disk says. None of them loses what is stored.
pub async fn renew(
    context: &Context,
    target: &Target,
    seen: &StoredCredential,
    why: Why,
) -> Result<Renewed, ActionError> {
    let lock = context.vault.lock(&target.profile).await?;
    let target = &target.at_its_place(context);
    let prepared = context.vault.prepare_keyring(&lock, target.kept.storage);
    Box::pin(prepared).await?;
    let gone = || ActionError::LoginRequired {
        profile: target.profile.to_string(),
        variable: target.descriptor.environment.api_key.clone(),
        reasons: Vec::new(),
    };
    let current = context
        .vault
        .read(&target.profile, target.kept.storage)?
        .ok_or_else(gone)?;
    if !is_same_place(&current, seen) {
        return Err(gone());
    }
    let (current, lost) = after_a_lost_one(context, target, &lock, current)?;
    if current.credential != seen.credential && suffices(context, &current, why) {
        return Ok(Renewed::Adopted(current));
    }
    if is_too_early(context, target, &current, why) {
        return Ok(Renewed::Adopted(current));
    }
    let work = refresh(context, target, &lock, &current, lost);
    match context.shield.around(work).await {
        Err(error) if ends_it(&error) => refused(context, target, &lock, current, (why, lost)),
        other => {
            let renewed = other?;
            Box::pin(settle(context, &lock)).await;
            Ok(Renewed::Refreshed(renewed))
        }
    }
}

/// What is stored, and when a renewal of it began of which nobody knows the end. Where the process that did it died with
/// the answer written and not yet in its place, that is what is stored.
fn after_a_lost_one(
    context: &Context,
    target: &Target,
    lock: &ProfileLock,
    current: StoredCredential,
) -> Result<(StoredCredential, Option<Timestamp>), ActionError> {
    let token = current.refresh_token.as_ref();
    let lost = token.and_then(|token| lock.spent_at(token));
    if lost.is_none() || target.kept.storage != Storage::File {
        return Ok((current, lost));
    }
    let rescued = context.vault.rescue(lock, &current)?;
    Ok(rescued.map_or((current, lost), |rescued| (rescued, None)))
}

/// Whether a refresh would be spent in vain: the service allows a few an hour, this credential is newer than the distance
/// between two of them, and a new one would not be much newer. One that is over, or that the user wants renewed in any
/// case, is.
fn is_too_early(context: &Context, target: &Target, current: &StoredCredential, why: Why) -> bool {
    let limit = target.descriptor.refresh.as_ref();
    let limit = limit.and_then(|call| call.at_most_per_hour);
    let Some(limit) = limit.filter(|_| current.authority.is_none()) else {
        return false;
    };
    let distance = SignedDuration::from_hours(1) / i32::try_from(limit.max(1)).unwrap_or(i32::MAX);
    let age = context.now().duration_since(current.expiry.issued_at);
    let ends = current
        .expiry
        .at(context.moment_for(current), SignedDuration::ZERO)
        != Freshness::Fresh;
    why != Why::Asked && !ends && age < distance
}

fn ends_it(error: &ActionError) -> bool {
    matches!(
        error,
        ActionError::Oauth(OauthError::InvalidGrant { .. })
            | ActionError::Service(ServiceError::SessionEnded(_))
    )
}

/// The server no longer takes the refresh token. What the disk holds now decides: somebody who heeds no lock (a restored
/// backup, a synchronised home directory) may have put a living session there, and somebody may have deleted it. Where
/// the answer to an earlier renewal was `lost`, that is the reason.
fn refused(
    context: &Context,
    target: &Target,
    lock: &ProfileLock,
    dead: StoredCredential,
    (why, lost): (Why, Option<Timestamp>),
) -> Result<Renewed, ActionError> {
    let storage = target.kept.storage;
    let profile = target.profile.to_string();
    let ended = || ActionError::LoginExpired {
        profile: profile.clone(),
    };
    let found = context.vault.read(&target.profile, storage)?;
    let found = found.ok_or_else(ended)?;
    if found.refresh_token != dead.refresh_token {
        let lives = is_same_place(&found, &dead) && suffices(context, &found, why);
        return lives.then_some(Renewed::Adopted(found)).ok_or_else(ended);
    }
    let refresh_token = None;
    let dead = StoredCredential {
        refresh_token,
        ..dead
    };
    context.vault.write(lock, storage, &dead)?;
    Err(
        lost.map_or_else(ended, |began_at| ActionError::RenewalLost {
            profile: profile.clone(),
            began_at,
        }),
    )
}

/// Whether one may stand in for the other.
fn is_same_place(one: &StoredCredential, other: &StoredCredential) -> bool {
    one.provider == other.provider && one.origin == other.origin
}

fn suffices(context: &Context, current: &StoredCredential, why: Why) -> bool {
    let min_ttl = match why {
        Why::Expiring(min_ttl) => min_ttl,
        Why::Rejected | Why::Asked => SignedDuration::ZERO,
    };
    current.expiry.at(context.moment_for(current), min_ttl) == Freshness::Fresh
}

/// One refresh, with a note in the journal from before it until it is stored, or until it is sure that the server did not
/// renew anything. A note of an earlier one that was `lost` stays.
async fn refresh(
    context: &Context,
    target: &Target,
    lock: &ProfileLock,
    current: &StoredCredential,
    lost: Option<Timestamp>,
) -> Result<StoredCredential, ActionError> {
    let Some(refresh_token) = &current.refresh_token else {
        return Err(ActionError::LoginExpired {
            profile: target.profile.to_string(),
        });
    };
    let reserved = context.vault.reserve(lock, target.kept.storage)?;
    lock.spend(refresh_token, context.now())?;
    let answer = ask(context, target, current, refresh_token).await;
    let not_spent = |error: &ActionError| lost.is_none() && !error.may_have_happened();
    if answer.as_ref().is_err_and(not_spent) {
        lock.settle();
    }
    // Boxed: every future that may refresh would grow by it.
    Box::pin(save(context, target, (lock, reserved), current, answer?)).await
}

async fn ask(
    context: &Context,
    target: &Target,
    current: &StoredCredential,
    refresh_token: &Secret,
) -> Result<StoredCredential, ActionError> {
    let Some(authority) = &current.authority else {
        return refresh_own(context, target, current, refresh_token).await;
    };
    let server = server_of(context, target, authority);
    let server = server.map_err(|error| not_renewed(target, error))?;
    let grant = oauth::refresh(&context.http, &server, refresh_token)
        .await
        .map_err(|error| not_renewed(target, error))?;
    Ok(granted(context, authority, grant, current))
}

/// A refusal without an error code, as some servers send it for a dead refresh token, ends nothing here, but it is
/// told as what it most likely is.
fn not_renewed(target: &Target, error: OauthError) -> ActionError {
    match error {
        OauthError::Refused {
            error: None,
            status: StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED,
            ..
        }
        | OauthError::ForeignEndpoint { .. } => ActionError::NotRenewed {
            profile: target.profile.to_string(),
            source: Box::new(error),
        },
        other => other.into(),
    }
}

/// By the service's own call, at the session's own origin.
async fn refresh_own(
    context: &Context,
    target: &Target,
    current: &StoredCredential,
    refresh_token: &Secret,
) -> Result<StoredCredential, ActionError> {
    let channel = Unsigned {
        context,
        origin: &current.origin,
    };
    let service = Service {
        descriptor: &target.descriptor,
        base: target.base()?.clone(),
        channel: &channel,
    };
    let grant = service.refresh(refresh_token).await?;
    Ok(handed_out(context, grant, current))
}

/// What the service's `grant` amounts to. What it leaves out stays as it was `before`.
fn handed_out(
    context: &Context,
    grant: SessionGrant,
    before: &StoredCredential,
) -> StoredCredential {
    StoredCredential {
        expiry: grant.expiry(context.moment_for(before)),
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
pub(super) fn granted(
    context: &Context,
    authority: &Authority,
    grant: Grant,
    before: &StoredCredential,
) -> StoredCredential {
    let issuer = authority.token_endpoint.origin().ascii_serialization();
    StoredCredential {
        credential: Credential {
            kind: CredentialKind::AccessToken,
            secret: grant.access_token,
        },
        refresh_token: grant.refresh_token.or_else(|| before.refresh_token.clone()),
        authority: Some(authority.clone()),
        expiry: Expiry::after(context.moment_at(&issuer), grant.expires_in),
        scopes: grant.scopes.unwrap_or_else(|| before.scopes.clone()),
        ..before.clone()
    }
}
