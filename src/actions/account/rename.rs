//! Renames a profile with its credential and the journals of its interrupted operations.

use std::path::PathBuf;

use serde::Serialize;

use crate::actions::token::remembered;
use crate::actions::{ActionError, Context, Target};
use crate::domain::{CommandLine, Hint, ProfileName, Warning};
use crate::host::{ProjectBinding, project};
use crate::vault::{ProfileLock, RenameLocks};

#[derive(Debug, Serialize)]
pub struct Renamed {
    pub profile: ProfileName,
    pub renamed_from: ProfileName,
    pub default: bool,
    /// The project file that still names the old profile.
    pub project_file: Option<PathBuf>,
}

/// Renames the profile `old` to `new`.
///
/// # Errors
/// If `old` does not exist, one of the names belongs to a service, or `new` is in use; errors of the disk and the keyring.
/// The profile then keeps its name.
pub async fn rename_profile(
    context: &Context,
    old: &ProfileName,
    new: &ProfileName,
) -> Result<Renamed, ActionError> {
    check_names(context, old, new)?;
    let (old_lock, new_lock) = lock_both(context, old, new).await?;
    // Another process may have renamed or added one of them.
    check_names(context, old, new)?;
    let locks = RenameLocks {
        old: &old_lock,
        new: &new_lock,
    };
    let work = Box::pin(context.vault.rename_profile(locks));
    let left = context.shutdown_guard.protect(work).await?;
    if let Some(error) = left {
        let text = format!("a copy of the credential may remain under the old name: {error}");
        let remove = CommandLine::without_profile(format!("profile rename {old} {new}"));
        let hint = Hint::run(remove).text(" again to delete it");
        context.warn(Warning::with_hint(text, hint));
    }
    if let Err(error) = context.vault.rename_usage(old, new) {
        context.warn(format!("cannot rename the record of uses: {error}"));
    }
    if let Err(error) = context.vault.rename_created_keys(old, new).await {
        context.warn(format!("cannot rename the record of created keys: {error}"));
    }
    // Names for shell completion, under the old name.
    let _kept = context.vault.delete_seen_tokens(old);
    remembered::rename_profile(context, old, new).await;
    let index = context.vault.index()?;
    Ok(Renamed {
        profile: new.clone(),
        renamed_from: old.clone(),
        default: index.default_profile.as_ref() == Some(new),
        project_file: project_file_of(context, old),
    })
}

fn check_names(context: &Context, old: &ProfileName, new: &ProfileName) -> Result<(), ActionError> {
    let index = context.vault.index()?;
    let left_by_rename = |name: &ProfileName, other: &ProfileName| {
        let record = index.profiles.get(name);
        record.is_some_and(|record| record.copy_name.as_ref() == Some(other))
    };
    // An earlier run was killed before it deleted the copies.
    if !index.profiles.contains_key(old) && left_by_rename(new, old) {
        return Ok(());
    }
    if context.catalog.contains(old.as_str()) {
        return Err(ActionError::ServiceProfile {
            name: old.to_string(),
            new: new.to_string(),
        });
    }
    Target::for_profile(context, &index, old.clone())?;
    if context.catalog.contains(new.as_str()) {
        let name = new.to_string();
        return Err(ActionError::ServiceName { name });
    }
    let stored = context.vault.profiles_with_credential_file()?;
    let is_stored = stored.contains(new) && !left_by_rename(old, new);
    if is_stored || index.profiles.contains_key(new) {
        let name = new.to_string();
        return Err(ActionError::ProfileExists { name });
    }
    Ok(())
}

/// Takes the locks in the order of the names, so that two processes never wait for each other.
async fn lock_both(
    context: &Context,
    old: &ProfileName,
    new: &ProfileName,
) -> Result<(ProfileLock, ProfileLock), ActionError> {
    let (first, second) = if old < new { (old, new) } else { (new, old) };
    let first_lock = context.vault.lock(first).await?;
    let second_lock = context.vault.lock(second).await?;
    Ok(if old < new {
        (first_lock, second_lock)
    } else {
        (second_lock, first_lock)
    })
}

/// Returns the project file of this directory if it names the old profile. Other directories are not known.
fn project_file_of(context: &Context, old: &ProfileName) -> Option<PathBuf> {
    let found = project::read_nearest(&context.search_scope()).ok()??;
    let names_old = matches!(&found.binding, ProjectBinding::Profile(name) if name == old);
    names_old.then_some(found.path)
}
