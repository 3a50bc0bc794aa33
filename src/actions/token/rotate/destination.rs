//! The destination of a rotated secret: an env file, or the profile's stored key.

use std::path::PathBuf;

use crate::actions::credential::select::find_dotenv_key;
use crate::actions::credential::storage_location::migrate_to_configured_storage;
use crate::actions::token::env_file_target::{EnvFileTarget, EnvVariable, SecretTarget};
use crate::actions::{ActionError, ProfileSession, RotationError, Source};
use crate::domain::{
    ApiToken, BaseUrl, CreatedToken, CredentialKind, Expiry, Secret, StoredCredential, TokenId,
};
use crate::vault::SecretDestination;

#[derive(Debug)]
pub(super) enum Destination {
    EnvFile(Box<EnvFileTarget>),
    Profile { kind: CredentialKind },
}

impl Destination {
    /// Opens the destination for a key of the server at `base`, and checks that it can be written.
    pub(super) fn open(
        session: ProfileSession<'_>,
        place: &SecretDestination,
        base: &BaseUrl,
        id: &TokenId,
    ) -> Result<Self, ActionError> {
        if let SecretDestination::EnvFile(path) = place {
            let wanted = SecretTarget::env_file(path);
            let variable = EnvVariable::open(session, &wanted)?;
            let place = variable.for_key_at(session, base)?;
            return Ok(Self::EnvFile(Box::new(place)));
        }
        let stored = read_stored(session)?.ok_or_else(|| no_stored_key(session, id))?;
        Ok(Self::Profile {
            kind: stored.credential.kind,
        })
    }

    pub(super) fn kind(&self) -> CredentialKind {
        match self {
            Self::EnvFile(_) => CredentialKind::ApiKey,
            Self::Profile { kind } => *kind,
        }
    }

    pub(super) fn read_secret(
        &self,
        session: ProfileSession<'_>,
    ) -> Result<Option<Secret>, ActionError> {
        Ok(match self {
            Self::EnvFile(place) => place.get()?,
            Self::Profile { .. } => read_stored(session)?.map(|stored| stored.credential.secret),
        })
    }

    /// Returns true if the destination has `secret`.
    pub(super) fn has_secret(&self, session: ProfileSession<'_>, secret: &Secret) -> bool {
        self.read_secret(session).ok().flatten().as_ref() == Some(secret)
    }

    /// Fails if an env file already has a key, unless it `may_replace` the key.
    pub(super) fn require_free(&self, may_replace: bool) -> Result<(), ActionError> {
        match self {
            Self::EnvFile(file) if !may_replace && file.previous_value().is_some() => {
                Err(ActionError::KeyExists {
                    path: file.path().to_owned(),
                    variable: file.variable_name().to_owned(),
                })
            }
            _ => Ok(()),
        }
    }

    /// Fails if the profile's stored key is known to belong to another token than `old`.
    pub(super) fn check_stored_key(
        &self,
        session: ProfileSession<'_>,
        old: &TokenId,
        facts: &ApiToken,
    ) -> Result<(), ActionError> {
        let prefix = facts.prefix.as_deref().unwrap_or_default();
        let prefix = prefix.trim_end_matches(['.', '…', '*']);
        if matches!(self, Self::EnvFile(_)) {
            return Ok(());
        }
        let Some(stored) = read_stored(session)? else {
            return Ok(());
        };
        let other_id = stored
            .token_id
            .as_ref()
            .is_some_and(|id| id != old.as_str());
        let other_key = !stored.credential.secret.expose().starts_with(prefix);
        if other_id || other_key {
            return Err(RotationError::StoredKeyMismatch {
                profile: session.target.name.to_string(),
                id: old.to_string(),
                env_file: env_file_in_use(session),
            }
            .into());
        }
        Ok(())
    }

    pub(super) async fn write(
        &self,
        session: ProfileSession<'_>,
        id: &TokenId,
        minted: &CreatedToken,
    ) -> Result<(), ActionError> {
        let Self::EnvFile(place) = self else {
            return write_stored(session, id, minted).await;
        };
        place.set(session.context, &minted.secret)
    }
}

async fn write_stored(
    session: ProfileSession<'_>,
    id: &TokenId,
    minted: &CreatedToken,
) -> Result<(), ActionError> {
    let lock = session.vault().lock(&session.target.name).await?;
    let target = session.target.reload_storage(session.context);
    let session = session.context.session(&target);
    let mut new = read_stored(session)?.ok_or_else(|| no_stored_key(session, id))?;
    new.credential.secret = minted.secret.clone();
    new.token_id = Some(id.as_str().to_owned());
    new.expiry = Expiry::from_deadline(
        session.context.clock_reading_for(&new),
        minted.token.expires_at,
    );
    session.vault().write(&lock, session.storage(), &new)?;
    Box::pin(migrate_to_configured_storage(session.context, &lock)).await;
    Ok(())
}

/// Returns what a rotation can replace: the profile's stored key, or its login token if the login reported its id.
fn read_stored(session: ProfileSession<'_>) -> Result<Option<StoredCredential>, ActionError> {
    let stored = session.find_stored()?;
    let origin = session.target.base()?.origin();
    Ok(stored.filter(|stored| {
        let is_here = stored.provider == session.target.descriptor.id && stored.origin == origin;
        let is_key = stored.credential.kind == CredentialKind::ApiKey;
        is_here && (is_key || stored.token_id.is_some()) && !stored.is_refreshable()
    }))
}

fn no_stored_key(session: ProfileSession<'_>, id: &TokenId) -> RotationError {
    RotationError::NoStoredKey {
        profile: session.target.name.to_string(),
        id: id.to_string(),
        env_file: env_file_in_use(session),
    }
}

/// Returns the `.env` whose key is probably meant, as the user would name it.
fn env_file_in_use(session: ProfileSession<'_>) -> Option<PathBuf> {
    let Source::DotEnv { path, .. } = find_dotenv_key(session)?.source else {
        return None;
    };
    let below = path.strip_prefix(&session.context.directory);
    Some(below.map(ToOwned::to_owned).unwrap_or(path))
}
