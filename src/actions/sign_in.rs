//! Storing a new sign-in, however it came about.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use super::by_hand::brought;
use super::choice::report_profile;
use super::keeping::warn_of_copy;
use super::key_check::key_fault;
use super::login::rehearse;
use super::renew::renewable;
use super::replace;
use super::select::shadow;
use super::unsaved::sign_in_failed;
use super::verify::verified;
use super::{ActionError, Context, Target, Verification};
use crate::domain::{
    Credential, CredentialKind, ProfileName, ProviderId, Scopes, Secret, StoredCredential,
};
use crate::provider::{Descriptor, KeyVerdict};
use crate::vault::{Profile, ProfileLock, Storage};

/// A sign-in that was stored.
#[derive(Debug, Clone, Serialize)]
pub struct SignedIn {
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
pub(super) struct NewSignIn {
    pub(super) stored: StoredCredential,
    pub(super) kept: Profile,
    pub(super) asked: Scopes,
    /// Whether the service granted or confirmed it just now.
    pub(super) verified: bool,
}

/// Stores a key that the user brought, once the service confirmed it.
///
/// # Errors
/// For what cannot be a key or is not of this service, for a key that the service does not accept, and whatever the settings or the disk says.
pub async fn token_login(
    context: &Context,
    key: Secret,
    storage: Option<Storage>,
    verification: Verification,
) -> Result<SignedIn, ActionError> {
    let target = Target::for_login(context, false)?;
    if let Some(fault) = key_fault(context, &target.descriptor, &key) {
        return Err(fault.at_login());
    }
    report_profile(context, &target);
    warn_of_form(context, &target.descriptor, &key);
    let credential = Credential {
        kind: CredentialKind::ApiKey,
        secret: key,
    };
    let new = brought(context, &target, credential, storage)?;
    rehearse(context, &target, storage).await?;
    let new = verified(context, &target, new, verification).await?;
    store(context, &target, new).await
}

/// A key that only looks unusual is stored, with a warning.
fn warn_of_form(context: &Context, service: &Descriptor, key: &Secret) {
    let form = service.key.as_ref();
    if form.is_some_and(|form| form.judge(key) == KeyVerdict::Unusual) {
        context.warn(format!(
            "the key does not look as {} documents it; stored all the same",
            service.name
        ));
    }
}

/// As [`store`], for a session that was made just now: one that cannot be stored is ended at the server.
pub(super) async fn store_session(
    context: &Context,
    target: &Target,
    new: NewSignIn,
) -> Result<SignedIn, ActionError> {
    let stored = new.stored.clone();
    match Box::pin(store(context, target, new)).await {
        Err(error) => Err(Box::pin(sign_in_failed(context, target, &stored, error)).await),
        done => done,
    }
}

/// Writes the credential and the profile's settings; what was damaged before is kept aside, not in the way.
pub(super) async fn store(
    context: &Context,
    target: &Target,
    new: NewSignIn,
) -> Result<SignedIn, ActionError> {
    let lock = context.vault.lock(&target.profile).await?;
    replace::check(context, target, &new.stored.origin)?;
    let replaced = replace::living(context, target);
    let set_aside = set_damage_aside(context, target, &lock).await?;
    let put = Box::pin(context.vault.put(&lock, new.kept, &new.stored));
    if let Some(error) = put.await? {
        warn_of_copy(context, &lock, &error);
    }
    drop(lock);
    warn_of_shadow(context, target);
    let stored = new.stored;
    let notes = match &replaced {
        // Boxed: it is rarely needed, and would add to every future.
        Some(old) => Box::pin(replace::retire(context, target, old, &stored)).await,
        None => None,
    };
    Ok(SignedIn {
        notes: notes.into_iter().collect(),
        profile: target.profile.clone(),
        provider: stored.provider.clone(),
        origin: stored.origin.to_string(),
        kind: stored.credential.kind,
        expires_at: stored.expires_at(),
        refreshable: renewable(&target.descriptor, &stored),
        missing_scopes: new.asked.missing_from(&stored.scopes),
        verified: new.verified,
        account: stored.account,
        issuer: stored.authority.map(|authority| authority.issuer),
        scopes: stored.scopes,
        set_aside,
    })
}

async fn set_damage_aside(
    context: &Context,
    target: &Target,
    lock: &ProfileLock,
) -> Result<Option<PathBuf>, ActionError> {
    let credential = context.vault.read(&target.profile, Storage::File);
    let mut set_aside = None;
    if credential.is_err_and(|error| error.is_damage()) {
        set_aside = context.vault.set_aside(lock)?;
    }
    if index_damage(context)? {
        set_aside = context.vault.set_aside_index().await?.or(set_aside);
    }
    Ok(set_aside)
}

/// Whether the index is damaged.
///
/// # Errors
/// When it cannot be read for another reason: then the sign-in could not be recorded either.
pub(super) fn index_damage(context: &Context) -> Result<bool, ActionError> {
    match context.vault.index() {
        Ok(_) => Ok(false),
        Err(error) if error.is_damage() => Ok(true),
        Err(other) => Err(other.into()),
    }
}

/// A key in the environment or a `.env` is used instead of what was stored just now.
fn warn_of_shadow(context: &Context, target: &Target) {
    if let Some(source) = shadow(context, target) {
        context.warn(format!(
            "{source} takes precedence over this sign-in; remove it to use what you signed in to"
        ));
    }
}
