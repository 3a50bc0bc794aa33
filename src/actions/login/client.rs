//! The client of a login: its id, its secret, and the API that it requests tokens for.

use std::path::Path;

use crate::actions::{ActionError, Context, LoginOptions, ProfileSession};
use crate::domain::{ClientAuthentication, ClientParameters, ClientSecret, Secret};
use crate::oauth::Metadata;

/// Reads a client secret from a file, without the white space around it.
///
/// # Errors
/// [`ActionError::ClientSecretFile`].
pub fn read_client_secret(context: &Context, path: &Path) -> Result<Secret, ActionError> {
    let read = context.secret_files.read(&context.directory.join(path));
    match read.as_ref() {
        Ok(secret) => Ok(secret.clone()),
        Err(error) => Err(ActionError::ClientSecretFile {
            reason: error.to_string(),
            hint: error.hint(),
        }),
    }
}

/// From `--client-id`, the variable or the profile. The sandbox uses only the option.
pub(crate) fn configured_client_id(
    session: ProfileSession<'_>,
    options: &LoginOptions,
) -> Option<String> {
    if session.context.options.sandbox {
        return options.client_id.clone();
    }
    let variable = session.target.descriptor.environment.client_id.as_deref();
    options
        .client_id
        .clone()
        .or_else(|| read_variable(session.context, variable))
        .or_else(|| session.target.profile.client_id.clone())
}

pub(super) fn read_variable(context: &Context, name: Option<&str>) -> Option<String> {
    context.environment.get(name?).map(str::to_owned)
}

/// Reads the variable that the description names, else the program's own. The latter counts only for a client that the user
/// chose, so that it is not sent for the client of a description. The sandbox has clients of its own.
fn secret_from_environment(session: ProfileSession<'_>, options: &LoginOptions) -> Option<Secret> {
    if session.context.options.sandbox {
        return None;
    }
    let names = &session.target.descriptor.environment;
    let described = read_variable(session.context, names.client_secret.as_deref());
    let is_own_client = configured_client_id(session, options).is_some();
    let own = || {
        session
            .context
            .environment
            .get("BRAINMAPS_CLIENT_SECRET")
            .map(str::to_owned)
    };
    let text = described.or_else(|| own().filter(|_| is_own_client));
    text.map(Secret::new)
}

/// Returns the parameters of a login with `client_id` at `issuer`: from the options and the variable, else those of the
/// stored session of the same client.
pub(super) fn client_parameters(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    issuer: &str,
    client_id: &str,
    metadata: Option<&Metadata>,
) -> ClientParameters {
    let stored = session.read_stored().ok().flatten();
    let stored = stored.and_then(|stored| stored.oauth_server);
    let stored = stored.filter(|server| server.issuer == issuer && server.client_id == client_id);
    let stored = stored.map(|server| server.client).unwrap_or_default();
    let secret = options.client_secret.clone();
    let secret = secret.or_else(|| secret_from_environment(session, options));
    let method = metadata
        .map(Metadata::client_auth_method)
        .unwrap_or_default();
    let secret = secret.map(|value| ClientSecret { value, method });
    let audience = options.audience.clone();
    let audience = audience.or_else(|| session.target.profile.audience.clone());
    ClientParameters {
        authentication: secret.map_or(stored.authentication, ClientAuthentication::Secret),
        resource: options.resource.clone().or(stored.resource),
        audience: audience.or(stored.audience),
    }
}
