//! Verifies a new key and writes it in place of the old one.

use super::creation::NewKey;
use super::{delivery, recovery, space};
use crate::actions::credential::fixed_credential::fetch_identity;
use crate::actions::token::destination::Destination;
use crate::actions::token::propagation::retry_while_rejected;
use crate::actions::{ActionError, Event, ProfileSession, RotationError, RotationStep};
use crate::domain::{CreatedToken, Credential, CredentialKind, Hint, Secret, TokenId, Warning};
use crate::service::{ApiTransport, Identity, Service, Space};
use crate::vault::{Rotation, RotationJournal, SecretDestination};

/// Where the new key is written, and what it must fulfil before.
#[derive(Clone, Copy)]
pub(super) struct CheckedDestination<'a> {
    pub(super) destination: &'a Destination,
    pub(super) space: Option<&'a Space>,
    /// All destinations, if there are several or one that cannot be read.
    pub(super) targets: Option<&'a Vec<(SecretDestination, Destination)>>,
    /// Whether the targets may have another value.
    pub(super) may_replace: bool,
}

/// Verifies the new key and writes it. Revokes its token if that fails before it is written anywhere.
pub(super) async fn install<C: ApiTransport<Error = ActionError>>(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    rotation: &mut Rotation,
    checked: CheckedDestination<'_>,
    (service, new): (&Service<'_, C>, &NewKey),
) -> Result<(), ActionError> {
    let Some(targets) = checked.targets else {
        return verify_and_install(session, journal, checked, service, new).await;
    };
    verify_or_revoke(session, journal, checked, service, new).await?;
    let secret = &new.created.secret;
    if let Err(error) = delivery::record_targets(journal, rotation, targets, secret) {
        return Err(revoke_new_token(session, journal, &new.id, error).await);
    }
    delivery::deliver(
        session,
        journal,
        rotation,
        new.borrowed(),
        checked.may_replace,
    )
    .await
}

/// Revokes the new token and returns `why`.
pub(super) async fn revoke_new_token(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    new: &TokenId,
    why: ActionError,
) -> ActionError {
    if let Err(error) = recovery::undo(session, journal, new).await {
        let text = format!("cannot revoke the new token ({new}): {error}");
        let hint = Hint::from("the next ")
            .command("token rotate")
            .text(" retries");
        session.context.warn(Warning::with_hint(text, hint));
    }
    why
}

/// Verifies the new secret, writes it and reads it back. Revokes the new token on failure.
async fn verify_and_install<C: ApiTransport<Error = ActionError>>(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    checked: CheckedDestination<'_>,
    service: &Service<'_, C>,
    new: &NewKey,
) -> Result<(), ActionError> {
    let (place, minted) = (checked.destination, &new.created);
    let proven = verify_new(session, service, place.kind(), (minted, checked.space)).await;
    let put = match proven {
        Ok(()) => place.write(session, &new.id, minted).await,
        Err(error) => Err(error),
    };
    if place.read_secret(session)?.as_ref() == Some(&minted.secret) {
        session
            .context
            .emit(&Event::Rotation(RotationStep::Written));
        return Ok(());
    }
    let why = put.err().unwrap_or(RotationError::NotWritten.into());
    Err(revoke_new_token(session, journal, &new.id, why).await)
}

/// Verifies the new key, and revokes its token on failure.
async fn verify_or_revoke<C: ApiTransport<Error = ActionError>>(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    checked: CheckedDestination<'_>,
    service: &Service<'_, C>,
    new: &NewKey,
) -> Result<(), ActionError> {
    let kind = checked.destination.kind();
    match verify_new(session, service, kind, (&new.created, checked.space)).await {
        Ok(()) => Ok(()),
        Err(error) => Err(revoke_new_token(session, journal, &new.id, error).await),
    }
}

/// Fails unless the service accepts the new key and reports that it belongs to `space`.
async fn verify_new<C>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    kind: CredentialKind,
    (minted, space): (&CreatedToken, Option<&Space>),
) -> Result<(), ActionError> {
    let found = accepted_as(session, service, kind, &minted.secret).await?;
    space::check_equal(space, found.space.as_ref())?;
    let step = RotationStep::Verified;
    session.context.emit(&Event::Rotation(step));
    Ok(())
}

/// Returns the account of the new key, which replicas of the service may not know yet.
pub(super) async fn accepted_as<C>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    kind: CredentialKind,
    secret: &Secret,
) -> Result<Identity, ActionError> {
    let verify = async || verify_secret(session, service, kind, secret).await;
    retry_while_rejected(verify).await
}

/// Returns the account of `secret`, without using another credential.
pub(super) async fn verify_secret<C>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    kind: CredentialKind,
    secret: &Secret,
) -> Result<Identity, ActionError> {
    let credential = Credential {
        kind,
        secret: secret.clone(),
    };
    fetch_identity(session, &service.base_url, credential).await
}
