//! Looks for the credential in the process environment, and in the directories in which secrets are mounted.

use crate::actions::credential::environment_key::{find_environment_key, find_mounted_key};
use crate::actions::credential::lookup::{LookupResult, absent, check_found_key};
use crate::actions::{ActionError, ProfileSession, Source};
use crate::files::quote_path;
use crate::host::MountDirectory;

pub(super) fn find_in_environment(
    session: ProfileSession<'_>,
) -> Result<LookupResult, ActionError> {
    let Some(variable) = session.target.descriptor.environment.api_key.clone() else {
        return Ok(absent("environment variable", "the service names none"));
    };
    let Some(key) = find_environment_key(session.context, &variable) else {
        if session.context.environment.is_from_exec(&variable) {
            return Ok(LookupResult::Refused {
                source: Source::Environment {
                    variable,
                    file: None,
                },
                reason: "it was set by `brainmaps exec`, for its program only".to_owned(),
            });
        }
        return Ok(absent(
            &format!("environment variable {variable}"),
            "not set",
        ));
    };
    match key.value {
        Ok(value) => check_found_key(session, key.source, session.target.base(), value),
        Err(key) => Ok(LookupResult::Unusable(Box::new(key))),
    }
}

/// Finds a credential that systemd passes to a service.
pub(super) fn find_in_credentials_directory(
    session: ProfileSession<'_>,
) -> Result<LookupResult, ActionError> {
    let context = session.context;
    match MountDirectory::of_service(&context.environment) {
        Some(directory) => find_in_mounts(session, &directory),
        None => Ok(absent("$CREDENTIALS_DIRECTORY", "not set")),
    }
}

/// Finds a secret of a container.
pub(super) fn find_in_run_secrets(
    session: ProfileSession<'_>,
) -> Result<LookupResult, ActionError> {
    find_in_mounts(session, session.context.secret_files.run_secrets())
}

fn find_in_mounts(
    session: ProfileSession<'_>,
    directory: &MountDirectory,
) -> Result<LookupResult, ActionError> {
    let place = quote_path(&directory.path);
    let Some(variable) = &session.target.descriptor.environment.api_key else {
        return Ok(absent(&place, "the service names no variable"));
    };
    let Some(key) = find_mounted_key(session.context, directory, variable) else {
        let lower = variable.to_ascii_lowercase();
        return Ok(absent(&place, &format!("no file {variable} or {lower}")));
    };
    match key.value {
        Ok(value) => check_found_key(session, key.source, session.target.base(), value),
        Err(key) => Ok(LookupResult::Unusable(Box::new(key))),
    }
}
