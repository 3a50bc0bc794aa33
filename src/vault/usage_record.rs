//! Records what credentials were used for: methods and patterns of paths, programs, days. The file contains no secrets: a
//! credential is recorded by a salted hash. Uses are not counted, so that only the first one of a day is written.

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{IssuingProfile, TokenServer, Vault, VaultError, atomic, lock, secret_file};
use crate::domain::{CredentialUsage, ProfileName, Secret, TokenId};

const FILE: &str = "usage.json";
const LOCK: &str = "usage.lock";
/// Beyond this number, the records of the credentials that were not used for the longest time are deleted.
const MAX_CREDENTIALS: usize = 40;
/// A holder of the lock needs a few milliseconds.
const ATTEMPTS: u32 = 200;
const PAUSE: Duration = Duration::from_millis(5);
/// In hexadecimal digits.
const FINGERPRINT: usize = 32;

/// The use of one credential in one profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedCredential {
    pub profile: ProfileName,
    #[serde(flatten)]
    pub server: TokenServer,
    /// The salted hash of a key; `None` for the sessions of the profile, whose secrets change.
    pub fingerprint: Option<String>,
    /// The token, if this program created the key.
    pub token: Option<TokenId>,
    #[serde(flatten)]
    pub usage: CredentialUsage,
}

/// A credential as it is used now.
#[derive(Debug, Clone, Copy)]
pub struct CredentialInUse<'a> {
    pub profile: &'a ProfileName,
    pub server: &'a TokenServer,
    /// `None` for a session.
    pub key: Option<&'a Secret>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageRecord {
    salt: String,
    credentials: Vec<UsedCredential>,
}

impl UsageRecord {
    /// Returns the use of each credential in `profile`.
    pub fn of_profile(&self, profile: &ProfileName) -> impl Iterator<Item = &UsedCredential> {
        let used = self.credentials.iter();
        used.filter(move |it| it.profile == *profile)
    }

    /// Returns the use of a key in all profiles; `None` if it is not recorded.
    pub fn of_key(&self, server: &TokenServer, key: &Secret) -> Option<CredentialUsage> {
        let fingerprint = Some(self.fingerprint(key));
        self.merged(|it| it.server == *server && it.fingerprint == fingerprint)
    }

    /// Returns the use of a token in all profiles; `None` if it is not recorded, or the key of the token is not known.
    pub fn of_token(&self, server: &TokenServer, id: &TokenId) -> Option<CredentialUsage> {
        self.merged(|it| it.server == *server && it.token.as_ref() == Some(id))
    }

    fn merged(&self, is_meant: impl Fn(&UsedCredential) -> bool) -> Option<CredentialUsage> {
        let mut merged = CredentialUsage::default();
        for used in self.credentials.iter().filter(|it| is_meant(it)) {
            merged.merge(&used.usage);
        }
        (!merged.is_empty()).then_some(merged)
    }

    fn fingerprint(&self, key: &Secret) -> String {
        let mut digits = key.salted_hash(&self.salt);
        digits.truncate(FINGERPRINT);
        digits
    }

    fn find(&self, of: CredentialInUse<'_>) -> Option<usize> {
        let fingerprint = of.key.map(|key| self.fingerprint(key));
        let mut used = self.credentials.iter();
        used.position(|it| {
            it.profile == *of.profile && it.server == *of.server && it.fingerprint == fingerprint
        })
    }

    fn remove_oldest(&mut self) {
        let last_day = |it: &UsedCredential| it.usage.days().map(|(_, last)| last);
        let used = self.credentials.iter().enumerate();
        let oldest = used.min_by_key(|(_, it)| last_day(it));
        if let Some((oldest, _)) = oldest {
            self.credentials.remove(oldest);
        }
    }
}

impl Vault {
    /// Returns the record without days after `today`; an empty one if the file does not exist.
    ///
    /// # Errors
    /// If the file is damaged, accessible to other users or unreadable.
    pub fn usage_record(&self, today: Date) -> Result<UsageRecord, VaultError> {
        let mut record = self.read_usage()?;
        for used in &mut record.credentials {
            used.usage.limit_days(today);
        }
        Ok(record)
    }

    pub(super) fn read_usage(&self) -> Result<UsageRecord, VaultError> {
        let read = secret_file::read_json(&self.usage_path())?;
        Ok(read.unwrap_or_default())
    }

    /// Returns `true` if the file of the record exists, whether or not it can be read.
    pub fn has_usage_record(&self) -> bool {
        self.usage_path().symlink_metadata().is_ok()
    }

    /// Adds the use of a credential. Locks and writes nothing if it was recorded on the same day, nor without a data directory.
    /// Renames a damaged file. Waits for other processes up to a second.
    ///
    /// # Errors
    /// [`VaultError::Busy`] if the lock times out; if the file cannot be read or written.
    pub fn add_usage(
        &self,
        of: CredentialInUse<'_>,
        usage: &CredentialUsage,
    ) -> Result<(), VaultError> {
        let is_known = |record: UsageRecord| {
            let known = record.find(of).map(|index| &record.credentials[index]);
            known.is_some_and(|known| known.usage.contains(usage))
        };
        if !self.directory().is_dir() || self.read_usage().is_ok_and(is_known) {
            return Ok(());
        }
        let _lock = self.lock_usage()?;
        let mut record = match self.read_usage() {
            Err(damage) if damage.is_damage() => {
                secret_file::quarantine(self.directory(), FILE)?;
                UsageRecord::default()
            }
            read => read?,
        };
        if record.salt.is_empty() {
            record.salt = self.new_salt()?;
        }
        let index = record.find(of).unwrap_or_else(|| {
            let new = self.new_entry(&record, of);
            record.credentials.push(new);
            record.credentials.len() - 1
        });
        record.credentials[index].usage.merge(usage);
        self.write_usage(record)
    }

    /// Deletes the record of `profile`, or of all profiles. Returns the number of credentials that it was about.
    ///
    /// # Errors
    /// As [`Vault::add_usage`].
    pub fn clear_usage(&self, profile: Option<&ProfileName>) -> Result<usize, VaultError> {
        if !self.has_usage_record() {
            return Ok(0);
        }
        let _lock = self.lock_usage()?;
        let mut record = match self.read_usage() {
            Err(damage) if damage.is_damage() => UsageRecord::default(),
            read => read?,
        };
        let before = record.credentials.len();
        let is_kept = |it: &UsedCredential| profile.is_some_and(|profile| it.profile != *profile);
        record.credentials.retain(is_kept);
        let cleared = before - record.credentials.len();
        if record.credentials.is_empty() {
            secret_file::delete(self.directory(), FILE)?;
        } else if cleared > 0 {
            self.write_usage(record)?;
        }
        Ok(cleared)
    }

    /// Gives the record of profile `old` to `new`.
    ///
    /// # Errors
    /// As [`Vault::add_usage`].
    pub fn rename_usage(&self, old: &ProfileName, new: &ProfileName) -> Result<(), VaultError> {
        if self.read_usage()?.of_profile(old).next().is_none() {
            return Ok(());
        }
        let _lock = self.lock_usage()?;
        let mut record = self.read_usage()?;
        for used in &mut record.credentials {
            if used.profile == *old {
                used.profile = new.clone();
            }
        }
        self.write_usage(record)
    }

    fn new_entry(&self, record: &UsageRecord, of: CredentialInUse<'_>) -> UsedCredential {
        let issuer = IssuingProfile {
            profile: of.profile,
            provider: &of.server.provider,
            origin: &of.server.origin,
        };
        let token = of.key.and_then(|key| {
            let created = self.created_keys().ok()?;
            created.id_of(issuer, key).cloned()
        });
        UsedCredential {
            profile: of.profile.clone(),
            server: of.server.clone(),
            fingerprint: of.key.map(|key| record.fingerprint(key)),
            token,
            usage: CredentialUsage::default(),
        }
    }

    fn write_usage(&self, mut record: UsageRecord) -> Result<(), VaultError> {
        let path = self.usage_path();
        loop {
            let bytes = serde_json::to_vec(&record)
                .map_err(|error| VaultError::io("write", &path)(error.into()))?;
            let is_small = secret_file::check_size(&bytes, &path).is_ok();
            if is_small && record.credentials.len() <= MAX_CREDENTIALS {
                return atomic::write(self.directory(), FILE, &bytes);
            }
            record.remove_oldest();
        }
    }

    /// Waits without a runtime: commands that send nothing have none.
    fn lock_usage(&self) -> Result<lock::LockedFile, VaultError> {
        let path = self.directory().join(LOCK);
        for _ in 0..ATTEMPTS {
            if let Some(lock) = lock::try_acquire(&path)? {
                return Ok(lock);
            }
            sleep(PAUSE);
        }
        Err(VaultError::Busy { path })
    }

    fn usage_path(&self) -> PathBuf {
        self.directory().join(FILE)
    }
}
