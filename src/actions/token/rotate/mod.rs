//! Rotates a token: creates a new one with no more rights, verifies it with a request, writes it to the destination of
//! the old one, and revokes the old one.
//!
//! Each step is recorded in a journal before the next, so that the next run finishes or undoes an interrupted rotation.
//! At every moment the destination holds a key that works. Whether it holds the new key decides if an interrupted
//! rotation is finished or undone.

mod destination;
mod key_match;
mod known;
mod listed;
mod recovery;
mod rights;
mod service_call;
mod space;
mod specification;

use std::path::{Path, PathBuf};

use self::destination::Destination;
use self::key_match::ReplacedKey;
use self::listed::{Listed, find_token};
use self::rights::Limits;
use self::specification::spec_from;

use crate::actions::credential::fixed_credential::fetch_identity;
use crate::actions::token::created_keys;
use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::token::propagation::retry_while_rejected;
use crate::actions::{
    ActionError, AuthenticatedClient, Context, Event, ProfileSession, Purpose, RotationError,
    RotationStep, Target,
};
use crate::domain::{
    ApiToken, CreatedToken, Credential, CredentialEvent, Hint, Secret, TokenFact, TokenId, Warning,
};
use crate::provider::TokenVerb;
use crate::service::{
    ApiErrorKind, ApiTransport, Identity, NewToken, Service, ServiceError, Space, ensure_supported,
};
use crate::vault::{EnvFileError, RotatedToken, Rotation, RotationJournal, SecretDestination};

pub use self::rights::RightsComparison;

#[derive(Debug)]
pub struct RotationResult {
    /// The revoked token.
    pub old: TokenId,
    pub new: ApiToken,
    pub env_file: Option<PathBuf>,
    /// The secret, which is written to the destination.
    pub secret: Secret,
    /// Whether an earlier run had started the rotation.
    pub resumed: bool,
    /// `None` if an earlier run compared the rights.
    pub comparison: Option<RightsComparison>,
}

/// Which token is rotated, and what may change.
#[derive(Debug, Clone, Copy)]
pub struct RotationRequest<'a> {
    pub id: &'a TokenId,
    /// The env file that holds its key; `None` for the profile's stored key.
    pub env_file: Option<&'a Path>,
    /// The facts that may become wider.
    pub accepted: &'a [TokenFact],
    /// Whether the key in the env file is replaced although it may be another token's.
    pub replaces_unknown: bool,
}

impl<'a> RotationRequest<'a> {
    /// The rotation of the profile's stored key, which belongs to token `id`, to one with no more rights.
    pub fn new(id: &'a TokenId) -> Self {
        Self {
            id,
            env_file: None,
            accepted: &[],
            replaces_unknown: false,
        }
    }
}

impl ProfileSession<'_> {
    /// Rotates a token. The new one has no more rights and lives no longer than the old one, except for the accepted facts.
    ///
    /// # Errors
    /// `USAGE` where it would have more; `UNSUPPORTED` where the service does not make, show and revoke tokens; whatever the service, the network or the disk
    /// says. A rotation that could not be finished is finished or undone by the next.
    pub async fn rotate_token(
        self,
        request: RotationRequest<'_>,
    ) -> Result<RotationResult, ActionError> {
        ensure_supported(&self.target.descriptor, TokenVerb::Rotate)?;
        if request.env_file == Some(Path::new("-")) {
            return Err(EnvFileError::Dash.into());
        }
        let place = match request.env_file {
            Some(path) => {
                SecretDestination::EnvFile(std::path::absolute(path).unwrap_or(path.into()))
            }
            None => SecretDestination::Profile,
        };
        let journal = self
            .vault()
            .open_rotation_journal(&self.target.name)
            .await?;
        self.begin_event(CredentialEvent::TokenRotate);
        // Boxed to keep the futures of all callers small.
        let settled = Box::pin(recovery::recover(self, &journal, request, &place)).await?;
        if let Some(rotated) = settled {
            self.record_rotated(rotated.new.id.as_ref(), &rotated.secret);
            return Ok(rotated);
        }
        // Protected from Ctrl-C, so that only a killed process leaves an unfinished rotation.
        let work = Box::pin(rotate(self, &journal, request, place));
        let rotated = self.context.shutdown_guard.protect(work).await?;
        self.record_rotated(rotated.new.id.as_ref(), &rotated.secret);
        // A service may keep the id.
        self.forget_tokens(std::slice::from_ref(&rotated.old));
        self.remember_tokens([&rotated.new]);
        Ok(rotated)
    }
}

async fn rotate(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    request: RotationRequest<'_>,
    place: SecretDestination,
) -> Result<RotationResult, ActionError> {
    let access = AuthenticatedClient::open(session, Purpose::Change)?;
    let service = access.service().await;
    let found = find_old_token(session, &service, request, &place).await?;
    let (opened, listed, limits) = (&found.opened, &found.listed, &found.limits);
    let id = &listed.id;
    let request = RotationRequest { id, ..request };
    if let Some(call) = &session.target.descriptor.tokens.rotate {
        let work = service_call::rotate(&access, journal, request, (call, place, &found));
        return Box::pin(work).await;
    }
    let mut wanted = spec_from(session.target, id, &listed.facts, limits);
    listed::choose_unique_name(session.target, listed, &mut wanted);
    limits.check_before(session.target, &wanted)?;
    let compared = key_match::check_key_of_token(&access, opened, request, listed).await?;
    wanted.check(&session.target.descriptor)?;
    let replaced = opened.read_secret(session)?;
    let before = ReplacedKey {
        place: opened,
        secret: replaced.as_ref(),
    };
    let space =
        space::require_same_space(session, &service, opened, before.secret, compared).await?;
    let mut rotation = journal_entry(session.context, &service, listed, &wanted, place);
    let new = create_new_token(session.target, &service, journal, &wanted, &mut rotation).await?;
    announce(session.context, &service, &new).await;
    let comparison = rights::compare_or_revoke(session, journal, limits, &service, &new).await?;
    let place = CheckedDestination {
        destination: opened,
        space: space.as_ref(),
    };
    verify_and_install(session, journal, place, &service, &new).await?;
    recovery::finish(session, journal, &rotation).await?;
    let rotated = RotationResult {
        comparison: Some(comparison),
        ..rotation_result(rotation, new.created, new.id, false)
    };
    key_match::check_replaced_key(session, &service, before, &rotated).await;
    Ok(rotated)
}

/// The token to rotate, and what the new one may not exceed.
struct OldToken {
    opened: Destination,
    listed: Listed,
    limits: Limits,
}

async fn find_old_token(
    session: ProfileSession<'_>,
    service: &Service<'_, AuthenticatedClient<'_>>,
    request: RotationRequest<'_>,
    place: &SecretDestination,
) -> Result<OldToken, ActionError> {
    let opened = Destination::open(session, place, &service.base_url, request.id)?;
    key_match::require_key(&opened, request.id)?;
    session.check_kind_is_unambiguous(request.id).await?;
    let listed = find_token(session, service, request.id).await?;
    opened.check_stored_key(session, &listed.id, &listed.facts)?;
    let limits = Limits::new(session, &listed.facts, request.accepted)?;
    Ok(OldToken {
        opened,
        listed,
        limits,
    })
}

/// A token that the rotation created. The service may report its id in the list only.
struct NewKey {
    id: TokenId,
    created: CreatedToken,
}

/// Where the new key is written, and the space that it must belong to.
#[derive(Clone, Copy)]
struct CheckedDestination<'a> {
    destination: &'a Destination,
    space: Option<&'a Space>,
}

async fn announce<C: ApiTransport>(context: &Context, service: &Service<'_, C>, new: &NewKey) {
    created_keys::record(context, service, &new.id, &new.created.secret).await;
    context.emit(&Event::Rotation(RotationStep::Created));
}

fn journal_entry<C>(
    context: &Context,
    service: &Service<'_, C>,
    listed: &Listed,
    wanted: &NewToken,
    place: SecretDestination,
) -> Rotation {
    let name = listed.facts.name.clone();
    Rotation {
        provider: service.descriptor.id.clone(),
        kind: service.descriptor.tokens.kind.clone(),
        origin: service.base_url.origin(),
        began_at: context.now(),
        old: listed.id.clone(),
        name: chosen_name(wanted).or(name),
        ids_before: listed.before.clone(),
        destination: place,
        new_token: None,
        is_by_service: false,
    }
}

/// The name of the new token, which the old one may not have.
fn chosen_name(wanted: &NewToken) -> Option<String> {
    (!wanted.name.is_empty()).then(|| wanted.name.clone())
}

/// Revokes the new token and returns `why`.
async fn revoke_new_token(
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

/// Creates the new token. Records the intent before and the result after the request.
async fn create_new_token<C: ApiTransport<Error = ActionError>>(
    target: &Target,
    service: &Service<'_, C>,
    journal: &RotationJournal,
    wanted: &NewToken,
    rotation: &mut Rotation,
) -> Result<NewKey, ActionError> {
    journal.write(rotation)?;
    let minted = match service.create_token(wanted).await {
        Ok(minted) => minted,
        Err(error) => {
            return Err(close_if_nothing_created(
                journal,
                with_credential_hint(target, error),
            )?);
        }
    };
    let id = find_new_id(service, rotation, &minted.token).await?;
    rotation.new_token = Some(RotatedToken {
        id: id.clone(),
        fingerprint: minted.secret.fingerprint(Secret::LONG_FINGERPRINT),
        secret: None,
    });
    journal.write(rotation)?;
    let created = minted;
    Ok(NewKey { id, created })
}

/// Closes the journal if the error proves that no token was created. After a lost response, the next run finds out.
fn close_if_nothing_created(
    journal: &RotationJournal,
    error: ActionError,
) -> Result<ActionError, ActionError> {
    let nothing_made = match &error {
        ActionError::Service(ServiceError::Api(refusal)) => {
            refusal.kind != ApiErrorKind::Unavailable
        }
        // The service rejected the call, or it was not sent.
        ActionError::Service(
            ServiceError::ConfirmationRejected { .. }
            | ServiceError::MissingConfirmation { .. }
            | ServiceError::MissingParameter { .. }
            | ServiceError::InvalidArgument { .. }
            | ServiceError::InvalidId(_),
        )
        | ActionError::CredentialRejected { .. }
        | ActionError::LoginExpired { .. }
        | ActionError::RefreshInterrupted { .. } => true,
        _ => false,
    };
    if nothing_made {
        journal.delete()?;
    }
    Ok(error)
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
    let verify = async || verify_secret(session, service, place, &minted.secret).await;
    let proven = retry_while_rejected(verify).await;
    let proven = proven.and_then(|found| space::check_equal(checked.space, found.space.as_ref()));
    let put = match proven {
        Ok(()) => {
            session
                .context
                .emit(&Event::Rotation(RotationStep::Verified));
            place.write(session, &new.id, minted).await
        }
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

/// Returns the account of `secret`, without using another credential.
async fn verify_secret<C>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    place: &Destination,
    secret: &Secret,
) -> Result<Identity, ActionError> {
    let credential = Credential {
        kind: place.kind(),
        secret: secret.clone(),
    };
    fetch_identity(session, &service.base_url, credential).await
}

/// Returns the id of the new token. Some services report it only in the list.
async fn find_new_id<C: ApiTransport<Error = ActionError>>(
    service: &Service<'_, C>,
    rotation: &Rotation,
    token: &ApiToken,
) -> Result<TokenId, ActionError> {
    if let Some(id) = &token.id {
        return Ok(id.clone());
    }
    let mut new = recovery::created_since(service, rotation).await?;
    match (new.pop(), new.is_empty()) {
        (Some(id), true) => Ok(id),
        _ => Err(RotationError::UnknownNewToken {
            service: service.descriptor.name.clone(),
        }
        .into()),
    }
}

fn rotation_result(
    rotation: Rotation,
    minted: CreatedToken,
    id: TokenId,
    resumed: bool,
) -> RotationResult {
    RotationResult {
        old: rotation.old,
        new: ApiToken {
            id: Some(id),
            ..minted.token
        },
        secret: minted.secret,
        env_file: match rotation.destination {
            SecretDestination::EnvFile(path) => Some(path),
            SecretDestination::Profile => None,
        },
        resumed,
        comparison: None,
    }
}
