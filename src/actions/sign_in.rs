//! Storing a new sign-in, however it came about.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use super::by_hand::brought;
use super::keeping::warn_of_copy;
use super::renew::renewable;
use super::unsaved::sign_in_failed;
use super::{ActionError, Context, Target};
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
    /// Where a damaged file of before was put.
    pub set_aside: Option<PathBuf>,
}

/// What is to be stored.
pub(super) struct NewSignIn {
    pub(super) stored: StoredCredential,
    pub(super) kept: Profile,
    pub(super) asked: Scopes,
}

/// Stores a key that the user brought.
///
/// # Errors
/// For what can be no key or is not of this service, and whatever the settings or the disk says.
pub async fn token_login(
    context: &Context,
    key: Secret,
    storage: Option<Storage>,
) -> Result<SignedIn, ActionError> {
    let target = Target::for_login(context, false)?;
    if !key.is_visible_ascii() {
        return Err(ActionError::NoKey);
    }
    check_form(context, &target, &key)?;
    let credential = Credential {
        kind: CredentialKind::ApiKey,
        secret: key,
    };
    let new = brought(context, &target, credential, storage)?;
    store(context, &target, new).await
}

/// A key of another service is neither stored nor sent; one that only looks unusual is stored.
fn check_form(context: &Context, target: &Target, key: &Secret) -> Result<(), ActionError> {
    let service = &target.descriptor;
    let form = service.key.as_ref();
    match form.map(|form| form.judge(key)) {
        Some(KeyVerdict::WellFormed) => return Ok(()),
        Some(KeyVerdict::Unusual) => {
            context.warn(format!(
                "the key does not look as {} documents it; stored all the same",
                service.name
            ));
            return Ok(());
        }
        Some(KeyVerdict::Foreign) | None => {}
    }
    match (owner(context, key), form) {
        // Where a service's own keys have no form, only another's exact form tells.
        (Some((owner, verdict)), form)
            if form.is_some() || verdict == KeyVerdict::WellFormed && owner.id != service.id =>
        {
            Err(ActionError::KeyOfAnother {
                service: service.name.clone(),
                owner: owner.name,
                profile: owner.id.to_string(),
            })
        }
        (_, Some(form)) => Err(ActionError::ForeignKey {
            service: service.name.clone(),
            prefix: form.prefix.clone(),
        }),
        (_, None) => Ok(()),
    }
}

/// The service whose documented keys look like `key`, and how much.
fn owner(context: &Context, key: &Secret) -> Option<(Descriptor, KeyVerdict)> {
    let mut like: Vec<(Descriptor, KeyVerdict)> = context
        .catalog
        .ids()
        .iter()
        .filter_map(|id| context.catalog.find(&id.parse().ok()?).ok())
        .filter_map(|entry| {
            let verdict = entry.descriptor.key.as_ref()?.judge(key);
            (verdict != KeyVerdict::Foreign).then_some((entry.descriptor, verdict))
        })
        .collect();
    like.sort_by_key(|(_, verdict)| *verdict != KeyVerdict::WellFormed);
    like.into_iter().next()
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
    let set_aside = set_damage_aside(context, target, &lock).await?;
    let put = Box::pin(context.vault.put(&lock, new.kept, &new.stored));
    if let Some(error) = put.await? {
        warn_of_copy(context, &lock, &error);
    }
    drop(lock);
    warn_of_shadow(context, target);
    let stored = new.stored;
    Ok(SignedIn {
        profile: target.profile.clone(),
        provider: stored.provider.clone(),
        origin: stored.origin.to_string(),
        kind: stored.credential.kind,
        expires_at: stored.expires_at(),
        refreshable: renewable(&target.descriptor, &stored),
        missing_scopes: new.asked.missing_from(&stored.scopes),
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

/// A key in the environment goes before what was stored just now.
fn warn_of_shadow(context: &Context, target: &Target) {
    let variable = target.descriptor.environment.api_key.as_deref();
    if let Some(variable) = variable.filter(|name| context.environment.get(name).is_some()) {
        context.warn(format!(
            "{variable} is set and goes before this sign-in; unset it to use what you signed in to"
        ));
    }
}
