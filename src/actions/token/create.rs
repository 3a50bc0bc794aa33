//! Creates API tokens. A journal finds the token of an interrupted creation.

use crate::actions::token::argument::{reject_key, reject_key_as_name};
use crate::actions::token::created_keys;
use crate::actions::token::creation_record::CreationRecord;
use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::token::destination::env_file::{EnvFileTarget, EnvVariable, SecretTarget};
use crate::actions::token::destination::{Destination, warn_of_replaced_key};
use crate::actions::token::deviation::revoke_if_deviating;
use crate::actions::token::existing::{ReturnedToken, existed_before};
use crate::actions::token::lookup::NamedToken;
use crate::actions::token::remembered;
use crate::actions::{
    ActionError, AuthenticatedClient, Context, Orphan, ProfileSession, Purpose, RotationError,
    ShouldRevoke, TargetOutcome,
};
use crate::domain::{ApiToken, CreatedToken, CredentialEvent, Secret};
use crate::service::{NewToken, Service};
use crate::vault::{CreationJournal, Delivery, SecretDestination};

/// A created token whose secret is not delivered yet.
#[derive(Debug)]
pub struct UndeliveredToken {
    pub created: CreatedToken,
    journal: Option<CreationJournal>,
}

impl UndeliveredToken {
    /// Records that the secret may be delivered from now on.
    pub fn begin_delivery(&mut self) {
        if let Some(journal) = &mut self.journal {
            // If this fails, the token is still found by its id, and revoked only with the user's consent.
            let _ = journal.set_delivery(Delivery::Begun);
        }
    }

    /// Closes the journal: the secret was delivered.
    pub fn finish_delivery(self) -> CreatedToken {
        if let Some(journal) = self.journal {
            // `doctor` reports a journal that remains, and the next creation closes it.
            let _ = journal.finish();
        }
        self.created
    }
}

impl ProfileSession<'_> {
    /// Creates a token and keeps a journal until the secret is delivered. Revokes tokens that earlier creations left
    /// behind, if `decide` agrees.
    ///
    /// # Errors
    /// As [`super::create_token`].
    pub async fn create_token_with_journal(
        self,
        new_token: &NewToken,
        env_file: Option<&SecretTarget>,
        decide: ShouldRevoke<'_>,
    ) -> Result<UndeliveredToken, ActionError> {
        let mut record = CreationRecord::new(decide);
        let created = create_with_record(self, new_token, env_file, &mut record).await?;
        Ok(UndeliveredToken {
            created,
            journal: record.into_journal(),
        })
    }
}

/// Revokes only tokens that certainly come from an interrupted creation. For commands that cannot ask the user.
///
/// # Errors
/// Never.
pub fn revoke_if_proven(orphan: &Orphan) -> Result<bool, ActionError> {
    Ok(orphan.is_proven)
}

impl ProfileSession<'_> {
    /// Creates a token. Writes its secret to `env_file` if given.
    ///
    /// # Errors
    /// If the service does not support the request, before anything is sent; then errors of the settings, the service, the
    /// network or the disk. A token whose secret cannot be written is revoked.
    pub async fn create_token(
        self,
        new_token: &NewToken,
        env_file: Option<&SecretTarget>,
    ) -> Result<CreatedToken, ActionError> {
        let mut record = CreationRecord::default();
        Box::pin(create_with_record(self, new_token, env_file, &mut record)).await
    }
}

/// Fails if the service does not support the new token, or an argument is a key that was passed by mistake. Sends nothing.
fn check_new_token(session: ProfileSession<'_>, new_token: &NewToken) -> Result<(), ActionError> {
    new_token.check(&session.target.descriptor)?;
    if !new_token.name.is_empty() {
        reject_key_as_name(session, &new_token.name)?;
    }
    match &new_token.space {
        Some(space) => reject_key(session, space),
        None => Ok(()),
    }
}

async fn create_with_record(
    session: ProfileSession<'_>,
    new_token: &NewToken,
    env_file: Option<&SecretTarget>,
    record: &mut CreationRecord<'_>,
) -> Result<CreatedToken, ActionError> {
    session.begin_event(CredentialEvent::TokenCreate);
    check_new_token(session, new_token)?;
    let variable = env_file
        .map(|target| EnvVariable::open(session, target).and_then(EnvVariable::check_replaceable));
    let variable = variable.transpose()?;
    let client = AuthenticatedClient::open(session, Purpose::Change)?;
    let service = client.service().await;
    let env_target = variable.map(|it| it.for_key_at(session, &service.base_url));
    let env_target = env_target.transpose()?;
    let targets: Vec<_> = env_target
        .iter()
        .map(|it| it.destination(session))
        .collect();
    let returned = Box::pin(create(&service, new_token, &targets, record)).await?;
    if let Some(env_target) = env_target {
        remember_targets(session, &returned.created.token, &targets).await;
        deliver(&service, &returned, &env_target, record).await?;
    }
    record_finished(session, &returned.created);
    Ok(returned.created)
}

fn record_finished(session: ProfileSession<'_>, created: &CreatedToken) {
    let (token, secret) = (&created.token, &created.secret);
    session.remember_tokens([token]);
    session.record_new_token(CredentialEvent::TokenCreate, token.id.as_ref(), secret);
}

/// Records where the secret of the token is written. Called before it is written, so that a killed process leaves the record.
async fn remember_targets(
    session: ProfileSession<'_>,
    token: &ApiToken,
    targets: &[SecretDestination],
) {
    if let Some(id) = &token.id {
        let name = token.name.as_deref();
        let named = NamedToken { id, name };
        session.remember_targets(named, None, targets).await;
    }
}

/// Creates the token and records it. A token that existed before is not recorded: some services return one of that name.
async fn create(
    service: &Service<'_, AuthenticatedClient<'_>>,
    new_token: &NewToken,
    targets: &[SecretDestination],
    record: &mut CreationRecord<'_>,
) -> Result<ReturnedToken, ActionError> {
    let session = service.transport.session;
    Box::pin(record.begin(session.context, service, new_token, targets)).await?;
    let created = service.create_token(new_token).await;
    let created = created.map_err(|error| {
        let error = with_credential_hint(session.target, error);
        record.on_error(&error);
        error
    })?;
    let existed = existed_before(service, &created.token);
    if !existed {
        record.record_created(&created);
    }
    if let Some(id) = created.token.id.as_ref().filter(|_| !existed) {
        let secret = &created.secret;
        Box::pin(created_keys::record(session, service, id, secret, None)).await;
    }
    let returned = ReturnedToken { created, existed };
    revoke_if_deviating(service, new_token, &returned, record).await?;
    Ok(returned)
}

/// A token whose secret was passed to several targets, at least one of which has it.
#[derive(Debug)]
pub struct DeliveredToken {
    pub token: ApiToken,
    pub outcomes: Vec<TargetOutcome>,
}

/// Where the secret of a new token is written.
#[derive(Debug, Clone, Copy)]
pub struct CreationTargets<'a> {
    pub destinations: &'a [SecretDestination],
    /// Whether an existing value in a file may be replaced.
    pub can_replace: bool,
}

impl ProfileSession<'_> {
    /// Creates a token and writes its secret to each target. Revokes the token if none could be written. As
    /// [`create_token_with_journal`](Self::create_token_with_journal) otherwise.
    ///
    /// # Errors
    /// Before anything is created, if a target cannot be written; the error of the first target if none was written.
    pub async fn create_token_for_targets(
        self,
        new_token: &NewToken,
        targets: CreationTargets<'_>,
        decide: ShouldRevoke<'_>,
    ) -> Result<DeliveredToken, ActionError> {
        self.begin_event(CredentialEvent::TokenCreate);
        let work = Box::pin(create_for_targets(self, new_token, targets, decide));
        self.context.protect(work).await
    }
}

async fn create_for_targets(
    session: ProfileSession<'_>,
    new_token: &NewToken,
    targets: CreationTargets<'_>,
    decide: ShouldRevoke<'_>,
) -> Result<DeliveredToken, ActionError> {
    check_new_token(session, new_token)?;
    let client = AuthenticatedClient::open(session, Purpose::Change)?;
    let service = client.service().await;
    let open = |target: &SecretDestination| {
        let opened = Destination::open(session, target, &service.base_url, None)?;
        opened.require_free(targets.can_replace)?;
        Ok::<_, ActionError>(opened)
    };
    let destinations = targets.destinations;
    let opened = destinations.iter().map(open);
    let opened = opened.collect::<Result<Vec<_>, _>>()?;
    let mut record = CreationRecord::new(decide);
    let returned = Box::pin(create(&service, new_token, destinations, &mut record)).await?;
    let created = &returned.created;
    remember_targets(session, &created.token, destinations).await;
    record.begin_delivery();
    let outcomes = deliver_to_all(session, destinations, &opened, created).await;
    if !outcomes.iter().any(TargetOutcome::is_written) {
        revoke_unwritten(&service, &returned, &mut record).await;
        let error = outcomes.into_iter().find_map(|outcome| outcome.error);
        return Err(error.map_or(RotationError::NotWritten.into(), |error| *error));
    }
    record.finish_delivery();
    record_finished(session, created);
    Ok(DeliveredToken {
        token: returned.created.token,
        outcomes,
    })
}

async fn deliver_to_all(
    session: ProfileSession<'_>,
    targets: &[SecretDestination],
    opened: &[Destination],
    created: &CreatedToken,
) -> Vec<TargetOutcome> {
    let id = created.token.id.as_ref();
    let mut outcomes = Vec::new();
    for (target, opened) in targets.iter().zip(opened) {
        let written = Box::pin(opened.deliver(session, id, created)).await;
        if written.is_ok() {
            opened.warn_if_replaced(session.context);
        }
        if let Err(error) = &written {
            session.context.warn_if_interrupted(error);
        }
        outcomes.push(TargetOutcome {
            target: target.to_string(),
            error: written.err().map(Box::new),
        });
    }
    outcomes
}

/// Writes the secret to its env file, or revokes the token unless it existed before.
async fn deliver(
    service: &Service<'_, AuthenticatedClient<'_>>,
    returned: &ReturnedToken,
    env_target: &EnvFileTarget,
    record: &mut CreationRecord<'_>,
) -> Result<(), ActionError> {
    let context = service.transport.session.context;
    record.begin_delivery();
    let secret = &returned.created.secret;
    if let Err(error) = env_target.set(context, secret)
        && !is_written(env_target, secret)
    {
        revoke_unwritten(service, returned, record).await;
        return Err(error);
    }
    record.finish_delivery();
    warn_if_replaced(context, env_target);
    Ok(())
}

/// Revokes a token whose secret could not be written.
async fn revoke_unwritten(
    service: &Service<'_, AuthenticatedClient<'_>>,
    returned: &ReturnedToken,
    record: &mut CreationRecord<'_>,
) {
    let session = service.transport.session;
    let context = session.context;
    let id = &returned.created.token.id;
    remembered::forget(session, &service.base_url.origin(), id.as_slice()).await;
    let outcome = match id {
        None => "revoke it yourself".to_owned(),
        Some(id) if returned.existed => format!("nothing was revoked: token {id} existed before"),
        Some(id) if service.revoke_token(id).await.is_ok() => {
            record.record_revoked();
            created_keys::mark_revoked(session, service, std::slice::from_ref(id)).await;
            "it was revoked".to_owned()
        }
        Some(id) => format!("revoke it yourself (id {id})"),
    };
    context.warn(format!("cannot write the new token; {outcome}"));
}

/// Returns true if the file contains `secret` although writing failed, after the rename.
fn is_written(env_target: &EnvFileTarget, secret: &Secret) -> bool {
    matches!(env_target.get(), Ok(Some(found)) if found == *secret)
}

fn warn_if_replaced(context: &Context, env_target: &EnvFileTarget) {
    if env_target.previous_value().is_some() {
        warn_of_replaced_key(context, env_target.path(), env_target.variable_name());
    }
}
