//! Records which token each key belongs to, for keys that this program created: few services report that. The file contains
//! salted hashes, from which a key cannot be guessed because of its entropy. Never contains a key.

use std::iter;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Vault, VaultError, atomic, permissions, secret_file};
use crate::domain::{Origin, ProfileName, ProviderId, Secret, TokenId};

const FILE: &str = "created-keys.json";
const LOCK: &str = "created-keys.lock";
/// Beyond this number, the oldest records are dropped, those of revoked tokens first.
const MAX_RECORDS: usize = 2000;
const SALT_BYTES: usize = 32;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedKey {
    /// The profile that created the token. Earlier releases did not record it; such a record counts for every profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileName>,
    pub provider: ProviderId,
    pub origin: Origin,
    pub id: TokenId,
    /// When this program received the key, by this computer's clock.
    pub created_at: Timestamp,
    /// The token that a rotation replaced with this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<TokenId>,
}

/// The profile that created a key, and its server. Another profile may be signed in to another account, which may have a
/// token with the same id.
#[derive(Debug, Clone, Copy)]
pub struct IssuingProfile<'a> {
    pub profile: &'a ProfileName,
    pub provider: &'a ProviderId,
    pub origin: &'a Origin,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedKeys {
    salt: String,
    keys: Vec<Record>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    #[serde(flatten)]
    key: CreatedKey,
    fingerprint: String,
    /// The length of the key, which `token scan` needs to find it in a text. Earlier releases did not record it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    length: Option<usize>,
    /// Whether this program revoked the token. The record stays, so that `token scan` recognizes the key.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    revoked: bool,
}

impl CreatedKey {
    /// Returns `true` if `profile` created the key, or if it is not recorded which profile did.
    pub fn is_of_profile(&self, profile: &ProfileName) -> bool {
        self.profile.as_ref().is_none_or(|it| it == profile)
    }

    fn is_replaced_by(&self, other: &Self) -> bool {
        let is_same_token =
            (&self.provider, &self.origin, &self.id) == (&other.provider, &other.origin, &other.id);
        is_same_token && (self.profile.is_none() || self.profile == other.profile)
    }
}

impl CreatedKeys {
    /// Returns the id of the token whose key is `secret` at the server of `issuer`, of any profile; `None` if this program
    /// did not create that key, or revoked it.
    pub fn id_of(&self, issuer: IssuingProfile<'_>, secret: &Secret) -> Option<&TokenId> {
        self.usable_record(issuer, secret).map(|it| &it.key.id)
    }

    /// Returns whether `secret` is the key of token `id` of `issuer`; `None` if this program did not create that key, revoked it,
    /// or another profile created it: the token of another account can have the same id.
    pub fn is_key_of(
        &self,
        issuer: IssuingProfile<'_>,
        secret: &Secret,
        id: &TokenId,
    ) -> Option<bool> {
        let found = self.usable_record(issuer, secret)?;
        if found.key.id != *id {
            return Some(false);
        }
        found.is_of(issuer).then_some(true)
    }

    fn usable_record(&self, issuer: IssuingProfile<'_>, secret: &Secret) -> Option<&Record> {
        let fingerprint = secret.salted_hash(&self.salt);
        let is_usable = |it: &Record| !it.revoked && it.is_at_server_of(issuer);
        let mut records = self.keys.iter();
        records.find(|it| is_usable(it) && it.fingerprint == fingerprint)
    }

    /// Returns the record of `secret`, of any service, even if the token is revoked.
    pub fn find(&self, secret: &Secret) -> Option<&CreatedKey> {
        self.find_record(secret).map(|it| &it.key)
    }

    /// Returns `true` if `secret` is the key of a token that this program revoked.
    pub fn is_revoked(&self, secret: &Secret) -> bool {
        self.find_record(secret).is_some_and(|it| it.revoked)
    }

    fn find_record(&self, secret: &Secret) -> Option<&Record> {
        let fingerprint = secret.salted_hash(&self.salt);
        self.keys.iter().find(|it| it.fingerprint == fingerprint)
    }

    /// Returns the records of the tokens of `issuer` that were not revoked, the oldest first.
    fn usable_records<'a>(
        &'a self,
        issuer: IssuingProfile<'a>,
    ) -> impl DoubleEndedIterator<Item = &'a Record> {
        let records = self.keys.iter();
        records.filter(move |it| !it.revoked && it.is_of(issuer))
    }

    /// Returns each service with the length of one of its keys; `None` if the length was not recorded.
    pub fn lengths(&self) -> impl Iterator<Item = (&ProviderId, Option<usize>)> {
        self.keys.iter().map(|it| (&it.key.provider, it.length))
    }

    /// Returns `true` if the key of token `id` is recorded.
    pub fn has(&self, issuer: IssuingProfile<'_>, id: &TokenId) -> bool {
        self.created_at(issuer, id).is_some()
    }

    /// Returns when the key of token `id` was created; `None` if it is not recorded.
    pub fn created_at(&self, issuer: IssuingProfile<'_>, id: &TokenId) -> Option<Timestamp> {
        let found = self.usable_records(issuer).find(|it| it.key.id == *id);
        found.map(|it| it.key.created_at)
    }

    /// Returns the newest token that replaced token `id`, perhaps by several rotations; `None` if that token is revoked.
    pub fn replacement_of(&self, issuer: IssuingProfile<'_>, id: &TokenId) -> Option<&TokenId> {
        let find_replacement = |id: &TokenId| {
            let mut records = self.keys.iter().rev().filter(|it| it.is_of(issuer));
            records.find(|it| it.key.replaces.as_ref() == Some(id))
        };
        let chain = iter::successors(find_replacement(id), |it| find_replacement(&it.key.id));
        let newest = chain.take(self.keys.len()).last()?;
        (!newest.revoked).then_some(&newest.key.id)
    }

    /// Returns `true` if the key of any token of `issuer` is recorded.
    pub fn has_any(&self, issuer: IssuingProfile<'_>) -> bool {
        self.usable_records(issuer).next().is_some()
    }

    /// Returns the ids of the tokens of `issuer`, the newest first.
    pub fn ids<'a>(&'a self, issuer: IssuingProfile<'a>) -> impl Iterator<Item = &'a TokenId> {
        self.usable_records(issuer).rev().map(|it| &it.key.id)
    }

    fn add(&mut self, key: CreatedKey, secret: &Secret) {
        self.keys.retain(|it| !it.key.is_replaced_by(&key));
        let excess_count = (self.keys.len() + 1).saturating_sub(MAX_RECORDS);
        for _ in 0..excess_count {
            let revoked_index = self.keys.iter().position(|it| it.revoked);
            self.keys.remove(revoked_index.unwrap_or(0));
        }
        let fingerprint = secret.salted_hash(&self.salt);
        self.keys.push(Record {
            key,
            fingerprint,
            length: Some(secret.expose().len()),
            revoked: false,
        });
    }
}

impl Record {
    fn is_of(&self, issuer: IssuingProfile<'_>) -> bool {
        self.is_at_server_of(issuer) && self.key.is_of_profile(issuer.profile)
    }

    fn is_at_server_of(&self, issuer: IssuingProfile<'_>) -> bool {
        self.key.provider == *issuer.provider && self.key.origin == *issuer.origin
    }
}

impl Vault {
    /// Returns the records; none if the file does not exist.
    ///
    /// # Errors
    /// If the file is damaged, accessible to other users or unreadable.
    pub fn created_keys(&self) -> Result<CreatedKeys, VaultError> {
        let read = secret_file::read_json(&self.created_keys_path())?;
        Ok(read.unwrap_or_default())
    }

    /// Records that `secret` is the key of a token. Renames a damaged file.
    ///
    /// # Errors
    /// [`VaultError::Busy`] if the lock times out; if the file cannot be read or written.
    pub async fn record_created_key(
        &self,
        key: CreatedKey,
        secret: &Secret,
    ) -> Result<(), VaultError> {
        permissions::ensure_private_directory(self.directory())?;
        let _lock = self.acquire_lock(&self.directory().join(LOCK)).await?;
        let mut keys = match self.created_keys() {
            Err(damage) if damage.is_damage() => {
                secret_file::quarantine(self.directory(), FILE)?;
                CreatedKeys::default()
            }
            read => read?,
        };
        if keys.salt.is_empty() {
            keys.salt = self.new_salt()?;
        }
        keys.add(key, secret);
        self.write_created_keys(&keys)
    }

    /// Marks the records of revoked tokens. Locks and writes nothing if there are none.
    ///
    /// # Errors
    /// As [`Vault::record_created_key`].
    pub async fn mark_created_keys_revoked(
        &self,
        issuer: IssuingProfile<'_>,
        ids: &[TokenId],
    ) -> Result<(), VaultError> {
        let is_revoked = |it: &Record| !it.revoked && it.is_of(issuer) && ids.contains(&it.key.id);
        self.change_created_keys(is_revoked, |record| record.revoked = true)
            .await
    }

    /// Marks the record of a revoked key, of any profile.
    ///
    /// # Errors
    /// As [`Vault::record_created_key`].
    pub async fn mark_created_key_revoked(&self, secret: &Secret) -> Result<(), VaultError> {
        let keys = self.created_keys().unwrap_or_default();
        let fingerprint = secret.salted_hash(&keys.salt);
        let is_revoked = |it: &Record| !it.revoked && it.fingerprint == fingerprint;
        self.change_created_keys(is_revoked, |record| record.revoked = true)
            .await
    }

    /// Keeps the records of profile `old` under its new name.
    ///
    /// # Errors
    /// As [`Vault::record_created_key`].
    pub async fn rename_created_keys(
        &self,
        old: &ProfileName,
        new: &ProfileName,
    ) -> Result<(), VaultError> {
        let is_renamed = |it: &Record| it.key.profile.as_ref() == Some(old);
        self.change_created_keys(is_renamed, |record| record.key.profile = Some(new.clone()))
            .await
    }

    /// Changes the records that `is_changed` selects. Locks and writes nothing if there are none.
    async fn change_created_keys(
        &self,
        is_changed: impl Fn(&Record) -> bool,
        change: impl Fn(&mut Record),
    ) -> Result<(), VaultError> {
        let keys = self.created_keys();
        if !keys.is_ok_and(|keys| keys.keys.iter().any(&is_changed)) {
            return Ok(());
        }
        let _lock = self.acquire_lock(&self.directory().join(LOCK)).await?;
        let mut keys = self.created_keys()?;
        let changed = keys.keys.iter_mut().filter(|it| is_changed(it));
        changed.for_each(change);
        self.write_created_keys(&keys)
    }

    fn write_created_keys(&self, keys: &CreatedKeys) -> Result<(), VaultError> {
        let path = self.created_keys_path();
        let bytes = serde_json::to_vec(keys)
            .map_err(|error| VaultError::io("write", &path)(error.into()))?;
        secret_file::check_size(&bytes, &path)?;
        atomic::write(self.directory(), FILE, &bytes)
    }

    pub(super) fn new_salt(&self) -> Result<String, VaultError> {
        let mut salt = [0_u8; SALT_BYTES];
        let failed = |error: getrandom::Error| std::io::Error::other(error.to_string());
        getrandom::fill(&mut salt)
            .map_err(failed)
            .map_err(VaultError::io("write", &self.created_keys_path()))?;
        Ok(hex::encode(salt))
    }

    fn created_keys_path(&self) -> PathBuf {
        self.directory().join(FILE)
    }
}

#[cfg(test)]
mod tests;
