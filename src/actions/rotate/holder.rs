//! Whether the key in an env file is that of the token that is rotated. It is overwritten, so that the key of another token
//! would be lost.

use super::place::Place;
use super::{Rotated, RotationError, prove};
use crate::actions::{ActionError, Context, Target};
use crate::domain::{ApiToken, Secret, TokenId};
use crate::service::{Channel, Service, ServiceError, shows_key};

/// How sure it is that a place holds the token that is rotated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// The service shows a part of the token's key, and it is a part of the key that is there.
    KeyShown,
    /// The service accepts the key that is there, for the same account.
    SameAccount,
    /// It is the profile's stored key, which is compared elsewhere.
    Stored,
}

/// Fails unless the place has a key. Sends nothing.
pub(super) fn check_present(place: &Place, id: &TokenId) -> Result<(), ActionError> {
    let Place::EnvFile(file) = place else {
        return Ok(());
    };
    if file.value_before().is_some() {
        return Ok(());
    }
    let (id, path) = (id.to_string(), file.path().to_owned());
    Err(if file.existed() {
        let variable = file.name().to_owned();
        RotationError::NoKeyInFile { id, path, variable }
    } else {
        RotationError::NoFile { id, path }
    }
    .into())
}

/// Fails unless the key in an env file is that of the token with `facts`, as far as the service tells: by what its list
/// shows of keys, else by asking whose the key is. `in_use` is the secret that the requests of `service` carry.
pub(super) async fn check<C: Channel<Error = ActionError>>(
    context: &Context,
    target: &Target,
    (service, in_use): (&Service<'_, C>, &Secret),
    place: &Place,
    (id, facts): (&TokenId, &ApiToken),
) -> Result<Evidence, ActionError> {
    let Place::EnvFile(file) = place else {
        return Ok(Evidence::Stored);
    };
    let Some(key) = file.value_before() else {
        return Err(RotationError::NotInPlace.into());
    };
    match is_shown(service, key, (id, facts)).await? {
        Some(true) => return Ok(Evidence::KeyShown),
        Some(false) => {
            let id = id.to_string();
            return Err(RotationError::OtherTokenInFile { id }.into());
        }
        // The list was read with this very key.
        None if key == in_use => return Ok(Evidence::SameAccount),
        None => {}
    }
    let (id, path) = (id.to_string(), file.path().to_owned());
    let there = match prove(context, target, service, place, key).await {
        Ok(identity) => identity.account,
        Err(ActionError::CredentialRejected { .. }) => {
            return Err(RotationError::KeyRejected { id, path }.into());
        }
        Err(error) => return Err(error),
    };
    match (there, service.whoami().await?.account) {
        (Some(there), Some(here)) if there == here => Ok(Evidence::SameAccount),
        (Some(there), Some(here)) => Err(RotationError::OtherAccount { path, there, here }.into()),
        _ => Err(RotationError::CannotCompare { id, path }.into()),
    }
}

/// Returns whether the list shows `key` to be that of the token; `None` if it shows too little.
async fn is_shown<C: Channel<Error = ActionError>>(
    service: &Service<'_, C>,
    key: &Secret,
    (id, facts): (&TokenId, &ApiToken),
) -> Result<Option<bool>, ActionError> {
    if let Some(prefix) = &facts.prefix {
        return Ok(shows_key(service.descriptor, prefix, key));
    }
    if service.descriptor.tokens.fields.key.is_none() {
        return Ok(None);
    }
    match service.token_by_key(key).await {
        Ok(token) => Ok(Some(token.id.as_ref() == Some(id))),
        Err(ActionError::Service(
            ServiceError::NoSuchKey { .. } | ServiceError::AmbiguousKey { .. },
        )) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The old token is revoked, and the key that was replaced still works: it is another token's. It goes back into an env
/// file; a service that shows which token a key is has not revoked it yet.
pub(super) fn another_was_replaced(
    context: &Context,
    (place, evidence): (&Place, Evidence),
    replaced: &Secret,
    rotated: &mut Rotated,
) {
    let old = &rotated.old;
    if evidence == Evidence::SameAccount
        && matches!(place.restore(replaced, &rotated.secret), Ok(true))
    {
        context.warn(format!(
            "the key in the env file was not token {old} and still works, so it was put back: the new secret is not in \
             the file"
        ));
        rotated.env_file = None;
        rotated.is_placed = false;
        return;
    }
    context.warn(format!(
        "the key that stood there before was not token {old}, and still works: revoke it, too"
    ));
}
