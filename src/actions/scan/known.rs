//! The keys that this computer knows: stored credentials, and hashes of the keys that it created.

use crate::actions::Context;
use crate::domain::ProviderId;
use crate::provider::Descriptor;
use crate::scan::{KnownKey, KnownKeys};
use crate::vault::{CreatedKeys, Storage};

/// Shorter secrets occur in texts by chance.
const MIN_LENGTH: usize = 16;

/// Returns the known keys. What cannot be read is left out with a warning.
pub(super) fn keys(context: &Context, services: &[Descriptor]) -> KnownKeys {
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
        stored: stored(context),
        created_lengths,
        find_created: Some(Box::new(move |key| {
            Some(created.find(key)?.provider.clone())
        })),
    }
}

/// Returns the secrets in credential files. The keyring is not read: it could ask for its password.
fn stored(context: &Context) -> Vec<KnownKey> {
    let profiles = context
        .vault
        .profiles_with_credential_file()
        .unwrap_or_default();
    let mut keys = Vec::new();
    for profile in profiles {
        let Ok(Some(stored)) = context.vault.read(&profile, Storage::File) else {
            continue;
        };
        let secrets = [Some(stored.credential.secret), stored.refresh_token];
        let secrets = secrets.into_iter().flatten();
        let long = secrets.filter(|secret| secret.expose().len() >= MIN_LENGTH);
        keys.extend(long.map(|key| KnownKey {
            provider: stored.provider.clone(),
            key,
        }));
    }
    keys
}

/// Returns the issuers that profiles sign in to, each with its service.
pub(super) fn issuers(context: &Context) -> Vec<(ProviderId, String)> {
    let index = context.vault.index().unwrap_or_default();
    let profiles = index.profiles.into_values();
    let named = profiles.filter_map(|profile| Some((profile.provider, profile.issuer?)));
    named.collect()
}
