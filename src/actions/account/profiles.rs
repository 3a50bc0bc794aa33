//! Lists, creates and deletes profiles, and chooses the default one. Each service has a profile with its id, stored or not.

use serde::Serialize;

use crate::actions::credential::precedence::find_precedence;
use crate::actions::issuer::parse_issuer_origin;
use crate::actions::token::remembered;
use crate::actions::{ActionError, Context, Target, error_line, unfinished_operations};
use crate::domain::{
    CommandLine, HelperHost, Hint, InteractiveMethod, ProfileName, ProviderId, ResourceUrl,
    Warning, WorkloadIdentity,
};
use crate::vault::{Profile, ProfileIndex, Storage, VaultError};

#[derive(Debug, Clone, Serialize)]
pub struct ProfileView {
    pub profile: ProfileName,
    pub provider: ProviderId,
    /// Whether it is the active profile.
    pub current: bool,
    pub api_url: Option<String>,
    /// The issuer that the user named; `None` for the service's own.
    pub issuer: Option<String>,
    /// The client that the user named; `None` for the service's own.
    pub client_id: Option<String>,
    pub resource: Option<ResourceUrl>,
    /// The preferred method of its logins, if the user named one.
    pub login_method: Option<InteractiveMethod>,
    /// How a workload gets its tokens, if the user specified it.
    pub workload: Option<WorkloadIdentity>,
    pub storage: Storage,
    pub signed_in: bool,
    /// The servers that `helper install` bound to the profile.
    pub helper_hosts: Vec<HelperHost>,
}

/// Lists all profiles, sorted by name.
///
/// # Errors
/// If the index or a description cannot be read.
pub fn list_profiles(context: &Context) -> Result<Vec<ProfileView>, ActionError> {
    let index = context.vault.index()?;
    let current = active_profile(context)?;
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
            // An invalid description must not hide the other profiles.
            Err(error @ ActionError::Provider(_)) => context.warn(error.to_string()),
            Err(other) => return Err(other),
        }
    }
    Ok(views)
}

/// Returns the active profile. A project file that is unusable or names an unknown profile is only a warning: the list shows
/// the profiles that exist.
fn active_profile(context: &Context) -> Result<ProfileName, ActionError> {
    let error = match Target::resolve(context) {
        Ok(target) => return Ok(target.name),
        Err(error) => error,
    };
    let Ok(target) = Target::ignoring_project(context) else {
        return Err(error);
    };
    context.warn(error_line(&error));
    Ok(target.name)
}

/// Returns the target of every listed profile.
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

/// Returns one profile.
///
/// # Errors
/// If the index or its description cannot be read.
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
        resource: target.profile.resource.clone(),
        login_method: target.profile.login_method,
        workload: target.profile.workload.clone(),
        storage: target.profile.storage,
        helper_hosts: target.profile.helper_hosts.clone(),
        signed_in: !matches!(stored, Ok(None)),
        provider: target.descriptor.id,
        profile: target.name,
    })
}

/// Creates a profile.
///
/// # Errors
/// `PROFILE_EXISTS` if the name is taken, and errors of the catalog or the disk.
pub async fn add_profile(
    context: &Context,
    name: &ProfileName,
    mut profile: Profile,
) -> Result<(), ActionError> {
    let service = context.catalog.find(&profile.provider)?.descriptor;
    // As after a login: without another URL, the API is at the origin of the issuer.
    let is_known = service.api_url.is_some() || context.config.api_url(&service.id).is_some();
    if let (None, false, Some(issuer)) = (&profile.api_url, is_known, &profile.issuer) {
        profile.api_url = parse_issuer_origin(issuer)?.to_string().parse().ok();
    }
    // Another process may add a profile with this name, or rename one to it.
    let _lock = context.vault.lock(name).await?;
    let mut is_added = false;
    let add = |index: &mut ProfileIndex| {
        if !index.profiles.contains_key(name) {
            index.profiles.insert(name.clone(), profile);
            is_added = true;
        }
    };
    context.vault.update_index(add).await?;
    let name = name.to_string();
    is_added
        .then_some(())
        .ok_or(ActionError::ProfileExists { name })
}

/// Makes `name` the default profile. Returns what takes precedence over it in this directory.
///
/// # Errors
/// If the profile does not exist or the index cannot be written.
pub async fn set_default_profile(
    context: &Context,
    name: ProfileName,
) -> Result<Option<Warning>, ActionError> {
    let target = Target::for_profile(context, &context.vault.index()?, name.clone())?;
    context
        .vault
        .update_index(|index| index.default_profile = Some(name))
        .await?;
    Ok(find_precedence(context.session(&target)))
}

/// Deletes a profile and the journals of its interrupted operations. A profile with a credential must be signed out
/// first.
///
/// # Errors
/// If the profile does not exist or is signed in, and errors of the disk.
pub async fn remove_profile(context: &Context, name: &ProfileName) -> Result<(), ActionError> {
    match context.vault.index() {
        Err(damage) if damage.is_damage() => remove_unlisted(context, name, &damage)?,
        read => remove_from_index(context, name, &read?).await?,
    }
    Box::pin(delete_journals(context, name)).await;
    if let Err(error) = context.vault.clear_usage(Some(name)) {
        context.warn(format!("cannot delete the record of uses: {error}"));
    }
    // A failure leaves names for shell completion, which are deleted in an hour at the latest.
    let _undeleted = context.vault.delete_seen_tokens(name);
    remembered::forget_profile(context, name).await;
    Ok(())
}

async fn remove_from_index(
    context: &Context,
    name: &ProfileName,
    index: &ProfileIndex,
) -> Result<(), ActionError> {
    let Some(profile) = index.profiles.get(name) else {
        check_signed_out(context, name)?;
        // Earlier releases left the journals of deleted profiles.
        if context.vault.unfinished_journals(Some(name)).is_empty() {
            Target::for_profile(context, index, name.clone())?;
        }
        return Ok(());
    };
    let lock = context.vault.lock(name).await?;
    if context.vault.read_current(name, profile.storage)?.is_some() {
        return Err(ActionError::StillSignedIn {
            name: name.to_string(),
        });
    }
    let deleted_copies = match context.vault.finish_rename(name).await {
        Ok(()) => {
            context
                .vault
                .delete_stale_copy(&lock, profile.clone())
                .await
        }
        failed => failed,
    };
    if let Err(error) = deleted_copies {
        context.warn(format!("an old copy of the credential may remain: {error}"));
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

/// Handles the deletion of a profile while the index is damaged. Only a credential file then proves that the profile exists.
fn remove_unlisted(
    context: &Context,
    name: &ProfileName,
    damage: &VaultError,
) -> Result<(), ActionError> {
    check_signed_out(context, name)?;
    context.warn(format!(
        "{damage}: profile \"{name}\" has no credential file, and the next login writes a new index"
    ));
    Ok(())
}

/// Deletes the journals of a deleted profile. Warns about each, because no command finds the operation afterwards.
async fn delete_journals(context: &Context, name: &ProfileName) {
    for operation in unfinished_operations(context, Some(name)) {
        let message = operation.message;
        context.warn(format!(
            "{message}; its journal is deleted with the profile"
        ));
    }
    if let Err(error) = context.vault.delete_unfinished_journals(name).await {
        let text = format!("journals of profile \"{name}\" may remain: {error}");
        let hint = Hint::from("see ").command(CommandLine::without_profile("doctor"));
        context.warn(Warning::with_hint(text, hint));
    }
}

/// Fails if a credential file of `name` exists.
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
