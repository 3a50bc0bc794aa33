//! Creates API tokens. A journal finds the token of an interrupted creation.

use crate::actions::token::argument::reject_key;
use crate::actions::token::created_keys;
use crate::actions::token::creation_record::CreationRecord;
use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::token::deviation::revoke_if_deviating;
use crate::actions::token::env_file_target::{EnvFileTarget, EnvVariable, SecretTarget};
use crate::actions::token::existing::existed_before;
use crate::actions::{
    ActionError, AuthenticatedClient, Context, Orphan, ProfileSession, Purpose, ShouldRevoke,
};
use crate::domain::{CreatedToken, CredentialEvent, Secret};
use crate::service::{NewToken, Service};
use crate::vault::{CreationJournal, Delivery};

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
        wanted: &NewToken,
        env_file: Option<&SecretTarget>,
        decide: ShouldRevoke<'_>,
    ) -> Result<UndeliveredToken, ActionError> {
        let mut record = CreationRecord::new(decide);
        self.begin_event(CredentialEvent::TokenCreate);
        let minted = create_with_record(self, wanted, env_file, &mut record).await?;
        self.record_new_token(
            CredentialEvent::TokenCreate,
            minted.token.id.as_ref(),
            &minted.secret,
        );
        Ok(UndeliveredToken {
            created: minted,
            journal: record.into_journal(),
        })
    }
}

/// Agrees for tokens that certainly come from an interrupted creation, when no user can be asked.
pub fn revoke_if_proven(orphan: &Orphan) -> bool {
    orphan.is_proven
}

impl ProfileSession<'_> {
    /// Creates a token. Writes its secret to `env_file` if given.
    ///
    /// # Errors
    /// If the service does not support the request, before anything is sent; then errors of the settings, the service, the
    /// network or the disk. A token whose secret cannot be written is revoked.
    pub async fn create_token(
        self,
        wanted: &NewToken,
        env_file: Option<&SecretTarget>,
    ) -> Result<CreatedToken, ActionError> {
        let mut record = CreationRecord::default();
        self.begin_event(CredentialEvent::TokenCreate);
        let minted = Box::pin(create_with_record(self, wanted, env_file, &mut record)).await?;
        self.record_new_token(
            CredentialEvent::TokenCreate,
            minted.token.id.as_ref(),
            &minted.secret,
        );
        Ok(minted)
    }
}

pub(crate) async fn create_with_record(
    session: ProfileSession<'_>,
    wanted: &NewToken,
    env_file: Option<&SecretTarget>,
    record: &mut CreationRecord<'_>,
) -> Result<CreatedToken, ActionError> {
    wanted.check(&session.target.descriptor)?;
    if let Some(space) = &wanted.space {
        reject_key(session, space)?;
    }
    let variable = env_file
        .map(|wanted| EnvVariable::open(session, wanted).and_then(EnvVariable::check_replaceable));
    let variable = variable.transpose()?;
    let access = AuthenticatedClient::open(session, Purpose::Change)?;
    let service = access.service().await;
    let place = variable.map(|it| it.for_key_at(session, &service.base_url));
    let place = place.transpose()?;
    let file = env_file.map(|wanted| wanted.path.as_path());
    Box::pin(record.begin(session.context, &service, wanted, file)).await;
    let minted = service.create_token(wanted).await;
    let minted = minted.map_err(|error| {
        let error = with_credential_hint(session.target, error);
        record.on_error(&error);
        error
    })?;
    let existed = existed_before(&service, &minted.token);
    if !existed {
        record.record_created(&minted);
    }
    if let Some(id) = minted.token.id.as_ref().filter(|_| !existed) {
        let secret = &minted.secret;
        Box::pin(created_keys::record(session.context, &service, id, secret)).await;
    }
    revoke_if_deviating(&service, wanted, (&minted, existed), record).await?;
    if let Some(place) = place {
        deliver(&service, (&minted, existed), &place, record).await?;
    }
    session.remember_tokens([&minted.token]);
    Ok(minted)
}

/// Writes the secret to its env file, or revokes the token unless it existed before.
async fn deliver(
    service: &Service<'_, AuthenticatedClient<'_>>,
    (minted, existed): (&CreatedToken, bool),
    place: &EnvFileTarget,
    record: &mut CreationRecord<'_>,
) -> Result<(), ActionError> {
    let context = service.transport.session.context;
    record.begin_delivery();
    if let Err(error) = place.set(context, &minted.secret)
        && !is_written(place, &minted.secret)
    {
        revoke_unwritten(context, service, (minted, existed), record).await;
        return Err(error);
    }
    record.finish_delivery();
    warn_if_replaced(context, place);
    Ok(())
}

/// Revokes a token whose secret could not be written.
async fn revoke_unwritten(
    context: &Context,
    service: &Service<'_, AuthenticatedClient<'_>>,
    (minted, existed): (&CreatedToken, bool),
    record: &mut CreationRecord<'_>,
) {
    let then = match &minted.token.id {
        None => "revoke it yourself".to_owned(),
        Some(id) if existed => format!("nothing was revoked: token {id} existed before"),
        Some(id) if service.revoke_token(id).await.is_ok() => {
            record.record_revoked();
            created_keys::mark_revoked(context, service, std::slice::from_ref(id)).await;
            "it was revoked".to_owned()
        }
        Some(id) => format!("revoke it yourself (id {id})"),
    };
    context.warn(format!("cannot write the new token; {then}"));
}

/// Returns true if the file contains `secret` although writing failed, after the rename.
fn is_written(place: &EnvFileTarget, secret: &Secret) -> bool {
    matches!(place.get(), Ok(Some(found)) if found == *secret)
}

fn warn_if_replaced(context: &Context, place: &EnvFileTarget) {
    if place.previous_value().is_some() {
        context.warn(format!(
            "replaced the previous key of {} in \"{}\", which works until it is revoked",
            place.variable_name(),
            place.path().display()
        ));
    }
}
