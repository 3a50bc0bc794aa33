//! Finds a service's key in the process environment: in the service's variable, in the file that the variable with
//! `_FILE` behind its name contains the path of, or in a directory in which secrets are mounted.

use std::path::PathBuf;

use crate::actions::{Context, KeyFault, Source, UnusableKey};
use crate::domain::{Hint, Secret};
use crate::host::{Environment, MountDirectory, MountedSecret, SecretFileError, SecretFiles};
use crate::provider::Catalog;

/// A key that is set, and whether it can be used.
pub(crate) struct EnvironmentKey {
    pub(super) source: Source,
    pub(crate) value: Result<Secret, UnusableKey>,
}

/// Returns the key in `variable` or in its file; `None` if neither is set.
pub(crate) fn find_environment_key(context: &Context, variable: &str) -> Option<EnvironmentKey> {
    let environment = &context.environment;
    let file = environment.secret_file(variable);
    let value = environment.get_unless_from_exec(variable);
    let value = value.map(Secret::new);
    let is_malformed = environment.is_malformed(variable) && !environment.is_from_exec(variable);
    match (file, value) {
        (Some(_), value) if value.is_some() || is_malformed => Some(both_set(variable)),
        (Some(path), _) => Some(read_key_file(context, variable, path)),
        (None, value) => {
            let source = Source::Environment {
                variable: variable.to_owned(),
                file: None,
            };
            let not_text = || UnusableKey::in_source(context, &source, &KeyFault::NotText);
            let value = match value.filter(|_| !is_malformed) {
                Some(key) => Ok(key),
                None if is_malformed => Err(not_text()),
                None => return None,
            };
            Some(EnvironmentKey { source, value })
        }
    }
}

fn read_key_file(context: &Context, variable: &str, path: PathBuf) -> EnvironmentKey {
    let read = context.secret_files.read(&path);
    let source = Source::Environment {
        variable: Environment::file_variable(variable),
        file: Some(path),
    };
    let value = usable(context, &source, &read);
    EnvironmentKey { source, value }
}

/// Returns the key in the file for `variable` in `directory`; `None` if there is no such file.
pub(super) fn find_mounted_key(
    context: &Context,
    directory: &MountDirectory,
    variable: &str,
) -> Option<EnvironmentKey> {
    let found = context.secret_files.find_in(directory, variable)?;
    let MountedSecret { path, value } = found;
    let source = Source::MountedFile { path };
    let value = usable(context, &source, &value);
    Some(EnvironmentKey { source, value })
}

fn usable(
    context: &Context,
    source: &Source,
    read: &Result<Secret, SecretFileError>,
) -> Result<Secret, UnusableKey> {
    let read = read.as_ref();
    let unusable = |error| UnusableKey::in_secret_file(context, source, error);
    read.cloned().map_err(unusable)
}

/// Programs disagree about which one takes precedence.
fn both_set(variable: &str) -> EnvironmentKey {
    let file = Environment::file_variable(variable);
    let source = Source::Environment {
        variable: variable.to_owned(),
        file: None,
    };
    let key = UnusableKey {
        label: format!("{variable} and {file}"),
        source_id: source.id(),
        reason: "both are set".to_owned(),
        hint: Hint::from(format!("run `unset {variable}` or `unset {file}`")),
    };
    EnvironmentKey {
        source,
        value: Err(key),
    }
}

/// Returns `true` if the environment or a mounted file has a key of any service of `catalog`.
pub fn has_environment_key_of_any(
    environment: &Environment,
    files: &SecretFiles,
    catalog: &Catalog,
) -> bool {
    catalog.ids().iter().any(|id| {
        let entry = id.parse().ok().and_then(|id| catalog.find(&id).ok());
        let variable = entry.and_then(|entry| entry.descriptor.environment.api_key);
        variable.is_some_and(|variable| files.has_key(environment, &variable))
    })
}
