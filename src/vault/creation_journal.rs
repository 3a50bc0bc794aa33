//! The journal of `token create`: one file per creation, written before the request and deleted when the secret is
//! delivered. It contains no secret. The process keeps the file locked, so that a journal that can be locked belongs to a
//! process that died.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::permissions::{self, open_guard};
use super::{SecretDestination, Vault, VaultError, atomic, secret_file};
use crate::domain::{Origin, ProfileName, ProviderId, TokenId};
use crate::files;

pub(super) const FOLDER: &str = "creations";
const SUFFIX: &str = ".json";
/// The suffix of a journal that no later creation reports.
const REPORTED_SUFFIX: &str = ".reported";
/// The writer of a temporary file this old has died.
const MAX_TEMP_AGE: Duration = Duration::from_mins(1);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Creation {
    pub provider: ProviderId,
    /// The kind of token, for services with several.
    #[serde(default)]
    pub kind: Option<String>,
    pub origin: Origin,
    /// By this computer's clock.
    pub began_at: Timestamp,
    /// The name of the new token, if the service's tokens have names.
    pub name: Option<String>,
    /// The id of the new token, once the service has returned it.
    #[serde(rename = "created", default)]
    pub token_id: Option<TokenId>,
    #[serde(default)]
    pub delivery: Delivery,
    /// The destinations of the secret; an env file has its variable.
    #[serde(default)]
    pub targets: Vec<SecretDestination>,
    /// The secret's fingerprint, which shows which files contain the secret.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

/// Whether the new secret has reached its destination.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    #[default]
    Pending,
    /// The secret is being written, and may have arrived.
    Begun,
    /// The secret has arrived. The journal stays while other creations are unfinished, to distinguish its token from
    /// theirs.
    Done,
}

#[derive(Debug)]
pub struct CreationJournal {
    directory: PathBuf,
    name: String,
    creation: Creation,
    lock: File,
}

#[derive(Debug, Default)]
pub struct CreationJournals {
    /// Journals of processes that died. This process now holds their locks.
    pub abandoned: Vec<CreationJournal>,
    /// Journals of running processes.
    pub running: Vec<Creation>,
    /// The new paths of damaged journals.
    pub quarantined: Vec<PathBuf>,
}

impl Vault {
    /// Writes the journal of `creation`.
    ///
    /// # Errors
    /// If the journal cannot be written, or is too large to be read back: then do not create the token.
    pub fn begin_creation(
        &self,
        profile: &ProfileName,
        creation: Creation,
    ) -> Result<CreationJournal, VaultError> {
        permissions::ensure_private_directory(self.directory())?;
        let directory = self.directory().join(FOLDER);
        permissions::check_directory(self.directory(), FOLDER)?;
        permissions::ensure_private_directory(&directory)?;
        let name = format!("{profile}.{}{SUFFIX}", random_suffix());
        let lock = write(&directory, &name, &creation)?;
        Ok(CreationJournal {
            directory,
            name,
            creation,
            lock,
        })
    }

    /// Locks the journals of `profile` whose processes died, and reads the others. Renames damaged ones.
    ///
    /// # Errors
    /// If the directory or a journal cannot be read.
    pub fn claim_creation_journals(
        &self,
        profile: &ProfileName,
    ) -> Result<CreationJournals, VaultError> {
        let directory = self.directory().join(FOLDER);
        let mut journals = CreationJournals::default();
        permissions::check_directory(self.directory(), FOLDER)?;
        for name in file_names(&directory)? {
            if is_temp(&name) {
                remove_stale_temp(&directory.join(&name));
            } else if profile_of(&name) == Some(profile.as_str()) {
                claim(&directory, name, &mut journals)?;
            }
        }
        Ok(journals)
    }

    /// Deletes the journals of `profile` that [`CreationJournal::mark_reported`] renamed.
    pub(super) fn delete_reported_creations(
        &self,
        profile: &ProfileName,
    ) -> Result<(), VaultError> {
        let directory = self.directory().join(FOLDER);
        for name in file_names(&directory)? {
            if profile_of_reported(&name) == Some(profile.as_str()) {
                secret_file::delete(&directory, &name)?;
            }
        }
        Ok(())
    }
}

impl CreationJournal {
    pub fn creation(&self) -> &Creation {
        &self.creation
    }

    /// Records the new token's id and its secret's fingerprint.
    ///
    /// # Errors
    /// If the journal cannot be written or would be too large: it is then unchanged.
    pub fn set_created(
        &mut self,
        id: Option<TokenId>,
        fingerprint: String,
    ) -> Result<(), VaultError> {
        self.rewrite(Creation {
            token_id: id,
            fingerprint: Some(fingerprint),
            ..self.creation.clone()
        })
    }

    /// Records how far the secret has been delivered.
    ///
    /// # Errors
    /// As [`CreationJournal::set_created`].
    pub fn set_delivery(&mut self, delivery: Delivery) -> Result<(), VaultError> {
        self.rewrite(Creation {
            delivery,
            ..self.creation.clone()
        })
    }

    /// Ends the creation after the secret was delivered. Keeps the journal while other creations of the profile are
    /// unfinished, to distinguish its token from theirs.
    ///
    /// # Errors
    /// If the journal cannot be written or deleted.
    pub fn finish(mut self) -> Result<(), VaultError> {
        let profile = profile_of(&self.name).map(str::to_owned);
        let is_other = |name: &String| *name != self.name && profile_of(name) == profile.as_deref();
        if file_names(&self.directory)?.iter().any(is_other) {
            return self.set_delivery(Delivery::Done);
        }
        self.delete()
    }

    /// Renames the journal, so that [`Vault::claim_creation_journals`] does not find it again.
    ///
    /// # Errors
    /// If the journal cannot be renamed.
    pub fn mark_reported(self) -> Result<(), VaultError> {
        let stem = self.name.strip_suffix(SUFFIX).unwrap_or(&self.name);
        let new_name = format!("{stem}{REPORTED_SUFFIX}");
        secret_file::rename(&self.directory, &self.name, &new_name)
    }

    /// Deletes the journal.
    ///
    /// # Errors
    /// If the journal cannot be deleted.
    pub fn delete(self) -> Result<(), VaultError> {
        secret_file::delete(&self.directory, &self.name).map(drop)
    }

    fn rewrite(&mut self, creation: Creation) -> Result<(), VaultError> {
        self.lock = write(&self.directory, &self.name, &creation)?;
        self.creation = creation;
        Ok(())
    }
}

fn write(directory: &Path, name: &str, creation: &Creation) -> Result<File, VaultError> {
    let path = directory.join(name);
    let bytes = serde_json::to_vec(creation)
        .map_err(|error| VaultError::io("write", &path)(error.into()))?;
    secret_file::check_size(&bytes, &path)?;
    atomic::write_locked(directory, name, &bytes)
}

/// Adds the journal to `found`, and locks it if its process died.
fn claim(
    directory: &Path,
    name: String,
    journals: &mut CreationJournals,
) -> Result<(), VaultError> {
    let path = directory.join(&name);
    let lock = open_guard(&path);
    let is_abandoned = lock.as_ref().is_some_and(|lock| lock.try_lock().is_ok());
    let creation = match read(&path) {
        Ok(Some(creation)) => creation,
        // Deleted since the directory was read.
        Ok(None) => return Ok(()),
        Err(error) if error.is_damage() => {
            let new_path = secret_file::quarantine(directory, &name)?;
            journals.quarantined.push(new_path);
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    match lock.filter(|_| is_abandoned) {
        Some(lock) => journals.abandoned.push(CreationJournal {
            directory: directory.to_owned(),
            name,
            creation,
            lock,
        }),
        None => journals.running.push(creation),
    }
    Ok(())
}

pub(super) fn read(path: &Path) -> Result<Option<Creation>, VaultError> {
    secret_file::read_json(path)
}

/// Returns the sorted file names in `directory`; none if it does not exist.
pub(super) fn file_names(directory: &Path) -> Result<Vec<String>, VaultError> {
    let names = files::names(directory)?.into_iter();
    let mut names: Vec<String> = names.filter_map(|name| name.into_string().ok()).collect();
    names.sort();
    Ok(names)
}

/// Returns the profile of the journal called `name`.
pub(super) fn profile_of(name: &str) -> Option<&str> {
    profile_of_stem(name.strip_suffix(SUFFIX)?)
}

/// As [`profile_of`], for a journal that was reported.
pub(super) fn profile_of_reported(name: &str) -> Option<&str> {
    profile_of_stem(name.strip_suffix(REPORTED_SUFFIX)?)
}

/// Returns the profile in a file name without its suffix. A profile name may contain a dot; the random part does not.
fn profile_of_stem(stem: &str) -> Option<&str> {
    let (profile, random) = stem.rsplit_once('.')?;
    let is_journal = !profile.starts_with('.') && random.len() == 2 * SUFFIX_BYTES;
    is_journal.then_some(profile)
}

fn is_temp(name: &str) -> bool {
    name.starts_with('.') && name.strip_suffix(".tmp").is_some()
}

fn remove_stale_temp(path: &Path) {
    let modified = fs::symlink_metadata(path).and_then(|it| it.modified());
    let age = modified.ok().and_then(|it| it.elapsed().ok());
    if age.is_some_and(|age| age > MAX_TEMP_AGE) {
        let _ = fs::remove_file(path);
    }
}

const SUFFIX_BYTES: usize = 8;

fn random_suffix() -> String {
    let mut bytes = [0_u8; SUFFIX_BYTES];
    if getrandom::fill(&mut bytes).is_err() {
        // Supported systems always have random numbers. The process id still distinguishes running processes.
        bytes = u64::from(std::process::id()).to_be_bytes();
    }
    hex::encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn creation() -> Creation {
        Creation {
            kind: None,
            provider: "brainmaps".parse().unwrap(),
            origin: "https://api.example.com".parse().unwrap(),
            began_at: Timestamp::UNIX_EPOCH,
            name: Some("ci".to_owned()),
            token_id: None,
            delivery: Delivery::Pending,
            targets: Vec::new(),
            fingerprint: None,
        }
    }

    fn vault() -> (tempfile::TempDir, Vault) {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::new(home.path().join("data"));
        (home, vault)
    }

    fn work() -> ProfileName {
        "work".parse().unwrap()
    }

    #[test]
    fn journal_is_claimed_only_after_its_process_ended() {
        let (_home, vault) = vault();
        let mut journal = vault.begin_creation(&work(), creation()).unwrap();
        for _ in 0..2 {
            let found = vault.claim_creation_journals(&work()).unwrap();
            assert!(found.abandoned.is_empty());
            assert_eq!(found.running.len(), 1);
            let id = Some(TokenId::new("2"));
            journal.set_created(id, String::new()).unwrap();
        }
        drop(journal);
        let other = "work.x".parse().unwrap();
        assert!(
            vault
                .claim_creation_journals(&other)
                .unwrap()
                .abandoned
                .is_empty()
        );
        let mut found = vault.claim_creation_journals(&work()).unwrap();
        let journal = found.abandoned.pop().unwrap();
        assert_eq!(journal.creation().token_id, Some(TokenId::new("2")));
        journal.delete().unwrap();
        let found = vault.claim_creation_journals(&work()).unwrap();
        assert!(found.abandoned.is_empty() && found.running.is_empty());
    }

    #[test]
    fn damaged_journal_is_quarantined_and_a_too_large_one_not_written() {
        let (_home, vault) = vault();
        drop(vault.begin_creation(&work(), creation()).unwrap());
        let folder = vault.directory().join(FOLDER);
        let name = file_names(&folder).unwrap().remove(0);
        fs::remove_file(folder.join(&name)).unwrap();
        atomic::write(&folder, &name, b"{").unwrap();
        let found = vault.claim_creation_journals(&work()).unwrap();
        assert_eq!(found.quarantined.len(), 1);
        assert!(
            vault
                .claim_creation_journals(&work())
                .unwrap()
                .quarantined
                .is_empty()
        );
        let large = Creation {
            name: Some("n".repeat(2_000_000)),
            ..creation()
        };
        let error = vault.begin_creation(&work(), large).unwrap_err();
        assert!(matches!(error, VaultError::TooLarge { .. }), "{error:?}");
        assert!(
            vault
                .claim_creation_journals(&work())
                .unwrap()
                .abandoned
                .is_empty()
        );
    }
}
