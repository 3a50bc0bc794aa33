//! Checks that the key in an env file belongs to the token being rotated, because it is overwritten and a key of
//! another token would be lost.

use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::sleep;

use super::destination::Destination;
use super::{RotationError, RotationResult, verify_secret};
use crate::actions::{ActionError, AuthenticatedClient, ProfileSession};
use crate::domain::{ApiToken, Secret, TokenId};
use crate::service::{ApiTransport, Service, ServiceError, matches_masked_key};

/// Services may need a moment until they reject a revoked token.
const REVOCATION_DELAY: Duration = Duration::from_secs(1);

/// How certain it is that the destination holds the token being rotated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// The service shows a part of the token's key, and the key in the file contains it.
    KeyShown,
    /// The service accepts the key in the file, for the same account.
    SameAccount,
    /// The profile's stored key, which is checked elsewhere.
    Stored,
}

/// Fails unless the destination has a key. Sends nothing.
pub(super) fn require_key(place: &Destination, id: &TokenId) -> Result<(), ActionError> {
    let Destination::EnvFile(file) = place else {
        return Ok(());
    };
    if file.previous_value().is_some() {
        return Ok(());
    }
    let (id, path) = (id.to_string(), file.path().to_owned());
    Err(if file.existed() {
        let variable = file.variable_name().to_owned();
        RotationError::NoKeyInFile { id, path, variable }
    } else {
        RotationError::FileNotFound { id, path }
    }
    .into())
}

/// Fails unless the key in the env file belongs to the token: by the part of the key that the service lists, else by
/// the account of the key.
pub(super) async fn check_key_of_token(
    session: ProfileSession<'_>,
    access: &AuthenticatedClient<'_>,
    place: &Destination,
    (id, facts): (&TokenId, &ApiToken),
) -> Result<Evidence, ActionError> {
    let Destination::EnvFile(file) = place else {
        return Ok(Evidence::Stored);
    };
    let Some(key) = file.previous_value() else {
        return Err(RotationError::NotWritten.into());
    };
    let service = &access.service().await;
    match matches_listed_key(service, key, (id, facts)).await? {
        Some(true) => return Ok(Evidence::KeyShown),
        Some(false) => {
            let id = id.to_string();
            return Err(RotationError::FileKeyMismatch { id }.into());
        }
        // The list was requested with this key.
        None if *key
            == access
                .ensure_fresh(SignedDuration::ZERO)
                .await?
                .credential
                .secret =>
        {
            return Ok(Evidence::SameAccount);
        }
        None => {}
    }
    let (id, path) = (id.to_string(), file.path().to_owned());
    let there = match verify_secret(session, service, place, key).await {
        Ok(identity) => identity.account,
        Err(ActionError::CredentialRejected { .. }) => {
            return Err(RotationError::KeyRejected { id, path }.into());
        }
        Err(error) => return Err(error),
    };
    match (there, service.whoami().await?.account) {
        (Some(there), Some(here)) if there == here => Ok(Evidence::SameAccount),
        (Some(there), Some(here)) => {
            Err(RotationError::AccountMismatch { path, there, here }.into())
        }
        _ => Err(RotationError::CannotCompare { id, path }.into()),
    }
}

/// Compares `key` with the part of the key that the service lists. Returns `None` if the service shows too little.
async fn matches_listed_key<C: ApiTransport<Error = ActionError>>(
    service: &Service<'_, C>,
    key: &Secret,
    (id, facts): (&TokenId, &ApiToken),
) -> Result<Option<bool>, ActionError> {
    if let Some(prefix) = &facts.prefix {
        return Ok(matches_masked_key(service.descriptor, prefix, key));
    }
    if service.descriptor.tokens.fields.key.is_none() {
        return Ok(None);
    }
    match service.find_token_by_key(key).await {
        Ok(token) => Ok(Some(token.id.as_ref() == Some(id))),
        Err(ActionError::Service(
            ServiceError::KeyNotFound { .. } | ServiceError::AmbiguousKey { .. },
        )) => Ok(None),
        Err(error) => Err(error),
    }
}

/// After the old token is revoked: fails if the replaced key still works, because it then belongs to another token.
/// Writes that key back to the env file and revokes the new token.
///
/// Services that show which token a key belongs to, and keys that stop working with a delay, cause only a warning.
pub(super) async fn check_replaced_key<C: ApiTransport<Error = ActionError>>(
    (session, service): (ProfileSession<'_>, &Service<'_, C>),
    (place, evidence): (&Destination, Evidence),
    (rotated, replaced): (&RotationResult, Option<&Secret>),
) -> Result<(), ActionError> {
    let Some(replaced) = replaced.filter(|old| **old != rotated.secret) else {
        return Ok(());
    };
    let works = async || {
        verify_secret(session, service, place, replaced)
            .await
            .is_ok()
    };
    if !works().await {
        return Ok(());
    }
    let old = rotated.old.to_string();
    if evidence == Evidence::SameAccount {
        sleep(REVOCATION_DELAY).await;
        if !works().await {
            return Ok(());
        }
        if matches!(place.restore(replaced, &rotated.secret), Ok(true)) {
            let new = rotated.new.id.as_ref();
            let is_revoked = match new {
                Some(new) => service.revoke_token(new).await.is_ok(),
                None => false,
            };
            let new = new.map(ToString::to_string).unwrap_or_default();
            return Err(RotationError::OtherKeyReplaced {
                old,
                new,
                is_revoked,
            }
            .into());
        }
    }
    session.context.warn(format!(
        "the replaced key did not belong to token {old} and still works: revoke it too"
    ));
    Ok(())
}
