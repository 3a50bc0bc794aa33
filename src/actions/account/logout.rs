//! Logout: revokes the session at the server (RFC 7009, the refresh token first), then deletes it here.

use serde::Serialize;

use crate::actions::credential::client::send_with_credential;
use crate::actions::credential::file_choice::report_profile_file;
use crate::actions::credential::select::find_shadowing_source;
use crate::actions::login::authorization_server::session_server;
use crate::actions::{ActionError, ProfileSession, ResolvedCredential, Source};
use crate::domain::{CredentialKind, OAuthServer, ProfileName, StoredCredential};
use crate::http::{Request, Response};
use crate::oauth::{self, OauthError, TokenHint};
use crate::service::{ApiError, ApiErrorKind, ApiTransport, Service, ServiceError};
use crate::vault::{ProfileLock, VaultError};

/// How the server responded to the revocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "reason")]
pub enum RevocationOutcome {
    Revoked,
    Refused(String),
    /// The service documents no call that revokes it.
    NotOffered,
    /// The user asked for a local logout, or nothing was stored.
    NotAsked,
}

#[derive(Debug, Clone, Serialize)]
pub struct LogoutResult {
    pub profile: ProfileName,
    /// What was stored.
    pub kind: Option<CredentialKind>,
    pub server: RevocationOutcome,
    /// Whether a stored credential was deleted.
    pub deleted: bool,
}

impl ProfileSession<'_> {
    /// Signs the profile out. With `local`, sends nothing.
    ///
    /// # Errors
    /// `SessionNotRevoked` if the server could not be reached: the credential is deleted here. `CopyNotDeleted` if a copy
    /// could not be deleted.
    pub async fn logout(self, local: bool) -> Result<LogoutResult, ActionError> {
        report_profile_file(self);
        let lock = self.vault().lock(&self.target.name).await?;
        let target = self.target.reload_storage(self.context);
        let session = self.context.session(&target);
        // A refreshed session that was not renamed yet is the one to revoke.
        let _ = session.vault().recover_refresh(&lock);
        let prepared = session.vault().prepare_keyring(&lock, session.storage());
        match Box::pin(prepared).await {
            Err(error) if !error.is_damage() => return Err(error.into()),
            _ => {}
        }
        let stored = read_or_quarantine(session, &lock)?;
        let asked = match &stored {
            Some(stored) if !local => revoke_session(session, stored).await,
            _ => Ok(RevocationOutcome::NotAsked),
        };
        let deleted = match session.vault().delete(&lock, session.storage()) {
            Ok(deleted) => deleted || stored.is_some(),
            Err(error) if matches!(asked, Ok(RevocationOutcome::Revoked)) => {
                return Err(ActionError::CopyNotDeleted(error));
            }
            Err(error) => return Err(error.into()),
        };
        let copy = delete_stale_copy(session, &lock, (stored.as_ref(), local)).await;
        let deleted = deleted | copy.map_err(ActionError::CopyNotDeleted)?;
        warn_if_still_authenticated(session);
        match asked {
            Ok(server) => Ok(LogoutResult {
                profile: session.target.name.clone(),
                kind: stored.as_ref().map(|stored| stored.credential.kind),
                server,
                deleted,
            }),
            Err(error) => Err(ActionError::SessionNotRevoked(Box::new(error))),
        }
    }
}

/// A key from a variable or `.env` stays in use after logout.
fn warn_if_still_authenticated(session: ProfileSession<'_>) {
    if let Some(source) = find_shadowing_source(session) {
        session.context.warn(format!(
            "{source} is still set and stays in use; remove it to sign out completely"
        ));
    }
}

/// Quarantines a damaged credential.
fn read_or_quarantine(
    session: ProfileSession<'_>,
    lock: &ProfileLock,
) -> Result<Option<StoredCredential>, ActionError> {
    match session.read_stored() {
        Ok(stored) => Ok(stored),
        Err(damage) if damage.is_damage() => {
            let aside = session.vault().quarantine(lock)?;
            let place = aside
                .map(|path| format!("; it is kept as {}", path.display()))
                .unwrap_or_default();
            session.context.warn(format!("{damage}{place}"));
            Ok(None)
        }
        Err(other) => Err(other.into()),
    }
}

/// Deletes the copy that an interrupted migration may have left. Returns whether there was one. Revokes a session that
/// only the copy holds, if possible.
async fn delete_stale_copy(
    session: ProfileSession<'_>,
    lock: &ProfileLock,
    (stored, local): (Option<&StoredCredential>, bool),
) -> Result<bool, VaultError> {
    let copy = session.vault().stale_copy(lock, &session.target.profile)?;
    if let Some(copy) = copy.as_ref().filter(|copy| !local && Some(*copy) != stored) {
        let _ended = revoke_session(session, copy).await;
    }
    session
        .vault()
        .delete_stale_copy(lock, session.target.profile.clone())
        .await?;
    Ok(copy.is_some())
}

/// Revokes `stored` at the server that issued it.
pub(crate) async fn revoke_session(
    session: ProfileSession<'_>,
    stored: &StoredCredential,
) -> Result<RevocationOutcome, ActionError> {
    if let Some(authority) = &stored.oauth_server {
        return revoke_oauth_tokens(session, authority, stored).await;
    }
    let call = session.target.descriptor.logout.as_ref();
    let Some(call) = call.filter(|call| call.ends.contains(&stored.credential.kind)) else {
        return Ok(RevocationOutcome::NotOffered);
    };
    if call.call.needs_id() && stored.token_id.is_none() {
        let reason = "the id of the session is unknown";
        return Ok(RevocationOutcome::Refused(reason.to_owned()));
    }
    let base = session.target.base()?.clone();
    let selected = ResolvedCredential {
        source: Source::Stored,
        base,
        credential: stored.credential.clone(),
        stored: Some(stored.clone()),
    };
    let channel = Once {
        session,
        selected: &selected,
    };
    let service = Service {
        descriptor: &session.target.descriptor,
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

/// Returns true if a retry would fail in the same way.
fn is_permanent(refusal: &ApiError) -> bool {
    refusal.kind != ApiErrorKind::RateLimited && refusal.status < 500
}

/// Revokes the refresh token first, because it creates access tokens. Servers may revoke the access token with it.
async fn revoke_oauth_tokens(
    session: ProfileSession<'_>,
    authority: &OAuthServer,
    stored: &StoredCredential,
) -> Result<RevocationOutcome, ActionError> {
    let server = match session_server(session, authority) {
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
        match oauth::revoke(&session.context.http, &server, token, hint).await {
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

/// A session that is being revoked must not be refreshed.
struct Once<'a> {
    session: ProfileSession<'a>,
    selected: &'a ResolvedCredential,
}

impl ApiTransport for Once<'_> {
    type Error = ActionError;

    async fn send(&self, request: Request) -> Result<Response, ActionError> {
        send_with_credential(self.session, request, self.selected).await
    }
}
