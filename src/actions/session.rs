//! What every use case works on: one profile in the context of one command.

use crate::actions::{Context, Target};
use crate::domain::{Origin, RefreshMethod, StoredCredential};
use crate::vault::{IssuingProfile, Storage, Vault, VaultError};

/// The context of the command, and the profile with its provider.
#[derive(Clone, Copy)]
pub struct ProfileSession<'a> {
    pub context: &'a Context,
    pub target: &'a Target,
}

impl Context {
    pub fn session<'a>(&'a self, target: &'a Target) -> ProfileSession<'a> {
        ProfileSession {
            context: self,
            target,
        }
    }
}

impl<'a> ProfileSession<'a> {
    /// Returns the value that the user set for a parameter of the service: a variable, or the setting of the profile.
    pub fn parameter(self, name: &str) -> Option<String> {
        let parameter = self.target.descriptor.parameters.get(name)?;
        let variable = parameter.environment.as_deref();
        let variable = variable.and_then(|name| self.context.environment.get(name));
        let variable = variable
            .filter(|value| !value.is_empty())
            .map(str::to_owned);
        let profile = self.context.config.parameter.get(&self.target.name);
        variable.or_else(|| profile?.get(name).cloned())
    }

    pub(super) fn vault(self) -> &'a Vault {
        &self.context.vault
    }

    /// Returns the profile with its server at `origin`, as the records of created keys name them.
    pub fn issuing_profile(self, origin: &'a Origin) -> IssuingProfile<'a> {
        IssuingProfile {
            profile: &self.target.name,
            provider: &self.target.descriptor.id,
            origin,
        }
    }

    pub(super) fn storage(self) -> Storage {
        self.target.profile.storage
    }

    pub(super) fn read_stored(self) -> Result<Option<StoredCredential>, VaultError> {
        self.vault().read(&self.target.name, self.storage())
    }

    /// As [`Self::read_stored`], and at the other storage backend while the credential moves between both.
    pub(super) fn find_stored(self) -> Result<Option<StoredCredential>, VaultError> {
        self.vault().read_current(&self.target.name, self.storage())
    }

    pub(super) fn can_refresh(self, stored: &StoredCredential) -> bool {
        let has_endpoint = stored.oauth_server.is_some()
            || self.target.descriptor.refresh.is_some()
            || matches!(stored.refresh_method, RefreshMethod::Workload(_));
        stored.is_refreshable() && has_endpoint
    }
}
