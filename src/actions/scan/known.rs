//! Loads the keys that this computer knows, for the scanner: stored credentials, and hashes of the keys that it created. Never
//! reads the keyring, which could ask for a password.

use crate::actions::Context;
use crate::domain::{ProfileName, ProviderId, Secret, StoredCredential};
use crate::provider::Descriptor;
use crate::scan::{KnownKey, KnownKeys};
use crate::vault::{CreatedKeys, Storage, VaultError};

/// Shorter secrets occur in texts by chance.
const MIN_LENGTH: usize = 16;

/// Returns the known keys. Records that cannot be read are left out with a warning.
pub(super) fn load_known_keys(context: &Context, services: &[Descriptor]) -> KnownKeys {
    let created = context.vault.created_keys().unwrap_or_else(|error| {
        context.warn(format!(
            "cannot search for the keys that were created here: {error}"
        ));
        CreatedKeys::default()
    });
    let has_prefix = |id: &ProviderId| {
        let service = services.iter().find(|service| service.id == *id);
        service.is_some_and(|service| service.key.is_some())
    };
    let lengths = created.lengths().filter(|(id, _)| !has_prefix(id));
    let mut created_lengths: Vec<usize> = lengths.map(|(_, length)| length.unwrap_or(0)).collect();
    created_lengths.sort_unstable();
    created_lengths.dedup();
    KnownKeys {
        stored: load_stored_keys(context),
        created_lengths,
        find_created: Some(Box::new(move |key| {
            Some(created.find(key)?.provider.clone())
        })),
    }
}

/// A profile with the credential in its file.
pub(super) struct StoredProfile {
    pub(super) name: ProfileName,
    pub(super) credential: StoredCredential,
}

impl StoredProfile {
    /// Returns `true` if `key` is the credential or its refresh token. Compares with both, so that the time does not show which
    /// one is equal.
    pub(super) fn contains(&self, key: &Secret) -> bool {
        let secrets = self.credential.secrets();
        secrets.filter(|secret| *secret == key).count() > 0
    }
}

/// Returns the profiles with a credential file. Files that cannot be read are left out with a warning.
pub(super) fn load_stored_profiles(context: &Context) -> Vec<StoredProfile> {
    let warn = |error: &VaultError| {
        let error = error.to_line();
        context.warn(format!("cannot search for a stored credential: {error}"));
    };
    let profiles = context.vault.profiles_with_credential_file();
    let profiles = profiles.inspect_err(warn).unwrap_or_default().into_iter();
    let stored = profiles.filter_map(|name| read_profile(context, name).inspect_err(warn).ok()?);
    stored.collect()
}

/// Returns the profile with the credential in its file; `None` without one.
pub(super) fn read_profile(
    context: &Context,
    name: ProfileName,
) -> Result<Option<StoredProfile>, VaultError> {
    let credential = context.vault.read(&name, Storage::File)?;
    Ok(credential.map(|credential| StoredProfile { name, credential }))
}

fn load_stored_keys(context: &Context) -> Vec<KnownKey> {
    let mut keys = Vec::new();
    for profile in load_stored_profiles(context) {
        let long = profile.credential.secrets();
        let long = long.filter(|secret| secret.expose().len() >= MIN_LENGTH);
        keys.extend(long.map(|key| KnownKey {
            provider: profile.credential.provider.clone(),
            key: key.clone(),
        }));
    }
    keys
}

/// Returns the profiles whose credential is not searched for, because it is in the keyring.
pub(super) fn list_keyring_profiles(context: &Context) -> Vec<ProfileName> {
    let index = context.vault.index().unwrap_or_default();
    let profiles = index.profiles.into_iter();
    let in_keyring = profiles.filter(|(_, profile)| profile.storage == Storage::Keyring);
    in_keyring.map(|(name, _)| name).collect()
}

/// Returns the issuers that profiles sign in to, each with its service.
pub(super) fn list_issuers(context: &Context) -> Vec<(ProviderId, String)> {
    let index = context.vault.index().unwrap_or_default();
    let profiles = index.profiles.into_values();
    let named = profiles.filter_map(|profile| Some((profile.provider, profile.issuer?)));
    named.collect()
}
