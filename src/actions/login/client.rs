//! The client of a login: its id, its secret or key, and the API that it requests tokens for.

use std::path::Path;

use crate::actions::credential::environment_key::find_environment_key;
use crate::actions::login::registration::authentication_of;
use crate::actions::{
    ActionError, ClientError, Context, KeyError, LoginOptions, NamedClientKey, ProfileSession,
};
use crate::domain::{
    AssertionAudience, ClientAuthentication, ClientKey, ClientParameters, ClientSecret, Secret,
    sanitize_line,
};
use crate::oauth::{Metadata, OauthError, SigningKey};

/// The program's own variable for the secret of a client.
const CLIENT_SECRET: &str = "BRAINMAPS_CLIENT_SECRET";

/// Reads a client secret from a file that only its owner may read, without the white space around it.
///
/// # Errors
/// [`ActionError::ClientSecretFile`].
pub fn read_client_secret(context: &Context, path: &Path) -> Result<Secret, ActionError> {
    let read = context
        .secret_files
        .read_private(&context.directory.join(path));
    match read.as_ref() {
        Ok(secret) => Ok(secret.clone()),
        Err(error) => Err(ActionError::ClientSecretFile {
            reason: error.to_string(),
            hint: error.hint(),
        }),
    }
}

/// Reads a private key from a file that only its owner may read, and checks that it can be used.
///
/// # Errors
/// [`ClientError::KeyFile`], and [`OauthError::ClientKey`] for a key that cannot be used.
pub fn read_client_key(context: &Context, path: &Path) -> Result<Secret, ActionError> {
    let path = context.directory.join(path);
    let read = context.secret_files.read_private(&path);
    let text = read
        .as_ref()
        .as_ref()
        .map_err(|error| ClientError::KeyFile {
            reason: error.to_string(),
            hint: error.hint(),
        })?;
    SigningKey::parse(text).map_err(OauthError::from)?;
    Ok(text.clone())
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
///
/// The secret may also be in the file that the variable with `_FILE` behind its name contains the path of.
fn secret_from_environment(
    session: ProfileSession<'_>,
    options: &LoginOptions,
) -> Result<Option<Secret>, ActionError> {
    if session.context.options.sandbox {
        return Ok(None);
    }
    let described = &session.target.descriptor.environment.client_secret;
    let own = configured_client_id(session, options).map(|_| CLIENT_SECRET);
    let variables = described.as_deref().into_iter().chain(own);
    let mut found = variables.filter_map(|name| find_environment_key(session.context, name));
    let secret = found.next().map(|found| found.value).transpose();
    secret.map_err(|unusable| KeyError::from(Box::new(unusable)).into())
}

/// Returns true if a login sends a secret of the client, or what its key signs for another server.
pub(super) fn sends_client_secret(
    session: ProfileSession<'_>,
    options: &LoginOptions,
) -> Result<bool, ActionError> {
    if let Some(key) = &options.client_key {
        return Ok(key.audience != AssertionAudience::Issuer);
    }
    Ok(options.client_secret.is_some() || secret_from_environment(session, options)?.is_some())
}

/// Returns the parameters of a login with `client_id` at `issuer`: from the options and the variable, else those of the
/// stored session of the same client.
pub(super) fn client_parameters(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    issuer: &str,
    client_id: &str,
    metadata: Option<&Metadata>,
) -> Result<ClientParameters, ActionError> {
    let stored = session.read_stored().ok().flatten();
    let stored = stored.and_then(|stored| stored.oauth_server);
    let stored = stored.filter(|server| server.issuer == issuer && server.client_id == client_id);
    let stored = stored.map(|server| server.client).unwrap_or_default();
    let named = match &options.registration {
        Some(registered) => Some(authentication_of(registered)),
        None => named_authentication(session, options, metadata)?,
    };
    let audience = options.audience.clone();
    let audience = audience.or_else(|| session.target.profile.audience.clone());
    Ok(ClientParameters {
        authentication: named.unwrap_or(stored.authentication),
        resource: options.resource.clone().or(stored.resource),
        audience: audience.or(stored.audience),
    })
}

/// Returns what the options or the environment name.
fn named_authentication(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    metadata: Option<&Metadata>,
) -> Result<Option<ClientAuthentication>, ActionError> {
    if let Some(named) = &options.client_key {
        let key = use_key(session.context, named, metadata)?;
        return Ok(Some(ClientAuthentication::Key(key)));
    }
    let secret = match &options.client_secret {
        Some(secret) => Some(secret.clone()),
        None => secret_from_environment(session, options)?,
    };
    let method = metadata
        .map(Metadata::client_auth_method)
        .unwrap_or_default();
    let secret = secret.map(|value| ClientSecret { value, method });
    Ok(secret.map(ClientAuthentication::Secret))
}

fn use_key(
    context: &Context,
    named: &NamedClientKey,
    metadata: Option<&Metadata>,
) -> Result<ClientKey, OauthError> {
    let key = SigningKey::parse(&named.text)?;
    let listed = metadata.map(|found| found.assertion_algorithms.as_slice());
    let algorithm = key.choose_algorithm(listed.unwrap_or_default())?;
    if let Some(found) = metadata.filter(|found| found.excludes_assertions()) {
        context.warn(format!(
            "{} does not list private_key_jwt, so that it may reject the key",
            sanitize_line(&found.issuer)
        ));
    }
    let key_id = named.key_id.clone();
    Ok(ClientKey {
        value: named.text.clone(),
        algorithm,
        key_id: key_id.or_else(|| key.key_id().map(str::to_owned)),
        audience: named.audience.clone(),
    })
}
