//! Making, showing and changing one API token.

use std::path::PathBuf;

use super::create::Record;
use super::env_place::{EnvPlace, EnvVariable, SecretTarget};
use super::token_argument::refuse_key;
use super::{Access, ActionError, Context, Purpose, Target, select};
use crate::domain::{ApiToken, MintedToken, Secret, TokenId};
use crate::provider::TokenVerb;
use crate::service::{NewToken, Service, require};

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
) -> Result<MintedToken, ActionError> {
    let mut record = Record::default();
    Box::pin(create_with(
        context,
        target,
        (wanted, env_file),
        &mut record,
    ))
    .await
}

/// The same, with a record.
pub(super) async fn create_with(
    context: &Context,
    target: &Target,
    (wanted, env_file): (&NewToken, Option<&SecretTarget>),
    record: &mut Record<'_>,
) -> Result<MintedToken, ActionError> {
    wanted.check(&target.descriptor)?;
    if let Some(space) = &wanted.space {
        refuse_key(context, target, space)?;
    }
    let variable = env_file.map(|wanted| {
        EnvVariable::open(context, target, wanted).and_then(EnvVariable::check_replaceable)
    });
    let variable = variable.transpose()?;
    let access = Access::open(context, target, Purpose::Change)?;
    let service = access.service().await;
    let place = variable.map(|it| it.for_key_of(context, target, &service.base));
    let place = place.transpose()?;
    let file = env_file.map(|wanted| wanted.path.as_path());
    Box::pin(record.begin(context, &service, (wanted, file))).await;
    let minted = service.create_token(wanted).await;
    let minted = minted.map_err(|error| {
        let error = explained(target, error);
        record.failed(&error);
        error
    })?;
    record.created(&minted);
    let Some(place) = place else {
        return Ok(minted);
    };
    record.begin_delivery();
    if let Err(error) = place.set(&minted.secret)
        && !is_there(&place, &minted.secret)
    {
        take_back(context, &service, &minted, record).await;
        return Err(error);
    }
    record.delivered();
    warn_of_replaced(context, &place);
    Ok(minted)
}

/// Revokes a token whose secret could not be written.
async fn take_back(
    context: &Context,
    service: &Service<'_, Access<'_>>,
    minted: &MintedToken,
    record: &mut Record<'_>,
) {
    let then = match &minted.token.id {
        None => "revoke it by hand".to_owned(),
        Some(id) if service.revoke_token(id).await.is_ok() => {
            record.revoked();
            "it was revoked again".to_owned()
        }
        Some(id) => format!("revoke it by hand: its id is {id}"),
    };
    context.warn(format!("the new token could not be written; {then}"));
}

/// Returns `true` if `secret` is in its place although writing it failed: after the file was renamed.
fn is_there(place: &EnvPlace, secret: &Secret) -> bool {
    matches!(place.get(), Ok(Some(found)) if found == *secret)
}

fn warn_of_replaced(context: &Context, place: &EnvPlace) {
    if place.value_before().is_some() {
        context.warn(format!(
            "the key that {} had in `{}` was replaced; it still works until it is revoked",
            place.name(),
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
    let base = select(context, target)?.base;
    let variable = EnvVariable::open(context, target, wanted)?.check_replaceable()?;
    let place = variable.for_key_of(context, target, &base)?;
    place.set(secret)?;
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
    require(&target.descriptor, TokenVerb::Get)?;
    let access = Access::open(context, target, Purpose::Read)?;
    let found = access.service().await.get_token(id).await;
    found.map_err(|error| explained(target, error))
}

/// Shows the token whose secret is `key`; the key is not sent.
///
/// # Errors
/// As [`get_token`].
pub async fn token_by_key(
    context: &Context,
    target: &Target,
    key: &Secret,
) -> Result<ApiToken, ActionError> {
    require(&target.descriptor, TokenVerb::List)?;
    let access = Access::open(context, target, Purpose::Read)?;
    let found = access.service().await.token_by_key(key).await;
    found.map_err(|error| explained(target, error))
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
    require(&target.descriptor, TokenVerb::Update)?;
    let access = Access::open(context, target, Purpose::Change)?;
    let changed = access.service().await.update_token(id, active).await;
    changed.map_err(|error| explained(target, error))
}

/// A token call may need another kind of credential than the one that was refused.
pub(super) fn explained(target: &Target, mut error: ActionError) -> ActionError {
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
