//! Making, showing and changing one API token.

use std::path::{Path, PathBuf};

use super::create::Record;
use super::token_argument::refuse_key;
use super::{Access, ActionError, Context, Purpose, Target};
use crate::domain::{ApiToken, BaseUrl, MintedToken, Secret, TokenId};
use crate::provider::TokenVerb;
use crate::service::{NewToken, require};
use crate::vault::EnvFile;

/// Makes a token; with `env_file`, its secret goes there.
///
/// # Errors
/// For what the service does not document or take, before anything else; then whatever the settings, the service, the
/// network or the disk says. A token whose secret could not be written is revoked again.
pub async fn create_token(
    context: &Context,
    target: &Target,
    wanted: &NewToken,
    env_file: Option<&Path>,
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
    (wanted, env_file): (&NewToken, Option<&Path>),
    record: &mut Record<'_>,
) -> Result<MintedToken, ActionError> {
    wanted.check(&target.descriptor)?;
    if let Some(space) = &wanted.space {
        refuse_key(context, target, space)?;
    }
    let place = env_file.map(|path| env_place(target, path)).transpose()?;
    let access = Access::open(context, target, Purpose::Change)?;
    let service = access.service().await;
    Box::pin(record.begin(context, &service, (wanted, env_file))).await?;
    let minted = service.create_token(wanted).await;
    let minted = minted.map_err(|error| {
        let error = explained(target, error);
        record.failed(&error);
        error
    })?;
    record.created(&minted);
    let Some((file, variable)) = place else {
        return Ok(minted);
    };
    record.begin_delivery();
    if let Err(error) = file.set(&variable, &minted.secret) {
        let then = match &minted.token.id {
            None => "revoke it by hand".to_owned(),
            Some(id) if service.revoke_token(id).await.is_ok() => {
                record.revoked();
                "it was revoked again".to_owned()
            }
            Some(id) => format!("revoke it by hand: its id is {id}"),
        };
        context.warn(format!("the new token could not be written; {then}"));
        return Err(error.into());
    }
    record.delivered();
    Ok(minted)
}

/// Puts the secret of a token of `target` into the env file at `path`; where it stands now.
///
/// # Errors
/// When the file cannot be written, or names another address for the service; and where the service names no variable.
pub fn save_secret(target: &Target, path: &Path, secret: &Secret) -> Result<PathBuf, ActionError> {
    let (file, variable) = env_place(target, path)?;
    file.set(&variable, secret)?;
    Ok(std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
}

/// The file, checked before anything is made, and the variable that the service's key stands in. A key in a file is used
/// at the address in that file, which has to be the one that it is made at.
pub(super) fn env_place(target: &Target, path: &Path) -> Result<(EnvFile, String), ActionError> {
    let service = target.descriptor.name.clone();
    let variable = target.descriptor.environment.api_key.clone();
    let variable = variable.ok_or(ActionError::NoVariable { service })?;
    let file = EnvFile::open(path).map_err(ActionError::EnvFile)?;
    let here = target.base()?.origin();
    if let Some(name) = &target.descriptor.environment.api_url {
        let url = file.get(name).map_err(ActionError::EnvFile)?;
        let url = url.map(|url| url.expose().parse::<BaseUrl>());
        if url.is_some_and(|url| url.map(|url| url.origin()).as_ref() != Ok(&here)) {
            return Err(ActionError::OtherAddress {
                path: path.to_owned(),
                variable: name.clone(),
                here,
            });
        }
    }
    Ok((file, variable))
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
