//! Saves a new login, whatever its method.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use crate::actions::credential::precedence::find_other_profile;
use crate::actions::credential::select::find_shadowing_source;
use crate::actions::credential::storage_location::{
    profile_with_storage, resolve_storage, warn_about_stale_copy,
};
use crate::actions::credential::unsaved_session::on_login_not_saved;
use crate::actions::login::replace;
use crate::actions::{ActionError, Context, ProfileSession};
use crate::domain::{
    Credential, CredentialEvent, CredentialKind, Expiry, OAuthServer, ProfileName, ProviderId,
    RefreshMethod, Scopes, StoredCredential,
};
use crate::vault::{Profile, ProfileLock, Storage};

#[derive(Debug, Clone, Serialize)]
pub struct LoginResult {
    pub profile: ProfileName,
    pub provider: ProviderId,
    /// The only origin that the credential is sent to.
    pub origin: String,
    pub account: Option<String>,
    /// The issuer of an OAuth session.
    pub issuer: Option<String>,
    /// The resource that the tokens are for (RFC 8707).
    pub resource: Option<String>,
    pub kind: CredentialKind,
    pub expires_at: Option<Timestamp>,
    pub refreshable: bool,
    pub scopes: Scopes,
    pub missing_scopes: Scopes,
    /// Whether the service issued or confirmed it during this login.
    pub verified: bool,
    /// The new path of a damaged file that the login replaced.
    pub set_aside: Option<PathBuf>,
    #[serde(skip)]
    pub notes: Vec<String>,
}

pub(crate) struct NewLogin {
    pub(crate) stored: StoredCredential,
    pub(crate) profile: Profile,
    pub(crate) requested_scopes: Scopes,
    /// Whether the service issued or confirmed it during this login.
    pub(crate) verified: bool,
    /// Whether the login adds scopes to the stored session of the same account.
    pub(crate) is_extension: bool,
}

/// As [`save_login`], for a session that the server issued during this login: revokes the session if it cannot be saved,
/// because no later command could.
pub(crate) async fn save_session(
    session: ProfileSession<'_>,
    new: NewLogin,
) -> Result<LoginResult, ActionError> {
    let stored = new.stored.clone();
    match Box::pin(save_login(session, new)).await {
        Err(error) => Err(Box::pin(on_login_not_saved(session, &stored, error)).await),
        done => done,
    }
}

/// Writes the credential and the profile. Quarantines damaged files.
pub(crate) async fn save_login(
    session: ProfileSession<'_>,
    new: NewLogin,
) -> Result<LoginResult, ActionError> {
    let lock = session.vault().lock(&session.target.name).await?;
    replace::check_replacement(session, &new.stored.origin)?;
    let replaced = replace::active_credential(session);
    let extended = replaced.as_ref().filter(|_| new.is_extension);
    let is_extension = replace::is_extension_of(session, extended, &new.stored)?;
    let missing_scopes = new.requested_scopes.missing_from(&new.stored.scopes);
    let set_aside = quarantine_damaged(session, &lock).await?;
    let saved = Box::pin(session.vault().store(&lock, new.profile, &new.stored));
    if let Some(error) = saved.await? {
        warn_about_stale_copy(session.context, &lock, &error);
    }
    drop(lock);
    on_stored(session, &new.stored);
    let stored = new.stored;
    let note = match &replaced {
        // Boxed to keep the futures of all callers small.
        Some(old) if is_extension => {
            let is_complete = missing_scopes.is_empty();
            Box::pin(replace::revoke_extended(session, old, &stored, is_complete)).await
        }
        Some(old) => Box::pin(replace::revoke_replaced(session, old, &stored)).await,
        None => None,
    };
    Ok(LoginResult {
        notes: note.into_iter().collect(),
        profile: session.target.name.clone(),
        provider: stored.provider.clone(),
        origin: stored.origin.to_string(),
        kind: stored.credential.kind,
        expires_at: stored.expires_at(),
        refreshable: session.can_refresh(&stored),
        missing_scopes,
        verified: new.verified,
        account: stored.account,
        resource: stored.oauth_server.as_ref().and_then(find_resource),
        issuer: stored.oauth_server.map(|authority| authority.issuer),
        scopes: stored.scopes,
        set_aside,
    })
}

fn find_resource(server: &OAuthServer) -> Option<String> {
    let protected = server.protected_resource.as_ref();
    let protected = protected.map(ToString::to_string);
    protected.or_else(|| server.client.resource.clone())
}

async fn quarantine_damaged(
    session: ProfileSession<'_>,
    lock: &ProfileLock,
) -> Result<Option<PathBuf>, ActionError> {
    let credential = session.vault().read(&session.target.name, Storage::File);
    let mut set_aside = None;
    if credential.is_err_and(|error| error.is_damage()) {
        set_aside = session.vault().quarantine(lock)?;
    }
    if is_index_damaged(session.context)? {
        set_aside = session.vault().quarantine_index().await?.or(set_aside);
    }
    Ok(set_aside)
}

/// Returns whether the index is damaged.
///
/// # Errors
/// If the index cannot be read for another reason, because the login could not be recorded.
pub(crate) fn is_index_damaged(context: &Context) -> Result<bool, ActionError> {
    match context.vault.index() {
        Ok(_) => Ok(false),
        Err(error) if error.is_damage() => Ok(true),
        Err(other) => Err(other.into()),
    }
}

fn on_stored(session: ProfileSession<'_>, stored: &StoredCredential) {
    session.record_stored(CredentialEvent::Login, Some(stored));
    warn_if_shadowed(session);
}

/// Warns if the next command would not use the new login: a key in the environment or `.env` takes precedence over it, or
/// this directory selects another profile.
fn warn_if_shadowed(session: ProfileSession<'_>) {
    let context = session.context;
    if let Some(source) = find_shadowing_source(session) {
        context.warn(format!(
            "{source} takes precedence over this login; remove it to use this login"
        ));
    } else if let Some(text) = find_other_profile(context, &session.target.name) {
        context.warn(text);
    }
}

/// Fails if the result of a login could not be written. Called before the user is asked for anything, so that no input is
/// lost. A damaged index is accepted: saving the login replaces it.
pub(crate) async fn check_can_save(
    session: ProfileSession<'_>,
    storage: Option<Storage>,
) -> Result<(), ActionError> {
    session.begin_event(CredentialEvent::Login);
    is_index_damaged(session.context)?;
    let lock = session.vault().lock(&session.target.name).await?;
    // A refreshed session that was not renamed yet must survive a failed login.
    let _ = session.vault().recover_refresh(&lock);
    let backend = resolve_storage(&session.context.config, &session.target.profile, storage);
    match Box::pin(session.vault().prepare_keyring(&lock, backend)).await {
        // Saving the login quarantines a damaged index.
        Err(error) if !error.is_damage() => return Err(error.into()),
        _ => {}
    }
    Ok(session.vault().preflight_write(&lock, backend)?)
}

/// Binds a credential that the user supplied to the service. Its lifetime is unknown.
pub(crate) fn unverified_credential(
    session: ProfileSession<'_>,
    credential: Credential,
    storage: Option<Storage>,
) -> Result<NewLogin, ActionError> {
    let base = session.target.base()?.clone();
    let mut profile = profile_with_storage(session, storage);
    let stored = StoredCredential {
        provider: session.target.descriptor.id.clone(),
        origin: base.origin(),
        credential,
        refresh_token: None,
        refresh_method: RefreshMethod::default(),
        oauth_server: None,
        expiry: Expiry::from_lifetime(session.context.now(), None),
        scopes: Scopes::default(),
        account: None,
        subject: None,
        login_method: None,
        token_id: None,
    };
    if session.target.is_base_explicit {
        profile.api_url = Some(base);
    }
    Ok(NewLogin {
        stored,
        profile,
        requested_scopes: Scopes::default(),
        verified: false,
        is_extension: false,
    })
}
