//! The client of a login: its secret, and the API that it requests tokens for.

use std::io::ErrorKind;
use std::path::Path;

use crate::actions::login::authorization_server::read_variable;
use crate::actions::{ActionError, Context, ImportError, LoginOptions, ProfileSession};
use crate::domain::{ClientParameters, ClientSecret, Secret};
use crate::files::{self, FileError, Requirements};
use crate::oauth::Metadata;

/// Larger than any client secret.
const REQUIREMENTS: Requirements = Requirements::unchangeable_by_others(64 * 1024);

/// Reads a client secret from a file, without the white space around it.
///
/// # Errors
/// `FAILED` if the file does not exist, can be changed by others, or is not text.
pub fn read_client_secret(context: &Context, path: &Path) -> Result<Secret, ActionError> {
    let path = context.directory.join(path);
    let read = || -> Result<Secret, FileError> {
        let missing = || FileError::io("open", &path)(ErrorKind::NotFound.into());
        let file = files::open(&path, &REQUIREMENTS)?.ok_or_else(missing)?;
        let text = file.read_text()?;
        Ok(Secret::new(text.trim_start_matches('\u{feff}').trim()))
    };
    Ok(read().map_err(ImportError::from)?)
}

/// Returns the parameters of a login with `client_id` at `issuer`: from the options and the variable, else those of the
/// stored session of the same client.
pub(super) fn client_parameters(
    session: ProfileSession<'_>,
    options: &LoginOptions,
    (issuer, client_id): (&str, &str),
    metadata: Option<&Metadata>,
) -> ClientParameters {
    let stored = session.read_stored().ok().flatten();
    let stored = stored.and_then(|stored| stored.oauth_server);
    let stored = stored.filter(|server| server.issuer == issuer && server.client_id == client_id);
    let stored = stored.map(|server| server.client).unwrap_or_default();
    let variable = session
        .target
        .descriptor
        .environment
        .client_secret
        .as_deref();
    // The sandbox has clients of its own.
    let variable = variable.filter(|_| !session.context.options.sandbox);
    let variable = read_variable(session.context, variable).map(Secret::new);
    let secret = options.client_secret.clone().or(variable);
    let method = metadata
        .map(Metadata::client_auth_method)
        .unwrap_or_default();
    ClientParameters {
        secret: secret
            .map(|value| ClientSecret { value, method })
            .or(stored.secret),
        resource: options.resource.clone().or(stored.resource),
        audience: options.audience.clone().or(stored.audience),
    }
}
