//! Creates, shows and updates single API tokens.

use std::path::PathBuf;

use crate::actions::token::argument::reject_key;
use crate::actions::token::create::CreationRecord;
use crate::actions::token::created_keys;
use crate::actions::token::env_file_target::{EnvFileTarget, EnvVariable, SecretTarget};
use crate::actions::{ActionError, AuthenticatedClient, Context, ProfileSession, Purpose, Target};
use crate::domain::{ApiToken, CreatedToken, Secret, TokenId};
use crate::provider::TokenVerb;
use crate::service::{NewToken, Service, ensure_supported};

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
        Box::pin(create_with_record(self, (wanted, env_file), &mut record)).await
    }
}

pub(crate) async fn create_with_record(
    session: ProfileSession<'_>,
    (wanted, env_file): (&NewToken, Option<&SecretTarget>),
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
    Box::pin(record.begin(session.context, &service, (wanted, file))).await;
    let minted = service.create_token(wanted).await;
    let minted = minted.map_err(|error| {
        let error = with_credential_hint(session.target, error);
        record.on_error(&error);
        error
    })?;
    record.record_created(&minted);
    if let Some(id) = &minted.token.id {
        let key = (id, &minted.secret);
        Box::pin(created_keys::record(session.context, &service, key)).await;
    }
    if let Some(place) = place {
        deliver(&service, &minted, &place, record).await?;
    }
    Ok(minted)
}

/// Writes the secret to its env file, or revokes the token.
async fn deliver(
    service: &Service<'_, AuthenticatedClient<'_>>,
    minted: &CreatedToken,
    place: &EnvFileTarget,
    record: &mut CreationRecord<'_>,
) -> Result<(), ActionError> {
    let context = service.transport.session.context;
    record.begin_delivery();
    if let Err(error) = place.set(context, &minted.secret)
        && !is_written(place, &minted.secret)
    {
        revoke_unwritten(context, service, minted, record).await;
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
    minted: &CreatedToken,
    record: &mut CreationRecord<'_>,
) {
    let then = match &minted.token.id {
        None => "revoke it yourself".to_owned(),
        Some(id) if service.revoke_token(id).await.is_ok() => {
            record.record_revoked();
            created_keys::forget(context, service, std::slice::from_ref(id)).await;
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

impl ProfileSession<'_> {
    /// Writes the secret of a token to an env file. Returns the absolute path of the file.
    ///
    /// # Errors
    /// If the file cannot be written, a program that reads it would send the key to another server, or the service has no
    /// variable.
    pub fn save_secret(
        self,
        wanted: &SecretTarget,
        secret: &Secret,
    ) -> Result<PathBuf, ActionError> {
        let base = self.resolve_credential()?.base;
        let variable = EnvVariable::open(self, wanted)?.check_replaceable()?;
        let place = variable.for_key_at(self, &base)?;
        place.set(self.context, secret)?;
        Ok(place.path().to_owned())
    }

    /// Returns the token `id`.
    ///
    /// # Errors
    /// Errors of the service, the network or the disk.
    pub async fn get_token(self, id: &TokenId) -> Result<ApiToken, ActionError> {
        ensure_supported(&self.target.descriptor, TokenVerb::Get)?;
        let access = AuthenticatedClient::open(self, Purpose::Read)?;
        let found = access.service().await.get_token(id).await;
        found.map_err(|error| with_credential_hint(self.target, error))
    }

    /// Returns the token whose secret is `key`, without sending the key.
    ///
    /// # Errors
    /// As [`get_token`](Self::get_token).
    pub async fn get_token_by_key(self, key: &Secret) -> Result<ApiToken, ActionError> {
        ensure_supported(&self.target.descriptor, TokenVerb::List)?;
        let access = AuthenticatedClient::open(self, Purpose::Read)?;
        let found = access.service().await.find_token_by_key(key).await;
        found.map_err(|error| with_credential_hint(self.target, error))
    }

    /// Enables or disables the token `id`.
    ///
    /// # Errors
    /// As [`get_token`](Self::get_token).
    pub async fn update_token(self, id: &TokenId, active: bool) -> Result<ApiToken, ActionError> {
        ensure_supported(&self.target.descriptor, TokenVerb::Update)?;
        let access = AuthenticatedClient::open(self, Purpose::Change)?;
        let changed = access.service().await.update_token(id, active).await;
        changed.map_err(|error| with_credential_hint(self.target, error))
    }
}

/// Token calls may require another kind of credential than the one that was rejected.
pub(crate) fn with_credential_hint(target: &Target, mut error: ActionError) -> ActionError {
    if let (ActionError::CredentialRejected { refusal, .. }, Some(kind)) =
        (&mut error, target.descriptor.tokens.credential)
    {
        refusal.advice.push(format!(
            "{} requires a {} for its token calls",
            target.descriptor.name,
            kind.label()
        ));
    }
    error
}
