//! Creates, shows and updates single API tokens.

use std::path::PathBuf;

use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::token::destination::env_file::{EnvVariable, SecretTarget};
use crate::actions::token::lookup::TokenLookup;
use crate::actions::token::propagation::retry_if_new;
use crate::actions::{ActionError, AuthenticatedClient, ProfileSession, Purpose};
use crate::domain::{ApiToken, CredentialEvent, Secret, TokenId};
use crate::provider::TokenVerb;
use crate::service::ensure_supported;

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

    /// Returns the token `id`, which may be its name or the first characters of its id.
    ///
    /// # Errors
    /// Errors of the service, the network or the disk.
    pub async fn get_token(self, id: &TokenId) -> Result<ApiToken, ActionError> {
        ensure_supported(&self.target.descriptor, TokenVerb::Get)?;
        let client = AuthenticatedClient::open(self, Purpose::Read)?;
        let service = client.service().await;
        let id = &TokenLookup::new(self).resolve(id).await?;
        let get = async || service.get_token(id).await;
        let found = retry_if_new(self, &service.base_url.origin(), id, get).await;
        found.map_err(|error| with_credential_hint(self.target, error))
    }

    /// Returns the token whose secret is `key`, without sending the key.
    ///
    /// # Errors
    /// As [`get_token`](Self::get_token).
    pub async fn get_token_by_key(self, key: &Secret) -> Result<ApiToken, ActionError> {
        ensure_supported(&self.target.descriptor, TokenVerb::List)?;
        let client = AuthenticatedClient::open(self, Purpose::Read)?;
        let found = client.service().await.find_token_by_key(key).await;
        found.map_err(|error| with_credential_hint(self.target, error))
    }

    /// Enables or disables the token `id`, which may be its name or the first characters of its id.
    ///
    /// # Errors
    /// As [`get_token`](Self::get_token).
    pub async fn update_token(self, id: &TokenId, active: bool) -> Result<ApiToken, ActionError> {
        ensure_supported(&self.target.descriptor, TokenVerb::Update)?;
        self.begin_event(CredentialEvent::TokenUpdate);
        let client = AuthenticatedClient::open(self, Purpose::Change)?;
        let service = client.service().await;
        let id = &TokenLookup::new(self).resolve(id).await?;
        let changed = service.update_token(id, active).await;
        let changed = changed.map_err(|error| with_credential_hint(self.target, error))?;
        self.record_token(CredentialEvent::TokenUpdate, Some(id));
        Ok(changed)
    }
}
