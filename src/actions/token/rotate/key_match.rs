//! Checks that the key in an env file belongs to the token being rotated, because it is overwritten and a key of
//! another token would be lost.

use std::path::Path;

use jiff::SignedDuration;

use super::known::Known;
use super::listed::Listed;
use super::request::{RotationRequest, RotationResult};
use super::verify::verify_secret;
use crate::actions::token::destination::Destination;
use crate::actions::token::propagation;
use crate::actions::{ActionError, AuthenticatedClient, Context, ProfileSession, RotationError};
use crate::domain::{Secret, TokenId};
use crate::files::quote_path;
use crate::service::{ApiTransport, Identity, Service, ServiceError, matches_masked_key};

/// The key at the destination before the rotation.
pub(super) struct ReplacedKey<'a> {
    pub(super) destination: &'a Destination,
    pub(super) secret: Option<&'a Secret>,
}

/// Fails if a file lacks the key, unless the user said to add it. Sends nothing.
pub(super) fn require_key(
    destination: &Destination,
    request: RotationRequest<'_>,
) -> Result<(), ActionError> {
    let Some(path) = destination.path().map(Path::to_owned) else {
        return Ok(());
    };
    if destination.previous_value().is_some() || request.replaces_unknown {
        return Ok(());
    }
    let id = request.id.to_string();
    Err(if destination.existed() {
        let variable = destination.value_name().to_owned();
        RotationError::NoKeyInFile { id, path, variable }
    } else {
        RotationError::FileNotFound { id, path }
    }
    .into())
}

/// The credential in use and the key in a file, and the identities of both as far as the service was asked for them.
pub(super) struct IdentityComparison {
    /// The identity of the credential in use.
    pub(super) used_identity: Option<Identity>,
    /// The identity of the key in the file.
    pub(super) file_identity: Option<Identity>,
    /// The secret of the credential in use.
    pub(super) used_secret: Secret,
}

impl IdentityComparison {
    fn new(used_secret: Secret) -> Self {
        Self {
            used_identity: None,
            file_identity: None,
            used_secret,
        }
    }
}

/// Fails unless the key in an env file belongs to the token that is rotated: by what the service's list shows of keys, by
/// the record of created keys, or because the account has no other token that it can be. Changes nothing.
pub(super) async fn check_key_of_token(
    access: &AuthenticatedClient<'_>,
    destination: &Destination,
    request: RotationRequest<'_>,
    listed: &Listed,
) -> Result<IdentityComparison, ActionError> {
    let in_use = access.refresh_if_expiring(SignedDuration::ZERO).await?;
    let mut compared = IdentityComparison::new(in_use.credential.secret.clone());
    let (Some(key), Some(path)) = (destination.previous_value(), destination.path()) else {
        return Ok(compared);
    };
    let service = &access.service().await;
    let known = Known::new(access.session, service, key, in_use.stored.as_ref());
    let id = request.id;
    reject_key_of_other(&known, listed, id, path)?;
    if known.is_revoked() {
        return Ok(compared);
    }
    if matches!(destination, Destination::Config(_)) && request.replaces_unknown {
        if !known.is_of(listed, id) {
            warn_of_unknown_value(access.session.context, destination, id);
        }
        return Ok(compared);
    }
    let shown = matches_listed_key(service, key, listed).await?;
    match shown.or_else(|| known.is_key_of(id)) {
        Some(true) => return Ok(compared),
        Some(false) => return Err(key_mismatch(destination, id, path)),
        None => {}
    }
    // If the keys are equal, the list was requested with this key, so that its account is known.
    if *key != compared.used_secret {
        let file_identity = identity_in_file(access.session, service, destination, id, key).await?;
        let used_identity = service.whoami().await?;
        check_account(&file_identity, &used_identity, path, request)?;
        (compared.file_identity, compared.used_identity) =
            (Some(file_identity), Some(used_identity));
    }
    check_only_candidate(known.others(listed, id), path, request)?;
    Ok(compared)
}

/// Fails if the value in a file is the key of another token, or the user did not say to replace it. The service has replaced the
/// old key, so that no request shows whose the value is.
pub(super) async fn check_after_replacement(
    access: &AuthenticatedClient<'_>,
    destination: &Destination,
    request: RotationRequest<'_>,
    listed: &Listed,
) -> Result<(), ActionError> {
    let (Some(key), Some(path)) = (destination.previous_value(), destination.path()) else {
        return Ok(());
    };
    let in_use = access.refresh_if_expiring(SignedDuration::ZERO).await?;
    let (context, service) = (access.session.context, &access.service().await);
    let known = Known::new(access.session, service, key, in_use.stored.as_ref());
    reject_key_of_other(&known, listed, request.id, path)?;
    destination.require_free(request.replaces_unknown)?;
    if !known.is_of(listed, request.id) {
        warn_of_unknown_value(context, destination, request.id);
    }
    Ok(())
}

/// The value in a configuration file may be a placeholder.
fn warn_of_unknown_value(context: &Context, destination: &Destination, id: &TokenId) {
    let path = destination.path().unwrap_or(Path::new(""));
    context.warn(format!(
        "replacing the value of {} in {} (--force): it is not known to be the key of token {id}",
        destination.value_name(),
        quote_path(path)
    ));
}

/// Fails if the key in a file is certainly the key of another token than `id`.
fn reject_key_of_other(
    known: &Known<'_>,
    listed: &Listed,
    id: &TokenId,
    path: &Path,
) -> Result<(), ActionError> {
    if known.is_of_other(listed, id) {
        return Err(key_of_other(id, path));
    }
    Ok(())
}

fn key_of_other(id: &TokenId, path: &Path) -> ActionError {
    let (id, path) = (id.to_string(), path.to_owned());
    RotationError::FileKeyMismatch { id, path }.into()
}

/// The value in a configuration file may be a placeholder.
fn key_mismatch(destination: &Destination, id: &TokenId, path: &Path) -> ActionError {
    if !matches!(destination, Destination::Config(_)) {
        return key_of_other(id, path);
    }
    let (id, path) = (id.to_string(), path.to_owned());
    RotationError::ValueMismatch { id, path }.into()
}

/// Fails if the key may belong to `others` as well, unless the user says that it belongs to the token.
fn check_only_candidate(
    others: Vec<String>,
    path: &Path,
    request: RotationRequest<'_>,
) -> Result<(), RotationError> {
    if others.is_empty() || request.replaces_unknown {
        return Ok(());
    }
    let (id, path) = (request.id.to_string(), path.to_owned());
    Err(RotationError::SeveralPossible { id, path, others })
}

async fn identity_in_file<C: ApiTransport<Error = ActionError>>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    destination: &Destination,
    id: &TokenId,
    key: &Secret,
) -> Result<Identity, ActionError> {
    let found = verify_secret(session, service, destination.kind(), key).await;
    found.map_err(|error| match (error, destination.path()) {
        (ActionError::CredentialRejected { .. }, Some(path)) => {
            let (id, path) = (id.to_string(), path.to_owned());
            RotationError::KeyRejected { id, path }.into()
        }
        (error, _) => error,
    })
}

fn check_account(
    file_identity: &Identity,
    used_identity: &Identity,
    path: &Path,
    request: RotationRequest<'_>,
) -> Result<(), RotationError> {
    let path = path.to_owned();
    match (file_identity.account.clone(), used_identity.account.clone()) {
        (Some(key_account), Some(used_account)) if key_account != used_account => {
            Err(RotationError::AccountMismatch {
                path,
                key_account,
                used_account,
            })
        }
        (Some(_), Some(_)) => Ok(()),
        _ if request.replaces_unknown => Ok(()),
        _ => {
            let id = request.id.to_string();
            Err(RotationError::CannotCompare { id, path })
        }
    }
}

/// Compares `key` with the part of the key that the service lists. Returns `None` if the service shows too little.
async fn matches_listed_key<C: ApiTransport<Error = ActionError>>(
    service: &Service<'_, C>,
    key: &Secret,
    listed: &Listed,
) -> Result<Option<bool>, ActionError> {
    if let Some(prefix) = &listed.facts.prefix {
        return Ok(matches_masked_key(service.descriptor, prefix, key));
    }
    if service.descriptor.tokens.fields.key.is_none() {
        return Ok(None);
    }
    match service.find_token_by_key(key).await {
        Ok(token) => Ok(Some(token.id.as_ref() == Some(&listed.id))),
        Err(ActionError::Service(
            ServiceError::KeyNotFound { .. } | ServiceError::AmbiguousKey { .. },
        )) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Warns if the replaced key still works after the old token was revoked. Nothing is undone: more likely than another
/// token's key is a service that accepts a revoked key for some time, and then no key would work.
pub(super) async fn check_replaced_key<C>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    before: ReplacedKey<'_>,
    rotated: &RotationResult,
) {
    let Some(replaced) = before.secret.filter(|old| **old != rotated.secret) else {
        return;
    };
    let works = async || {
        let identity = verify_secret(session, service, before.destination.kind(), replaced).await;
        identity.is_ok()
    };
    if propagation::remains_true(works).await {
        let old = &rotated.old;
        session.context.warn(format!(
            "token {old} is revoked, but the key that was replaced still works; if it belonged to another token, revoke that \
             token too"
        ));
    }
}
