//! Where a rotated secret is used: an env file, or the profile's stored key.

use super::RotationError;
use crate::actions::credential::storage_location::migrate_to_configured_storage;
use crate::actions::token::env_file_target::{EnvFileTarget, EnvVariable, SecretTarget};
use crate::actions::{ActionError, Context, Target};
use crate::domain::{
    ApiToken, BaseUrl, CreatedToken, CredentialKind, Expiry, Secret, StoredCredential, TokenId,
};
use crate::vault::SecretDestination;

/// A place that can be written.
#[derive(Debug)]
pub(super) enum Destination {
    EnvFile(Box<EnvFileTarget>),
    Profile { kind: CredentialKind },
}

impl Destination {
    /// Opens the place for a token that is created at `base`; shows that it can be written.
    pub(super) fn open(
        context: &Context,
        target: &Target,
        (place, base): (&SecretDestination, &BaseUrl),
    ) -> Result<Self, ActionError> {
        if let SecretDestination::EnvFile(path) = place {
            let wanted = SecretTarget::env_file(path);
            let variable = EnvVariable::open(context, target, &wanted)?;
            let place = variable.for_key_at(context, target, base)?;
            return Ok(Self::EnvFile(Box::new(place)));
        }
        let stored = read_stored(context, target)?.ok_or_else(|| RotationError::NoStoredKey {
            profile: target.name.to_string(),
        })?;
        Ok(Self::Profile {
            kind: stored.credential.kind,
        })
    }

    /// What kind of credential stands there.
    pub(super) fn kind(&self) -> CredentialKind {
        match self {
            Self::EnvFile(_) => CredentialKind::ApiKey,
            Self::Profile { kind } => *kind,
        }
    }

    /// The secret that stands there now.
    pub(super) fn read_secret(
        &self,
        context: &Context,
        target: &Target,
    ) -> Result<Option<Secret>, ActionError> {
        Ok(match self {
            Self::EnvFile(place) => place.get()?,
            Self::Profile { .. } => {
                read_stored(context, target)?.map(|stored| stored.credential.secret)
            }
        })
    }

    /// Fails where the profile's stored key is known to be another token than `old`.
    pub(super) fn check_stored_key(
        &self,
        context: &Context,
        target: &Target,
        old: &TokenId,
        facts: &ApiToken,
    ) -> Result<(), ActionError> {
        let prefix = facts.prefix.as_deref().unwrap_or_default();
        let prefix = prefix.trim_end_matches(['.', '…', '*']);
        if matches!(self, Self::EnvFile(_)) {
            return Ok(());
        }
        let Some(stored) = read_stored(context, target)? else {
            return Ok(());
        };
        let other_id = stored
            .token_id
            .as_ref()
            .is_some_and(|id| id != old.as_str());
        let other_key = !stored.credential.secret.expose().starts_with(prefix);
        if other_id || other_key {
            return Err(RotationError::StoredKeyMismatch {
                profile: target.name.to_string(),
                id: old.to_string(),
            }
            .into());
        }
        Ok(())
    }

    /// Puts the new secret there.
    pub(super) async fn write(
        &self,
        context: &Context,
        target: &Target,
        id: &TokenId,
        minted: &CreatedToken,
    ) -> Result<(), ActionError> {
        let Self::EnvFile(place) = self else {
            return write_stored(context, target, id, minted).await;
        };
        place.set(context, &minted.secret)
    }

    /// Puts the key `before` back into an env file that has `new` now. Returns `false` for another place.
    pub(super) fn restore(&self, before: &Secret, new: &Secret) -> Result<bool, ActionError> {
        let Self::EnvFile(place) = self else {
            return Ok(false);
        };
        place.restore(before, new).map(|()| true)
    }
}

async fn write_stored(
    context: &Context,
    target: &Target,
    id: &TokenId,
    minted: &CreatedToken,
) -> Result<(), ActionError> {
    let lock = context.vault.lock(&target.name).await?;
    let target = &target.reload_storage(context);
    let mut new = read_stored(context, target)?.ok_or_else(|| RotationError::NoStoredKey {
        profile: target.name.to_string(),
    })?;
    new.credential.secret = minted.secret.clone();
    new.token_id = Some(id.as_str().to_owned());
    new.expiry = Expiry::from_deadline(context.clock_reading_for(&new), minted.token.expires_at);
    context.vault.write(&lock, target.profile.storage, &new)?;
    Box::pin(migrate_to_configured_storage(context, &lock)).await;
    Ok(())
}

/// The profile's stored key, or its login token where the login told its id: what a rotation can replace.
fn read_stored(
    context: &Context,
    target: &Target,
) -> Result<Option<StoredCredential>, ActionError> {
    let stored = context
        .vault
        .read_current(&target.name, target.profile.storage)?;
    let origin = target.base()?.origin();
    Ok(stored.filter(|stored| {
        let is_here = stored.provider == target.descriptor.id && stored.origin == origin;
        let is_key = stored.credential.kind == CredentialKind::ApiKey;
        is_here && (is_key || stored.token_id.is_some()) && stored.refresh_token.is_none()
    }))
}
