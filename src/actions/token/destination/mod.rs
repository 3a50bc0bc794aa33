//! The destination of a new secret: an env file, a value in a configuration file, a command, or the profile's stored key.

mod command;
mod config;
pub(crate) mod env_file;
pub(crate) mod existing_key;

use std::path::{Path, PathBuf};

use self::config::ConfigTarget;
use self::env_file::{EnvFileTarget, EnvVariable, SecretTarget};
use self::existing_key::ExistingKey;
use crate::actions::credential::select::find_dotenv_key;
use crate::actions::credential::storage_location::migrate_to_configured_storage;
use crate::actions::{ActionError, Context, ProfileSession, RotationError, Source};
use crate::domain::{
    ApiToken, BaseUrl, CreatedToken, CredentialKind, Expiry, Secret, StoredCredential, TokenId,
};
use crate::vault::{SecretDestination, TargetCommand};

#[derive(Debug)]
pub(crate) enum Destination {
    EnvFile(Box<EnvFileTarget>),
    Config(Box<ConfigTarget>),
    Command(TargetCommand),
    Profile { kind: CredentialKind },
}

impl Destination {
    /// Opens the destination for a key of the server at `base`, and checks that it can be written.
    pub(super) fn open(
        session: ProfileSession<'_>,
        target: &SecretDestination,
        base: &BaseUrl,
        id: Option<&TokenId>,
    ) -> Result<Self, ActionError> {
        if let Some(env_target) = SecretTarget::from_destination(target) {
            let variable = EnvVariable::open(session, &env_target)?;
            let target = variable.for_key_at(session, base)?;
            return Ok(Self::EnvFile(Box::new(target)));
        }
        match target {
            SecretDestination::Config(target) => {
                let target = ConfigTarget::open(session.context, target)?;
                Ok(Self::Config(Box::new(target)))
            }
            SecretDestination::Command(target) => {
                command::check_directory(target)?;
                Ok(Self::Command(target.clone()))
            }
            _ => {
                let stored = read_stored(session)?.ok_or_else(|| no_stored_key(session, id))?;
                let kind = stored.credential.kind;
                Ok(Self::Profile { kind })
            }
        }
    }

    pub(super) fn kind(&self) -> CredentialKind {
        match self {
            Self::Profile { kind } => *kind,
            _ => CredentialKind::ApiKey,
        }
    }

    /// Returns the file with the key; `None` for a destination of another type.
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Self::EnvFile(file) => Some(file.path()),
            Self::Config(file) => Some(file.path()),
            _ => None,
        }
    }

    /// Returns the value in the file when it was opened.
    pub(super) fn previous_value(&self) -> Option<&Secret> {
        match self {
            Self::EnvFile(file) => file.previous_value(),
            Self::Config(file) => file.previous_value(),
            _ => None,
        }
    }

    /// Returns whether the file existed when it was opened.
    pub(super) fn existed(&self) -> bool {
        match self {
            Self::EnvFile(file) => file.existed(),
            Self::Config(file) => file.existed(),
            _ => true,
        }
    }

    /// Returns the variable or the key in the file.
    pub(super) fn value_name(&self) -> &str {
        match self {
            Self::EnvFile(file) => file.variable_name(),
            Self::Config(file) => file.key(),
            _ => "",
        }
    }

    pub(super) fn read_secret(
        &self,
        session: ProfileSession<'_>,
    ) -> Result<Option<Secret>, ActionError> {
        Ok(match self {
            Self::EnvFile(file) => file.get()?,
            Self::Config(file) => file.get()?,
            Self::Command(_) => None,
            Self::Profile { .. } => read_stored(session)?.map(|stored| stored.credential.secret),
        })
    }

    /// Returns true if the destination has `secret`.
    pub(super) fn has_secret(&self, session: ProfileSession<'_>, secret: &Secret) -> bool {
        self.read_secret(session).ok().flatten().as_ref() == Some(secret)
    }

    /// Fails if a file already has a key that the new one must not replace.
    pub(super) fn require_free(&self, may_replace: bool) -> Result<(), ActionError> {
        match self.path() {
            Some(path) if !may_replace && self.previous_value().is_some() => {
                Err(ActionError::KeyExists {
                    path: path.to_owned(),
                    variable: self.value_name().to_owned(),
                    is_config: matches!(self, Self::Config(_)),
                })
            }
            _ => Ok(()),
        }
    }

    /// Warns if another key was in the file, which is not revoked.
    pub(super) fn warn_if_replaced(&self, context: &Context) {
        if let (Some(path), Some(_)) = (self.path(), self.previous_value()) {
            warn_of_replaced_key(context, path, self.value_name());
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
        if !matches!(self, Self::Profile { .. }) {
            return Ok(());
        }
        let Some(stored) = read_stored(session)? else {
            return Ok(());
        };
        let is_other_id = stored
            .token_id
            .as_ref()
            .is_some_and(|id| id != old.as_str());
        let is_other_key = !stored.credential.secret.expose().starts_with(prefix);
        if is_other_id || is_other_key {
            return Err(RotationError::StoredKeyMismatch {
                profile: session.target.name.to_string(),
                id: old.to_string(),
                env_file: env_file_in_use(session),
            }
            .into());
        }
        Ok(())
    }

    /// Writes the secret and proves that it arrived: a file is read again, a command exits with 0.
    pub(super) async fn deliver(
        &self,
        session: ProfileSession<'_>,
        id: Option<&TokenId>,
        created: &CreatedToken,
    ) -> Result<(), ActionError> {
        let written = self.write(session, id, created).await;
        let is_proven = match self {
            Self::Command(_) => written.is_ok(),
            // Writing may fail after the file was replaced.
            _ => self.has_secret(session, &created.secret),
        };
        match written {
            _ if is_proven => Ok(()),
            Err(error) => Err(error),
            Ok(()) => Err(RotationError::NotWritten.into()),
        }
    }

    pub(super) async fn write(
        &self,
        session: ProfileSession<'_>,
        id: Option<&TokenId>,
        created: &CreatedToken,
    ) -> Result<(), ActionError> {
        match self {
            Self::EnvFile(file) => file.set(session.context, &created.secret),
            Self::Config(file) => file.set(&created.secret),
            Self::Command(target) => {
                command::run(session.context, target, id, &created.secret).await
            }
            Self::Profile { .. } => write_stored(session, id, created).await,
        }
    }
}

impl ProfileSession<'_> {
    /// Returns the key that is already at `place`. Sends nothing.
    ///
    /// # Errors
    /// If the file cannot be written, or the service has no variable for its key.
    pub fn find_existing_key(
        self,
        target: &SecretDestination,
    ) -> Result<Option<ExistingKey>, ActionError> {
        if let SecretDestination::Config(target) = target {
            let target = ConfigTarget::open(self.context, target)?;
            let found = target.previous_value().map(|_| ExistingKey {
                path: target.path().to_owned(),
                name: target.key().to_owned(),
            });
            return Ok(found);
        }
        match SecretTarget::from_destination(target) {
            Some(env_target) => Ok(EnvVariable::open(self, &env_target)?.existing_key()),
            None => Ok(None),
        }
    }
}

pub(super) fn warn_of_replaced_key(context: &Context, path: &Path, name: &str) {
    context.warn(format!(
        "replaced the previous key of {name} in \"{}\", which works until it is revoked",
        path.display()
    ));
}

async fn write_stored(
    session: ProfileSession<'_>,
    id: Option<&TokenId>,
    created: &CreatedToken,
) -> Result<(), ActionError> {
    let lock = session.vault().lock(&session.target.name).await?;
    let target = session.target.reload_storage(session.context);
    let session = session.context.session(&target);
    let mut new = read_stored(session)?.ok_or_else(|| no_stored_key(session, id))?;
    new.credential.secret = created.secret.clone();
    new.token_id = id.map(|id| id.as_str().to_owned());
    new.expiry = Expiry::from_deadline(
        session.context.clock_reading_for(&new),
        created.token.expires_at,
    );
    session.vault().write(&lock, session.storage(), &new)?;
    Box::pin(migrate_to_configured_storage(session.context, &lock)).await;
    Ok(())
}

/// Returns the stored credential if a rotation can replace it: an API key, or a login token whose id the login reported.
fn read_stored(session: ProfileSession<'_>) -> Result<Option<StoredCredential>, ActionError> {
    let stored = session.find_stored()?;
    let origin = session.target.base()?.origin();
    Ok(stored.filter(|stored| {
        let is_of_server =
            stored.provider == session.target.descriptor.id && stored.origin == origin;
        let is_key = stored.credential.kind == CredentialKind::ApiKey;
        is_of_server && (is_key || stored.token_id.is_some()) && !stored.is_refreshable()
    }))
}

fn no_stored_key(session: ProfileSession<'_>, id: Option<&TokenId>) -> RotationError {
    RotationError::NoStoredKey {
        profile: session.target.name.to_string(),
        id: id.map(TokenId::to_string),
        env_file: env_file_in_use(session),
    }
}

/// Returns the `.env` file that the credential in use comes from, relative to the current directory if possible: the user
/// probably wants to rotate the key in it.
fn env_file_in_use(session: ProfileSession<'_>) -> Option<PathBuf> {
    let Source::DotEnv { path, .. } = find_dotenv_key(session)?.source else {
        return None;
    };
    let relative = path.strip_prefix(&session.context.directory);
    Some(relative.map(ToOwned::to_owned).unwrap_or(path))
}
