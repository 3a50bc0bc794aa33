//! Storing a new sign-in, however it came about.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use super::{ActionError, Context, Target};
use crate::domain::{
    Credential, CredentialKind, Expiry, ProfileName, ProviderId, Scopes, Secret, StoredCredential,
};
use crate::provider::KeyVerdict;
use crate::vault::{Index, Profile, ProfileLock, Storage};

/// A sign-in that was stored.
#[derive(Debug, Clone, Serialize)]
pub struct SignedIn {
    /// The profile that is signed in.
    pub profile: ProfileName,
    /// Its service.
    pub provider: ProviderId,
    /// The only place the credential goes to.
    pub origin: String,
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
/// For a key that is not of this service, and whatever the settings or the disk says.
pub async fn token_login(
    context: &Context,
    key: Secret,
    storage: Option<Storage>,
) -> Result<SignedIn, ActionError> {
    let target = Target::for_login(context, false)?;
    check_form(context, &target, &key)?;
    let base = target.base()?.clone();
    let mut kept = target.kept.clone();
    kept.storage = storage.unwrap_or(kept.storage);
    if target.base_is_explicit {
        kept.api_url = Some(base.clone());
    }
    let stored = StoredCredential {
        provider: target.descriptor.id.clone(),
        origin: base.origin(),
        credential: Credential {
            kind: CredentialKind::ApiKey,
            secret: key,
        },
        refresh_token: None,
        authority: None,
        expiry: Expiry::after(context.now(), None),
        scopes: Scopes::default(),
        account: None,
        token_id: None,
    };
    store(
        context,
        &target,
        NewSignIn {
            stored,
            kept,
            asked: Scopes::default(),
        },
    )
    .await
}

fn check_form(context: &Context, target: &Target, key: &Secret) -> Result<(), ActionError> {
    let Some(form) = &target.descriptor.key else {
        return Ok(());
    };
    let service = &target.descriptor.name;
    match form.judge(key) {
        KeyVerdict::WellFormed => {}
        KeyVerdict::Unusual => context.warn(format!(
            "the key does not look as {service} documents it; stored all the same"
        )),
        KeyVerdict::Foreign => {
            return Err(ActionError::ForeignKey {
                service: service.clone(),
                prefix: form.prefix.clone(),
            });
        }
    }
    Ok(())
}

/// Writes the credential and the profile's settings; what was damaged before is kept aside, not in the way.
pub(super) async fn store(
    context: &Context,
    target: &Target,
    new: NewSignIn,
) -> Result<SignedIn, ActionError> {
    let lock = context.vault.lock(&target.profile).await?;
    let set_aside = set_damage_aside(context, target, &lock).await?;
    context.vault.write(&lock, new.kept.storage, &new.stored)?;
    if new.kept.storage != target.kept.storage {
        context.vault.delete(&lock, target.kept.storage)?;
    }
    let (profile, kept) = (target.profile.clone(), new.kept);
    let change = |index: &mut Index| drop(index.profiles.insert(profile, kept));
    context.vault.update_index(change).await?;
    drop(lock);
    warn_of_shadow(context, target);
    let stored = new.stored;
    Ok(SignedIn {
        profile: target.profile.clone(),
        provider: stored.provider.clone(),
        origin: stored.origin.to_string(),
        kind: stored.credential.kind,
        expires_at: stored.expires_at(),
        refreshable: stored.is_refreshable(),
        missing_scopes: new.asked.missing_from(&stored.scopes),
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
