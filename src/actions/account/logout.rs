//! Signing out: the server first (RFC 7009, refresh token before access token), then here.

use serde::Serialize;

use crate::actions::credential::client::send_with_credential;
use crate::actions::credential::file_choice::report_profile_file;
use crate::actions::credential::select::find_shadowing_source;
use crate::actions::login::authorization_server::session_server;
use crate::actions::{ActionError, Context, ResolvedCredential, Source, Target};
use crate::domain::{CredentialKind, OAuthServer, ProfileName, StoredCredential};
use crate::http::{Request, Response};
use crate::oauth::{self, OauthError, TokenHint};
use crate::service::{ApiError, ApiErrorKind, ApiTransport, Service, ServiceError};
use crate::vault::{ProfileLock, VaultError};

/// What the server made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "reason")]
pub enum RevocationOutcome {
    /// The session is over there too.
    Revoked,
    /// The server would not end it.
    Refused(String),
    /// The service documents no way to end it.
    NotOffered,
    /// The user wanted it so, or there was nothing to end.
    NotAsked,
}

/// Both facts of a logout.
#[derive(Debug, Clone, Serialize)]
pub struct LogoutResult {
    /// The profile.
    pub profile: ProfileName,
    /// What was stored here.
    pub kind: Option<CredentialKind>,
    /// What the server made of it.
    pub server: RevocationOutcome,
    /// Whether something was stored here, and is gone now.
    pub deleted: bool,
}

/// Signs `target` out; with `local`, the server is not asked.
///
/// # Errors
/// `SessionNotRevoked` when the server could not be reached: then it is gone here, but not there. `CopyNotDeleted` when a copy
/// could not be deleted.
pub async fn logout(
    context: &Context,
    target: &Target,
    local: bool,
) -> Result<LogoutResult, ActionError> {
    report_profile_file(context, target);
    let lock = context.vault.lock(&target.name).await?;
    let target = &target.reload_storage(context);
    // The session to end is the refreshed one, if that was not put in its place yet.
    let _ = context.vault.recover_refresh(&lock);
    match Box::pin(context.vault.prepare_keyring(&lock, target.profile.storage)).await {
        Err(error) if !error.is_damage() => return Err(error.into()),
        _ => {}
    }
    let stored = read_stored(context, target, &lock)?;
    let asked = match &stored {
        Some(stored) if !local => revoke_session(context, target, stored).await,
        _ => Ok(RevocationOutcome::NotAsked),
    };
    let deleted = match context.vault.delete(&lock, target.profile.storage) {
        Ok(deleted) => deleted || stored.is_some(),
        Err(error) if matches!(asked, Ok(RevocationOutcome::Revoked)) => {
            return Err(ActionError::CopyNotDeleted(error));
        }
        Err(error) => return Err(error.into()),
    };
    let copy = delete_stale_copy(context, target, &lock, (stored.as_ref(), local)).await;
    let deleted = deleted | copy.map_err(ActionError::CopyNotDeleted)?;
    warn_if_still_authenticated(context, target);
    match asked {
        Ok(server) => Ok(LogoutResult {
            profile: target.name.clone(),
            kind: stored.as_ref().map(|stored| stored.credential.kind),
            server,
            deleted,
        }),
        Err(error) => Err(ActionError::SessionNotRevoked(Box::new(error))),
    }
}

/// A key that is not stored is not deleted, and goes on being used.
fn warn_if_still_authenticated(context: &Context, target: &Target) {
    if let Some(source) = find_shadowing_source(context, target) {
        context.warn(format!(
            "{source} is still set, and commands here go on using it; remove it to be signed out"
        ));
    }
}

/// What is stored; what is damaged is kept aside.
fn read_stored(
    context: &Context,
    target: &Target,
    lock: &ProfileLock,
) -> Result<Option<StoredCredential>, ActionError> {
    match context.vault.read(&target.name, target.profile.storage) {
        Ok(stored) => Ok(stored),
        Err(damage) if damage.is_damage() => {
            let aside = context.vault.quarantine(lock)?;
            let place = aside
                .map(|path| format!("; it is kept as {}", path.display()))
                .unwrap_or_default();
            context.warn(format!("{damage}{place}"));
            Ok(None)
        }
        Err(other) => Err(other.into()),
    }
}

/// Deletes the copy that a change of place which was cut short may have left; whether there was one. A session of its own is
/// ended at its server first, as far as it goes.
async fn delete_stale_copy(
    context: &Context,
    target: &Target,
    lock: &ProfileLock,
    (stored, local): (Option<&StoredCredential>, bool),
) -> Result<bool, VaultError> {
    let copy = context.vault.stale_copy(lock, &target.profile)?;
    if let Some(copy) = copy.as_ref().filter(|copy| !local && Some(*copy) != stored) {
        let _ended = revoke_session(context, target, copy).await;
    }
    context
        .vault
        .delete_stale_copy(lock, target.profile.clone())
        .await?;
    Ok(copy.is_some())
}

/// Ends `stored` where it came from.
pub(crate) async fn revoke_session(
    context: &Context,
    target: &Target,
    stored: &StoredCredential,
) -> Result<RevocationOutcome, ActionError> {
    if let Some(authority) = &stored.oauth_server {
        return revoke_oauth_tokens(context, target, authority, stored).await;
    }
    let call = target.descriptor.logout.as_ref();
    let Some(call) = call.filter(|call| call.ends.contains(&stored.credential.kind)) else {
        return Ok(RevocationOutcome::NotOffered);
    };
    if call.call.needs_id() && stored.token_id.is_none() {
        let reason = "it ends a session by its id, which the login did not tell";
        return Ok(RevocationOutcome::Refused(reason.to_owned()));
    }
    let base = target.base()?.clone();
    let selected = ResolvedCredential {
        source: Source::Stored,
        base,
        credential: stored.credential.clone(),
        stored: Some(stored.clone()),
    };
    let channel = Once {
        context,
        target,
        selected: &selected,
    };
    let service = Service {
        descriptor: &target.descriptor,
        base_url: selected.base.clone(),
        transport: &channel,
    };
    match service.logout(stored.token_id.as_deref()).await {
        Ok(()) => Ok(RevocationOutcome::Revoked),
        Err(ActionError::Service(ServiceError::Api(refusal))) if is_permanent(&refusal) => {
            Ok(RevocationOutcome::Refused(refusal.to_string()))
        }
        Err(other) => Err(other),
    }
}

/// Whether asking again later would come to the same.
fn is_permanent(refusal: &ApiError) -> bool {
    refusal.kind != ApiErrorKind::RateLimited && refusal.status < 500
}

/// The refresh token first: with it gone, nothing new can be made. The access token may be gone with it by then.
async fn revoke_oauth_tokens(
    context: &Context,
    target: &Target,
    authority: &OAuthServer,
    stored: &StoredCredential,
) -> Result<RevocationOutcome, ActionError> {
    let server = match session_server(context, target, authority) {
        Ok(server) => server,
        Err(error) => return Ok(RevocationOutcome::Refused(error.to_string())),
    };
    let access = (&stored.credential.secret, TokenHint::AccessToken);
    let refresh = stored
        .refresh_token
        .as_ref()
        .map(|token| (token, TokenHint::RefreshToken));
    let mut outcome = RevocationOutcome::Revoked;
    for (token, hint) in refresh.into_iter().chain([access]) {
        match oauth::revoke(&context.http, &server, token, hint).await {
            Err(OauthError::NoEndpoint { .. }) => return Ok(RevocationOutcome::NotOffered),
            Err(error) if error.is_transient() || matches!(error, OauthError::Http(_)) => {
                return Err(error.into());
            }
            Err(error) if hint == TokenHint::RefreshToken || stored.refresh_token.is_none() => {
                outcome = RevocationOutcome::Refused(error.to_string());
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(outcome)
}

/// Sends with the stored credential as it is: a session on its way out is not renewed.
struct Once<'a> {
    context: &'a Context,
    target: &'a Target,
    selected: &'a ResolvedCredential,
}

impl ApiTransport for Once<'_> {
    type Error = ActionError;

    async fn send(&self, request: Request) -> Result<Response, ActionError> {
        send_with_credential(self.context, self.target, request, self.selected).await
    }
}
