//! Making, showing and changing one API token.

use std::path::PathBuf;

use crate::actions::token::argument::reject_key;
use crate::actions::token::create::CreationRecord;
use crate::actions::token::created_keys;
use crate::actions::token::env_file_target::{EnvFileTarget, EnvVariable, SecretTarget};
use crate::actions::{
    ActionError, AuthenticatedClient, Context, Purpose, Target, resolve_credential,
};
use crate::domain::{ApiToken, CreatedToken, Secret, TokenId};
use crate::provider::TokenVerb;
use crate::service::{NewToken, Service, ensure_supported};

/// Makes a token; with `env_file`, its secret goes there.
///
/// # Errors
/// For what the service does not document or take, before anything else; then whatever the settings, the service, the
/// network or the disk says. A token whose secret could not be written is revoked again.
pub async fn create_token(
    context: &Context,
    target: &Target,
    wanted: &NewToken,
    env_file: Option<&SecretTarget>,
) -> Result<CreatedToken, ActionError> {
    let mut record = CreationRecord::default();
    Box::pin(create_with_record(
        context,
        target,
        (wanted, env_file),
        &mut record,
    ))
    .await
}

/// The same, with a record.
pub(crate) async fn create_with_record(
    context: &Context,
    target: &Target,
    (wanted, env_file): (&NewToken, Option<&SecretTarget>),
    record: &mut CreationRecord<'_>,
) -> Result<CreatedToken, ActionError> {
    wanted.check(&target.descriptor)?;
    if let Some(space) = &wanted.space {
        reject_key(context, target, space)?;
    }
    let variable = env_file.map(|wanted| {
        EnvVariable::open(context, target, wanted).and_then(EnvVariable::check_replaceable)
    });
    let variable = variable.transpose()?;
    let access = AuthenticatedClient::open(context, target, Purpose::Change)?;
    let service = access.service().await;
    let place = variable.map(|it| it.for_key_at(context, target, &service.base_url));
    let place = place.transpose()?;
    let file = env_file.map(|wanted| wanted.path.as_path());
    Box::pin(record.begin(context, &service, (wanted, file))).await;
    let minted = service.create_token(wanted).await;
    let minted = minted.map_err(|error| {
        let error = with_credential_hint(target, error);
        record.on_error(&error);
        error
    })?;
    record.record_created(&minted);
    if let Some(id) = &minted.token.id {
        Box::pin(created_keys::record(
            context,
            &service,
            (id, &minted.secret),
        ))
        .await;
    }
    let Some(place) = place else {
        return Ok(minted);
    };
    record.begin_delivery();
    if let Err(error) = place.set(context, &minted.secret)
        && !is_written(&place, &minted.secret)
    {
        revoke_unwritten(context, &service, &minted, record).await;
        return Err(error);
    }
    record.finish_delivery();
    warn_if_replaced(context, &place);
    Ok(minted)
}

/// Revokes a token whose secret could not be written.
async fn revoke_unwritten(
    context: &Context,
    service: &Service<'_, AuthenticatedClient<'_>>,
    minted: &CreatedToken,
    record: &mut CreationRecord<'_>,
) {
    let then = match &minted.token.id {
        None => "revoke it by hand".to_owned(),
        Some(id) if service.revoke_token(id).await.is_ok() => {
            record.record_revoked();
            created_keys::forget(context, service, std::slice::from_ref(id)).await;
            "it was revoked again".to_owned()
        }
        Some(id) => format!("revoke it by hand: its id is {id}"),
    };
    context.warn(format!("the new token could not be written; {then}"));
}

/// Returns `true` if `secret` is in its place although writing it failed: after the file was renamed.
fn is_written(place: &EnvFileTarget, secret: &Secret) -> bool {
    matches!(place.get(), Ok(Some(found)) if found == *secret)
}

fn warn_if_replaced(context: &Context, place: &EnvFileTarget) {
    if place.previous_value().is_some() {
        context.warn(format!(
            "the key that {} had in `{}` was replaced; it still works until it is revoked",
            place.variable_name(),
            place.path().display()
        ));
    }
}

/// Writes the secret of a token of `target` to an env file. Returns the file's absolute path.
///
/// # Errors
/// When the file cannot be written, or a reader of it would send the key to another server; and where the service names no
/// variable.
pub fn save_secret(
    context: &Context,
    target: &Target,
    wanted: &SecretTarget,
    secret: &Secret,
) -> Result<PathBuf, ActionError> {
    let base = resolve_credential(context, target)?.base;
    let variable = EnvVariable::open(context, target, wanted)?.check_replaceable()?;
    let place = variable.for_key_at(context, target, &base)?;
    place.set(context, secret)?;
    Ok(place.path().to_owned())
}

/// Shows the token called `id`.
///
/// # Errors
/// Whatever the service, the network or the disk says.
pub async fn get_token(
    context: &Context,
    target: &Target,
    id: &TokenId,
) -> Result<ApiToken, ActionError> {
    ensure_supported(&target.descriptor, TokenVerb::Get)?;
    let access = AuthenticatedClient::open(context, target, Purpose::Read)?;
    let found = access.service().await.get_token(id).await;
    found.map_err(|error| with_credential_hint(target, error))
}

/// Shows the token whose secret is `key`; the key is not sent.
///
/// # Errors
/// As [`get_token`].
pub async fn get_token_by_key(
    context: &Context,
    target: &Target,
    key: &Secret,
) -> Result<ApiToken, ActionError> {
    ensure_supported(&target.descriptor, TokenVerb::List)?;
    let access = AuthenticatedClient::open(context, target, Purpose::Read)?;
    let found = access.service().await.find_token_by_key(key).await;
    found.map_err(|error| with_credential_hint(target, error))
}

/// Switches the token called `id` on or off.
///
/// # Errors
/// As [`get_token`].
pub async fn update_token(
    context: &Context,
    target: &Target,
    id: &TokenId,
    active: bool,
) -> Result<ApiToken, ActionError> {
    ensure_supported(&target.descriptor, TokenVerb::Update)?;
    let access = AuthenticatedClient::open(context, target, Purpose::Change)?;
    let changed = access.service().await.update_token(id, active).await;
    changed.map_err(|error| with_credential_hint(target, error))
}

/// A token call may need another kind of credential than the one that was refused.
pub(crate) fn with_credential_hint(target: &Target, mut error: ActionError) -> ActionError {
    if let (ActionError::CredentialRejected { refusal, .. }, Some(kind)) =
        (&mut error, target.descriptor.tokens.credential)
    {
        refusal.advice.push(format!(
            "{} documents its token calls with a {}",
            target.descriptor.name,
            kind.label()
        ));
    }
    error
}
