//! Records which token each key belongs to, for keys that this program created: few services report that. The file contains
//! salted hashes, from which a key cannot be guessed because of its entropy. Never contains a key.

use std::iter;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Vault, VaultError, atomic, permissions, secret_file};
use crate::domain::{Origin, ProviderId, Secret, TokenId};

const FILE: &str = "created-keys.json";
const LOCK: &str = "created-keys.lock";
/// Beyond this number, the oldest records are dropped, those of revoked tokens first.
const MAX_RECORDS: usize = 2000;
const SALT_BYTES: usize = 32;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedKey {
    pub provider: ProviderId,
    pub origin: Origin,
    pub id: TokenId,
    /// When this program received the key, by this computer's clock.
    pub created_at: Timestamp,
    /// The token that a rotation replaced with this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<TokenId>,
}

/// The service that issued a key. Token ids are unique only within it.
#[derive(Debug, Clone, Copy)]
pub struct IssuingService<'a> {
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
    fn issuing_service(&self) -> IssuingService<'_> {
        IssuingService {
            provider: &self.provider,
            origin: &self.origin,
        }
    }
}

impl CreatedKeys {
    /// Returns the id of the token whose key is `secret` at `service`; `None` if this program did not create that
    /// key, or revoked it.
    pub fn id_of(&self, service: IssuingService<'_>, secret: &Secret) -> Option<&TokenId> {
        let fingerprint = secret.salted_hash(&self.salt);
        let mut records = self.keys.iter();
        let found = records.find(|it| it.is_usable(service) && it.fingerprint == fingerprint);
        found.map(|it| &it.key.id)
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

    /// Returns the records of tokens at `service` that were not revoked, the oldest first.
    fn usable_records<'a>(
        &'a self,
        service: IssuingService<'a>,
    ) -> impl DoubleEndedIterator<Item = &'a Record> {
        let records = self.keys.iter();
        records.filter(move |it| it.is_usable(service))
    }

    /// Returns each service with the length of one of its keys; `None` if the length was not recorded.
    pub fn lengths(&self) -> impl Iterator<Item = (&ProviderId, Option<usize>)> {
        self.keys.iter().map(|it| (&it.key.provider, it.length))
    }

    /// Returns `true` if the key of token `id` is recorded.
    pub fn has(&self, service: IssuingService<'_>, id: &TokenId) -> bool {
        self.created_at(service, id).is_some()
    }

    /// Returns when the key of token `id` was created; `None` if it is not recorded.
    pub fn created_at(&self, service: IssuingService<'_>, id: &TokenId) -> Option<Timestamp> {
        let found = self.usable_records(service).find(|it| it.key.id == *id);
        found.map(|it| it.key.created_at)
    }

    /// Returns the newest token that replaced token `id`, perhaps by several rotations; `None` if that token is revoked.
    pub fn replacement_of(&self, service: IssuingService<'_>, id: &TokenId) -> Option<&TokenId> {
        let find_replacement = |id: &TokenId| {
            let mut records = self.keys.iter().rev().filter(|it| it.is_of(service));
            records.find(|it| it.key.replaces.as_ref() == Some(id))
        };
        let chain = iter::successors(find_replacement(id), |it| find_replacement(&it.key.id));
        let newest = chain.take(self.keys.len()).last()?;
        (!newest.revoked).then_some(&newest.key.id)
    }

    /// Returns `true` if the key of any token at `service` is recorded.
    pub fn has_any(&self, service: IssuingService<'_>) -> bool {
        self.usable_records(service).next().is_some()
    }

    /// Returns the ids of the tokens at a service, the newest first.
    pub fn ids<'a>(&'a self, service: IssuingService<'a>) -> impl Iterator<Item = &'a TokenId> {
        self.usable_records(service).rev().map(|it| &it.key.id)
    }

    fn add(&mut self, key: CreatedKey, secret: &Secret) {
        let service = key.issuing_service();
        self.keys
            .retain(|it| !(it.is_of(service) && it.key.id == key.id));
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
    fn is_usable(&self, service: IssuingService<'_>) -> bool {
        !self.revoked && self.is_of(service)
    }

    fn is_of(&self, service: IssuingService<'_>) -> bool {
        self.key.provider == *service.provider && self.key.origin == *service.origin
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
        service: IssuingService<'_>,
        ids: &[TokenId],
    ) -> Result<(), VaultError> {
        if !ids.iter().any(|id| self.is_created_key(service, id)) {
            return Ok(());
        }
        let _lock = self.acquire_lock(&self.directory().join(LOCK)).await?;
        let mut keys = self.created_keys()?;
        for record in &mut keys.keys {
            record.revoked |= record.is_of(service) && ids.contains(&record.key.id);
        }
        self.write_created_keys(&keys)
    }

    fn is_created_key(&self, service: IssuingService<'_>, id: &TokenId) -> bool {
        self.created_keys().is_ok_and(|keys| keys.has(service, id))
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
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn key(id: &str) -> CreatedKey {
        CreatedKey {
            provider: "brainmaps".parse().unwrap(),
            origin: "https://api.example.com".parse().unwrap(),
            id: TokenId::new(id),
            created_at: Timestamp::UNIX_EPOCH,
            replaces: None,
        }
    }

    fn vault() -> (tempfile::TempDir, Vault) {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::new(home.path().join("data"));
        (home, vault)
    }

    #[tokio::test]
    async fn replacement_of_a_token_is_the_last_one_that_is_in_use() {
        let (_home, vault) = vault();
        // The first rotation of 1 was undone; then 3, the result of the second, was rotated.
        for (id, old) in [("2", "1"), ("3", "1"), ("4", "3")] {
            let replaces = Some(TokenId::new(old));
            let new = CreatedKey {
                replaces,
                ..key(id)
            };
            vault
                .record_created_key(new, &Secret::new(id))
                .await
                .unwrap();
        }
        let one = key("1");
        let service = one.issuing_service();
        let found = async |revoked: &[&str], id: &str| {
            let revoked: Vec<_> = revoked.iter().copied().map(TokenId::new).collect();
            let marked = vault.mark_created_keys_revoked(service, &revoked).await;
            marked.unwrap();
            let keys = vault.created_keys().unwrap();
            keys.replacement_of(service, &TokenId::new(id)).cloned()
        };
        let four = Some(TokenId::new("4"));
        assert_eq!(found(&["2", "3"], "1").await, four);
        assert_eq!(found(&[], "3").await, four);
        assert_eq!(found(&[], "2").await, None);
        assert_eq!(found(&["4"], "1").await, None);
    }

    #[tokio::test]
    async fn recorded_key_is_found_by_its_secret_until_its_token_is_revoked() {
        let (_home, vault) = vault();
        let (one, two) = (key("1"), key("2"));
        let service = one.issuing_service();
        let secret = Secret::new("c4n4ry-one");
        vault
            .mark_created_keys_revoked(service, &[TokenId::new("1")])
            .await
            .unwrap();
        assert!(!vault.directory().exists(), "nothing is written");
        vault
            .record_created_key(one.clone(), &secret)
            .await
            .unwrap();
        vault
            .record_created_key(two, &Secret::new("c4n4ry-two"))
            .await
            .unwrap();
        let keys = vault.created_keys().unwrap();
        assert_eq!(keys.id_of(service, &secret), Some(&TokenId::new("1")));
        assert_eq!(keys.id_of(service, &Secret::new("other")), None);
        let elsewhere = "https://other.example.com".parse().unwrap();
        let elsewhere = IssuingService {
            origin: &elsewhere,
            ..service
        };
        assert_eq!(keys.id_of(elsewhere, &secret), None);

        let path = vault.created_keys_path();
        assert!(!fs::read_to_string(&path).unwrap().contains("c4n4ry"));
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        vault
            .mark_created_keys_revoked(service, &[TokenId::new("1")])
            .await
            .unwrap();
        let keys = vault.created_keys().unwrap();
        assert_eq!(keys.id_of(service, &secret), None);
        assert_eq!(keys.find(&secret), Some(&one), "a scan still finds it");
        assert!(keys.is_revoked(&secret));
        assert!(!keys.has(service, &one.id) && keys.has(service, &TokenId::new("2")));
    }

    #[tokio::test]
    async fn two_data_directories_have_different_hashes_of_one_key() {
        let mut hashes = Vec::new();
        for _ in 0..2 {
            let (_home, vault) = vault();
            let secret = Secret::new("same");
            vault.record_created_key(key("1"), &secret).await.unwrap();
            hashes.push(vault.created_keys().unwrap().keys.remove(0).fingerprint);
        }
        assert_ne!(hashes[0], hashes[1]);
    }

    #[tokio::test]
    async fn damaged_file_is_set_aside_by_the_next_record() {
        let (_home, vault) = vault();
        let secret = Secret::new("one");
        vault.record_created_key(key("1"), &secret).await.unwrap();
        atomic::write(vault.directory(), FILE, b"{").unwrap();
        assert!(vault.created_keys().unwrap_err().is_damage());
        vault.record_created_key(key("2"), &secret).await.unwrap();
        let expected = key("2");
        let service = expected.issuing_service();
        let keys = vault.created_keys().unwrap();
        assert_eq!(keys.id_of(service, &secret), Some(&expected.id));
    }

    #[test]
    fn oldest_records_are_dropped_beyond_the_limit() {
        let mut keys = CreatedKeys::default();
        for number in 0..=MAX_RECORDS {
            keys.add(key(&number.to_string()), &Secret::new("one"));
            if number == 5 {
                keys.keys[5].revoked = true;
            }
        }
        let first = key("0");
        let service = first.issuing_service();
        assert_eq!(keys.keys.len(), MAX_RECORDS);
        assert!(keys.has(service, &first.id) && !keys.has(service, &TokenId::new("5")));
        keys.add(key("one more"), &Secret::new("one"));
        assert!(!keys.has(service, &first.id) && keys.has(service, &TokenId::new("1")));
    }
}
