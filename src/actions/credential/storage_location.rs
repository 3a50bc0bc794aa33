//! Where a credential is to be kept: where the user said for its profile, else where the settings say, else where it is.

use crate::actions::{Config, Context, Target};
use crate::vault::{Profile, ProfileLock, Storage, VaultError};

/// The place that a login was told, or is to use without being told.
pub(crate) fn resolve_storage(config: &Config, kept: &Profile, asked: Option<Storage>) -> Storage {
    let set = config.storage.filter(|_| !kept.has_explicit_storage);
    asked.or(set).unwrap_or(kept.storage)
}

/// What is kept of a profile after a login that was `asked` to use a place.
pub(crate) fn profile_with_storage(
    context: &Context,
    target: &Target,
    asked: Option<Storage>,
) -> Profile {
    Profile {
        storage: resolve_storage(&context.config, &target.profile, asked),
        has_explicit_storage: asked.is_some() || target.profile.has_explicit_storage,
        ..target.profile.clone()
    }
}

/// After a credential was written: it goes to where it is wanted, and a copy elsewhere goes. It works where it is, so that a
/// failure is a warning.
pub(crate) async fn migrate_to_configured_storage(context: &Context, lock: &ProfileLock) {
    let wanted = |kept: &Profile| resolve_storage(&context.config, kept, None);
    match context.vault.migrate(lock, wanted).await {
        Ok(None) => {}
        Ok(Some(error)) => warn_about_stale_copy(context, lock, &error),
        Err(error) => context.warn(format!(
            "the credential of profile `{}` stays where it was, and does not go where the setting `storage` says: {}",
            lock.profile(),
            error_chain(&error)
        )),
    }
}

/// A copy that could not be deleted is told: it may hold a token that works.
pub(crate) fn warn_about_stale_copy(context: &Context, lock: &ProfileLock, error: &VaultError) {
    context.warn(format!(
        "a copy of the credential of profile `{}` may be left where it was kept before, and is deleted by the next renewal, \
         login or logout that can: {}",
        lock.profile(),
        error_chain(error)
    ));
}

fn error_chain(error: &VaultError) -> String {
    let cause = std::error::Error::source(error);
    cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
