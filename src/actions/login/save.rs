//! Storing a new sign-in, however it came about.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use crate::actions::credential::file_choice::report_profile_file;
use crate::actions::credential::key_check::find_key_fault;
use crate::actions::credential::refresh::is_refreshable;
use crate::actions::credential::select::find_shadowing_source;
use crate::actions::credential::storage_location::warn_about_stale_copy;
use crate::actions::credential::unsaved_session::on_login_not_saved;
use crate::actions::login::device::rehearse;
use crate::actions::login::password::unverified_credential;
use crate::actions::login::replace;
use crate::actions::login::verify::verify_credential;
use crate::actions::{ActionError, Context, Target, Verification};
use crate::domain::{
    Credential, CredentialKind, ProfileName, ProviderId, Scopes, Secret, StoredCredential,
};
use crate::provider::{Descriptor, KeyClass};
use crate::vault::{Profile, ProfileLock, Storage};

/// A sign-in that was stored.
#[derive(Debug, Clone, Serialize)]
pub struct LoginResult {
    /// The profile that is signed in.
    pub profile: ProfileName,
    /// Its service.
    pub provider: ProviderId,
    /// The only place the credential goes to.
    pub origin: String,
    /// Who signed in, where that is known.
    pub account: Option<String>,
    /// Who issued it, for OAuth2.
    pub issuer: Option<String>,
    /// What kind it is.
    pub kind: CredentialKind,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Whether it renews itself.
    pub refreshable: bool,
    /// What was granted.
    pub scopes: Scopes,
    /// What was asked for and not granted.
    pub missing_scopes: Scopes,
    /// Whether the service granted or confirmed it just now.
    pub verified: bool,
    /// Where a damaged file of before was put.
    pub set_aside: Option<PathBuf>,
    /// What else the user should know.
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// What is to be stored.
pub(crate) struct NewLogin {
    pub(crate) stored: StoredCredential,
    pub(crate) profile: Profile,
    pub(crate) requested_scopes: Scopes,
    /// Whether the service granted or confirmed it just now.
    pub(crate) verified: bool,
}

/// Stores a key that the user brought, once the service confirmed it.
///
/// # Errors
/// For what cannot be a key or is not of this service, for a key that the service does not accept, and whatever the settings or the disk says.
pub async fn login_with_api_key(
    context: &Context,
    key: Secret,
    storage: Option<Storage>,
    verification: Verification,
) -> Result<LoginResult, ActionError> {
    let target = Target::for_login(context, false)?;
    if let Some(fault) = find_key_fault(context, &target.descriptor, &key) {
        return Err(fault.into_login_error());
    }
    report_profile_file(context, &target);
    warn_if_unusual(context, &target.descriptor, &key);
    let credential = Credential {
        kind: CredentialKind::ApiKey,
        secret: key,
    };
    let new = unverified_credential(context, &target, credential, storage)?;
    rehearse(context, &target, storage).await?;
    let new = verify_credential(context, &target, new, verification).await?;
    save_login(context, &target, new).await
}

/// A key that only looks unusual is stored, with a warning.
fn warn_if_unusual(context: &Context, service: &Descriptor, key: &Secret) {
    let form = service.key.as_ref();
    if form.is_some_and(|form| form.classify(key) == KeyClass::Unusual) {
        context.warn(format!(
            "the key does not look as {} documents it; stored all the same",
            service.name
        ));
    }
}

/// As [`save_login`], for a session that was made just now: one that cannot be stored is ended at the server.
pub(crate) async fn save_session(
    context: &Context,
    target: &Target,
    new: NewLogin,
) -> Result<LoginResult, ActionError> {
    let stored = new.stored.clone();
    match Box::pin(save_login(context, target, new)).await {
        Err(error) => Err(Box::pin(on_login_not_saved(context, target, &stored, error)).await),
        done => done,
    }
}

/// Writes the credential and the profile's settings; what was damaged before is kept aside, not in the way.
pub(crate) async fn save_login(
    context: &Context,
    target: &Target,
    new: NewLogin,
) -> Result<LoginResult, ActionError> {
    let lock = context.vault.lock(&target.name).await?;
    replace::check_replacement(context, target, &new.stored.origin)?;
    let replaced = replace::active_credential(context, target);
    let set_aside = quarantine_damaged(context, target, &lock).await?;
    let put = Box::pin(context.vault.store(&lock, new.profile, &new.stored));
    if let Some(error) = put.await? {
        warn_about_stale_copy(context, &lock, &error);
    }
    drop(lock);
    warn_if_shadowed(context, target);
    let stored = new.stored;
    let notes = match &replaced {
        // Boxed: it is rarely needed, and would add to every future.
        Some(old) => Box::pin(replace::revoke_replaced(context, target, old, &stored)).await,
        None => None,
    };
    Ok(LoginResult {
        notes: notes.into_iter().collect(),
        profile: target.name.clone(),
        provider: stored.provider.clone(),
        origin: stored.origin.to_string(),
        kind: stored.credential.kind,
        expires_at: stored.expires_at(),
        refreshable: is_refreshable(&target.descriptor, &stored),
        missing_scopes: new.requested_scopes.missing_from(&stored.scopes),
        verified: new.verified,
        account: stored.account,
        issuer: stored.oauth_server.map(|authority| authority.issuer),
        scopes: stored.scopes,
        set_aside,
    })
}

async fn quarantine_damaged(
    context: &Context,
    target: &Target,
    lock: &ProfileLock,
) -> Result<Option<PathBuf>, ActionError> {
    let credential = context.vault.read(&target.name, Storage::File);
    let mut set_aside = None;
    if credential.is_err_and(|error| error.is_damage()) {
        set_aside = context.vault.quarantine(lock)?;
    }
    if is_index_damaged(context)? {
        set_aside = context.vault.quarantine_index().await?.or(set_aside);
    }
    Ok(set_aside)
}

/// Whether the index is damaged.
///
/// # Errors
/// When it cannot be read for another reason: then the sign-in could not be recorded either.
pub(crate) fn is_index_damaged(context: &Context) -> Result<bool, ActionError> {
    match context.vault.index() {
        Ok(_) => Ok(false),
        Err(error) if error.is_damage() => Ok(true),
        Err(other) => Err(other.into()),
    }
}

/// A key in the environment or a `.env` is used instead of what was stored just now.
fn warn_if_shadowed(context: &Context, target: &Target) {
    if let Some(source) = find_shadowing_source(context, target) {
        context.warn(format!(
            "{source} takes precedence over this sign-in; remove it to use what you signed in to"
        ));
    }
}
