//! The storage backend of a credential: as the user chose for the profile, else as the settings say, else unchanged.

use crate::actions::{Config, Context, ProfileSession};
use crate::vault::{Profile, ProfileLock, Storage, VaultError};

/// Returns the storage backend for a login with or without `--storage`.
pub(crate) fn resolve_storage(
    config: &Config,
    kept: &Profile,
    requested: Option<Storage>,
) -> Storage {
    let set = config.storage.filter(|_| !kept.has_explicit_storage);
    requested.or(set).unwrap_or(kept.storage)
}

/// Returns the profile's settings after a login with the given `--storage`.
pub(crate) fn profile_with_storage(
    session: ProfileSession<'_>,
    requested: Option<Storage>,
) -> Profile {
    Profile {
        storage: resolve_storage(&session.context.config, &session.target.profile, requested),
        has_explicit_storage: requested.is_some() || session.target.profile.has_explicit_storage,
        ..session.target.profile.clone()
    }
}

/// Moves the stored credential to the configured storage and deletes the old copy. Failure is only a warning: the
/// credential still works where it is.
pub(crate) async fn migrate_to_configured_storage(context: &Context, lock: &ProfileLock) {
    let wanted = |kept: &Profile| resolve_storage(&context.config, kept, None);
    match context.vault.migrate(lock, wanted).await {
        Ok(None) => {}
        Ok(Some(error)) => warn_about_stale_copy(context, lock, &error),
        Err(error) => context.warn(format!(
            "cannot move the credential of profile \"{}\" to the configured storage: {}",
            lock.profile(),
            error_chain(&error)
        )),
    }
}

/// The old copy may contain a working token.
pub(crate) fn warn_about_stale_copy(context: &Context, lock: &ProfileLock, error: &VaultError) {
    context.warn(format!(
        "an old copy of the credential of profile \"{}\" may remain in the previous storage until the next refresh, login \
         or logout: {}",
        lock.profile(),
        error_chain(error)
    ));
}

fn error_chain(error: &VaultError) -> String {
    let cause = std::error::Error::source(error);
    cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
