//! Names, reads and writes keyring entries: one per profile, with the same content as the file.
//!
//! All data directories of a user share one keyring, so the index of each has a random id, which is part of the entry
//! names. Earlier releases used the profile's name alone; the directory whose index
//! describes such an entry renames it.

use zeroize::Zeroizing;

use super::keyring::{self, Entry, KeyringError};
use super::{
    Profile, ProfileIndex, ProfileLock, Storage, Vault, VaultError, credential_file, secret_file,
};
use crate::domain::{ProfileName, StoredCredential};

const ID_BYTES: usize = 8;

/// The same limit as for a file, because Linux keyrings have none.
const MAX_BYTES: usize = secret_file::MAX_SIZE;

impl Vault {
    pub(super) fn read_keyring_entry(
        &self,
        profile: &ProfileName,
    ) -> Result<Option<StoredCredential>, VaultError> {
        let index = self.index()?;
        if let Some(entry) = self.entry_with_id(&index, profile)
            && let Some(found) = read_entry(&entry, profile)?
        {
            return Ok(Some(found));
        }
        let Some(record) = profile_with_legacy_entry(&index, profile) else {
            return Ok(None);
        };
        let found = read_entry(&self.legacy_entry(profile), profile)?;
        Ok(found.filter(|found| matches_profile(record, found)))
    }

    pub(super) fn write_keyring_entry(
        &self,
        profile: &ProfileName,
        bytes: Zeroizing<Vec<u8>>,
    ) -> Result<(), VaultError> {
        Ok(write_entry(&self.keyring_entry(profile)?, bytes)?)
    }

    pub(super) fn keyring_entry(&self, profile: &ProfileName) -> Result<Entry<'_>, VaultError> {
        // Without an id, no entry has been written yet, and none is written before there is one.
        let entry = self.entry_with_id(&self.index()?, profile);
        Ok(entry.unwrap_or_else(|| Entry {
            service: &self.keyring_service,
            user: format!("{profile}@"),
        }))
    }

    /// Assigns an id to this data directory if it has none, and renames the profile's entry of an earlier release.
    /// Call this before an entry is written or deleted.
    ///
    /// # Errors
    /// If the index or the keyring cannot be read or written.
    pub async fn prepare_keyring(
        &self,
        lock: &ProfileLock,
        storage: Storage,
    ) -> Result<(), VaultError> {
        if storage != Storage::Keyring {
            return Ok(());
        }
        let mut index = self.index()?;
        if index.keyring_id.is_none() {
            let id = random_id()?;
            self.update_index(|index| assign_keyring_id(index, id))
                .await?;
            index = self.index()?;
        }
        let profile = lock.profile();
        let Some(record) = profile_with_legacy_entry(&index, profile) else {
            return Ok(());
        };
        self.migrate_legacy_entry(&index, record, profile)?;
        self.update_index(|index| {
            if let Some(record) = index.profiles.get_mut(profile) {
                record.has_legacy_entry = false;
            }
        })
        .await
    }

    /// Renames the entry of an earlier release, unless another data directory does so first.
    fn migrate_legacy_entry(
        &self,
        index: &ProfileIndex,
        record: &Profile,
        profile: &ProfileName,
    ) -> Result<(), VaultError> {
        let Some(new) = self.entry_with_id(index, profile) else {
            return Ok(());
        };
        let old = self.legacy_entry(profile);
        let found = match read_entry(&old, profile) {
            // The entry may belong to another directory, and does no harm.
            Err(KeyringError::Corrupt { .. }) => return Ok(()),
            read => read?,
        };
        let Some(found) = found.filter(|found| matches_profile(record, found)) else {
            return Ok(());
        };
        if matches!(read_entry(&new, profile), Ok(Some(_))) {
            // An earlier process was killed between the two steps below.
            keyring::delete(&old)?;
            return Ok(());
        }
        let bytes = credential_file::encode(&found)
            .map_err(|error| VaultError::io("write", self.directory())(error.into()))?;
        write_entry(&new, bytes)?;
        // If two directories copied the entry, only the one that deletes the original keeps its copy.
        if !keyring::delete(&old)? {
            keyring::delete(&new)?;
        }
        Ok(())
    }

    fn entry_with_id(&self, index: &ProfileIndex, profile: &ProfileName) -> Option<Entry<'_>> {
        let id = index.keyring_id.as_ref()?;
        Some(Entry {
            service: &self.keyring_service,
            user: format!("{profile}@{id}"),
        })
    }

    fn legacy_entry(&self, profile: &ProfileName) -> Entry<'_> {
        Entry {
            service: &self.keyring_service,
            user: profile.to_string(),
        }
    }
}

fn read_entry(
    entry: &Entry<'_>,
    profile: &ProfileName,
) -> Result<Option<StoredCredential>, KeyringError> {
    let Some(bytes) = keyring::read(entry)? else {
        return Ok(None);
    };
    let damaged = |_| KeyringError::Corrupt {
        profile: profile.clone(),
    };
    credential_file::decode(&bytes).map(Some).map_err(damaged)
}

fn write_entry(entry: &Entry<'_>, bytes: Zeroizing<Vec<u8>>) -> Result<(), KeyringError> {
    if bytes.len() > MAX_BYTES {
        return Err(KeyringError::TooLarge { limit: MAX_BYTES });
    }
    keyring::write(entry, bytes)
}

/// Only an index without an id can have entries with the old names.
fn assign_keyring_id(index: &mut ProfileIndex, id: String) {
    if index.keyring_id.is_some() {
        return;
    }
    index.keyring_id = Some(id);
    for record in index.profiles.values_mut() {
        record.has_legacy_entry = record.storage == Storage::Keyring || record.has_stale_copy;
    }
}

fn profile_with_legacy_entry<'a>(
    index: &'a ProfileIndex,
    profile: &ProfileName,
) -> Option<&'a Profile> {
    let record = index.profiles.get(profile)?;
    let may_be_used = record.storage == Storage::Keyring || record.has_stale_copy;
    (record.has_legacy_entry || index.keyring_id.is_none() && may_be_used).then_some(record)
}

/// Returns `true` if the index describes this credential. If two directories have the same description, the entry is
/// the one that was written last.
fn matches_profile(record: &Profile, found: &StoredCredential) -> bool {
    let issuer = found.oauth_server.as_ref().map(|it| it.issuer.as_str());
    let has_issuer = |wanted: &String| {
        issuer.is_some_and(|issuer| issuer.trim_end_matches('/') == wanted.trim_end_matches('/'))
    };
    found.provider == record.provider
        && record
            .api_url
            .as_ref()
            .is_none_or(|url| url.origin() == found.origin)
        && record.issuer.as_ref().is_none_or(has_issuer)
        && (record.account.is_none() || record.account == found.account)
}

fn random_id() -> Result<String, VaultError> {
    let mut bytes = [0_u8; ID_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| KeyringError::Other {
        reason: format!("no random numbers: {error}"),
    })?;
    Ok(hex::encode(bytes))
}
