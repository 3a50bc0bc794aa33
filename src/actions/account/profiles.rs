//! The accounts: those that were made, and those that come with the services.

use serde::Serialize;

use crate::actions::{ActionError, Context, Target};
use crate::domain::{ProfileName, ProviderId};
use crate::vault::{Profile, ProfileIndex, Storage, VaultError};

/// One profile as its owner sees it.
#[derive(Debug, Clone, Serialize)]
pub struct ProfileView {
    /// Its name.
    pub profile: ProfileName,
    /// Its service.
    pub provider: ProviderId,
    /// Whether it is used when none is named.
    pub current: bool,
    /// Where the service is.
    pub api_url: Option<String>,
    /// The authorization server, where the user named one.
    pub issuer: Option<String>,
    /// The client, where the user named one.
    pub client_id: Option<String>,
    /// Where its credential is kept.
    pub storage: Storage,
    /// Whether a credential is stored for it.
    pub signed_in: bool,
}

/// All profiles, sorted by name.
///
/// # Errors
/// What reading the index or a description says.
pub fn list_profiles(context: &Context) -> Result<Vec<ProfileView>, ActionError> {
    let index = context.vault.index()?;
    let current = Target::resolve(context)?.name;
    let built_in = context.catalog.ids();
    let built_in = built_in.iter().filter_map(|id| id.parse().ok());
    let mut names: Vec<ProfileName> = index.profiles.keys().cloned().chain(built_in).collect();
    names.sort();
    names.dedup();
    let mut views = Vec::with_capacity(names.len());
    for name in names {
        match build_view(context, &index, name, &current) {
            Ok(view) => views.push(view),
            Err(ActionError::NotInSandbox { .. }) => {}
            // One wrong description must not hide all the other accounts.
            Err(error @ ActionError::Provider(_)) => context.warn(error.to_string()),
            Err(other) => return Err(other),
        }
    }
    Ok(views)
}

/// Every profile that [`list_profiles`] tells, to be looked at or worked with.
///
/// # Errors
/// As [`list_profiles`].
pub fn list_targets(context: &Context) -> Result<Vec<Target>, ActionError> {
    let index = context.vault.index()?;
    let views = list_profiles(context)?.into_iter();
    views
        .map(|view| Target::for_profile(context, &index, view.profile))
        .collect()
}

/// One profile.
///
/// # Errors
/// What reading the index or its description says.
pub fn get_profile(context: &Context, name: ProfileName) -> Result<ProfileView, ActionError> {
    let index = context.vault.index()?;
    let current = Target::resolve(context)?.name;
    build_view(context, &index, name, &current)
}

fn build_view(
    context: &Context,
    index: &ProfileIndex,
    name: ProfileName,
    current: &ProfileName,
) -> Result<ProfileView, ActionError> {
    let target = Target::for_profile(context, index, name)?;
    let stored = context
        .vault
        .read_current(&target.name, target.profile.storage);
    Ok(ProfileView {
        current: target.name == *current,
        api_url: target.base.as_ref().map(ToString::to_string),
        issuer: target.profile.issuer.clone(),
        client_id: target.profile.client_id.clone(),
        storage: target.profile.storage,
        signed_in: !matches!(stored, Ok(None)),
        provider: target.descriptor.id,
        profile: target.name,
    })
}

/// Makes or changes a profile.
///
/// # Errors
/// `PROFILE_EXISTS` for a name that is taken, and what the catalog or the disk says.
pub async fn add_profile(
    context: &Context,
    name: &ProfileName,
    kept: Profile,
) -> Result<(), ActionError> {
    context.catalog.find(&kept.provider)?;
    if context.vault.index()?.profiles.contains_key(name) {
        return Err(ActionError::ProfileExists {
            name: name.to_string(),
        });
    }
    let name = name.clone();
    Ok(context
        .vault
        .update_index(|index| drop(index.profiles.insert(name, kept)))
        .await?)
}

/// Makes `name` the profile that is used when none is named.
///
/// # Errors
/// For an unknown profile, and what the disk says.
pub async fn set_default_profile(context: &Context, name: ProfileName) -> Result<(), ActionError> {
    Target::for_profile(context, &context.vault.index()?, name.clone())?;
    Ok(context
        .vault
        .update_index(|index| index.default_profile = Some(name))
        .await?)
}

/// Forgets a profile. One that is signed in has to be logged out first.
///
/// # Errors
/// For an unknown profile or one that is signed in, and what the disk says.
pub async fn remove_profile(context: &Context, name: &ProfileName) -> Result<(), ActionError> {
    let index = match context.vault.index() {
        Err(damage) if damage.is_damage() => return remove_unlisted(context, name, &damage),
        read => read?,
    };
    let Some(kept) = index.profiles.get(name) else {
        check_signed_out(context, name)?;
        Target::for_profile(context, &index, name.clone())?;
        return Ok(());
    };
    let lock = context.vault.lock(name).await?;
    if context.vault.read_current(name, kept.storage)?.is_some() {
        return Err(ActionError::StillSignedIn {
            name: name.to_string(),
        });
    }
    if let Err(error) = context.vault.delete_stale_copy(&lock, kept.clone()).await {
        context.warn(format!("a copy of its credential may be left: {error}"));
    }
    drop(lock);
    let forget = |index: &mut ProfileIndex| {
        index.profiles.remove(name);
        index.default_profile = index
            .default_profile
            .take()
            .filter(|current| current != name);
    };
    Ok(context.vault.update_index(forget).await?)
}

/// Of a damaged index nothing can be removed, and nothing can be read: only a credential file makes a profile.
fn remove_unlisted(
    context: &Context,
    name: &ProfileName,
    damage: &VaultError,
) -> Result<(), ActionError> {
    check_signed_out(context, name)?;
    context.warn(format!(
        "{damage}: profile \"{name}\" has no credential file, and the next login writes a new list of profiles"
    ));
    Ok(())
}

/// Fails where a credential file of `name` is left.
fn check_signed_out(context: &Context, name: &ProfileName) -> Result<(), ActionError> {
    if context
        .vault
        .profiles_with_credential_file()?
        .contains(name)
    {
        return Err(ActionError::StillSignedIn {
            name: name.to_string(),
        });
    }
    Ok(())
}
