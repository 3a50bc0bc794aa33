//! The journal of `token rotate`: what the next run needs to finish or undo an interrupted rotation. The new secret's
//! fingerprint shows whether the secret has reached its destination. The secret itself is recorded if the service
//! replaced the token by its own call, because the old key is then invalid, and while a target of several lacks it.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    SecretDestination, TargetState, Vault, VaultError, atomic, lock, permissions, secret_file,
};
use crate::domain::{Origin, ProfileName, ProviderId, Secret, TokenId};

pub(super) const FOLDER: &str = "rotations";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    pub provider: ProviderId,
    /// The kind of token, for services with several.
    #[serde(default)]
    pub kind: Option<String>,
    pub origin: Origin,
    pub began_at: Timestamp,
    /// The token that the new one replaces.
    pub old: TokenId,
    pub name: Option<String>,
    /// The ids of all tokens before the rotation.
    #[serde(rename = "before")]
    pub ids_before: Vec<TokenId>,
    #[serde(rename = "place")]
    pub destination: SecretDestination,
    /// The new token, once it has been created.
    #[serde(rename = "made")]
    pub new_token: Option<RotatedToken>,
    /// Whether the service replaces the token by its own call, so that nothing can be undone.
    #[serde(rename = "by_service", default)]
    pub is_by_service: bool,
    /// The targets that had the old key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets_before: Vec<SecretDestination>,
    /// All targets, with what is known about each. Empty if `destination` is the only one and the secret is not recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<TargetState>,
    /// Earlier rotations that wait for their targets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parked: Vec<Rotation>,
}

impl Rotation {
    /// Returns every target, also if there is only one.
    pub fn all_targets(&self) -> Vec<SecretDestination> {
        if self.targets.is_empty() {
            return vec![self.destination.clone()];
        }
        let targets = self.targets.iter();
        targets.map(|state| state.target.clone()).collect()
    }

    /// Returns the targets that had the old key, or another value that the new key replaces.
    pub fn all_targets_before(&self) -> Vec<SecretDestination> {
        let mut targets = self.targets_before.clone();
        let replaced = self.targets.iter();
        for state in replaced.filter(|state| state.replaces.is_some()) {
            if !targets
                .iter()
                .any(|target| target.is_same_target(&state.target))
            {
                targets.push(state.target.clone());
            }
        }
        targets
    }

    /// Returns `true` if some of several targets lack the new secret, which is recorded: the rotation is finished, not undone.
    pub fn waits_for_targets(&self) -> bool {
        let new = self.new_token.as_ref();
        !self.targets.is_empty() && new.is_some_and(|new| new.secret.is_some())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotatedToken {
    pub id: TokenId,
    pub fingerprint: String,
    #[serde(
        with = "exposed_secret",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub secret: Option<Secret>,
}

/// Serializes the secret unredacted. Only for the journal, a file that only its owner can read.
mod exposed_secret {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use crate::domain::Secret;

    #[expect(clippy::ref_option, reason = "the signature that serde requires")]
    pub(super) fn serialize<S: Serializer>(
        secret: &Option<Secret>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        secret.as_ref().map(Secret::expose).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Secret>, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.map(Secret::new))
    }
}

pub(super) fn read(path: &Path) -> Result<Option<Rotation>, VaultError> {
    secret_file::read_json(path)
}

/// The journal of a profile's rotations and the lock that protects it.
#[derive(Debug)]
pub struct RotationJournal {
    directory: PathBuf,
    name: String,
    /// Rotations that wait for their targets, besides the one in progress.
    parked: Mutex<Vec<Rotation>>,
    _lock: lock::LockedFile,
}

impl Vault {
    /// Waits up to 15 seconds for the lock on the rotations of `profile`.
    ///
    /// # Errors
    /// [`VaultError::Busy`] if the wait times out; if the lock file cannot be created.
    pub async fn open_rotation_journal(
        &self,
        profile: &ProfileName,
    ) -> Result<RotationJournal, VaultError> {
        permissions::ensure_private_directory(self.directory())?;
        let directory = self.directory().join(FOLDER);
        permissions::ensure_private_directory(&directory)?;
        let path = directory.join(format!("{profile}.lock"));
        let lock = self.acquire_lock(&path).await?;
        Ok(RotationJournal {
            name: format!("{profile}.json"),
            directory,
            parked: Mutex::default(),
            _lock: lock,
        })
    }
}

impl RotationJournal {
    pub fn path(&self) -> PathBuf {
        self.directory.join(&self.name)
    }

    /// Returns the interrupted rotation, if any. Finishes the last write if its process died before the rename: the
    /// temporary file may have the only copy of the new secret.
    ///
    /// # Errors
    /// If the journal is damaged, accessible to other users or unreadable; if the temporary file cannot be renamed.
    pub fn read(&self) -> Result<Option<Rotation>, VaultError> {
        let before = match read(&self.path())? {
            Some(rotation) if rotation.new_token.is_none() => rotation,
            other => return Ok(other),
        };
        let complete = atomic::stale_temps(&self.directory, &self.name).find_map(|temp| {
            let rotation = read(&temp).ok()??;
            let as_before = Rotation {
                new_token: None,
                ..rotation.clone()
            };
            (rotation.new_token.is_some() && as_before == before).then_some((temp, rotation))
        });
        let Some((temp, rotation)) = complete else {
            return Ok(Some(before));
        };
        atomic::complete_rename(&temp, &self.directory, &self.name)?;
        Ok(Some(rotation))
    }

    /// As [`Self::read`], but if the rotation does not match and only waits for its targets, returns the parked one that matches
    /// instead. The others are parked.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_matching(
        &self,
        is_match: impl Fn(&Rotation) -> bool,
    ) -> Result<Option<Rotation>, VaultError> {
        let Some(mut first) = self.read()? else {
            return Ok(None);
        };
        let mut parked = std::mem::take(&mut first.parked);
        let mut matching = first;
        if !is_match(&matching)
            && let Some(other) = parked.iter_mut().find(|other| is_match(other))
            && matching.waits_for_targets()
        {
            std::mem::swap(&mut matching, other);
        }
        *self.parked() = parked;
        Ok(Some(matching))
    }

    /// Parks a rotation that waits for its targets: it stays in the journal, and another rotation can begin.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn park(&self, rotation: Rotation) -> Result<(), VaultError> {
        self.parked().push(rotation);
        self.write_parked()
    }

    fn parked(&self) -> MutexGuard<'_, Vec<Rotation>> {
        self.parked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the rotations that wait for their targets, and no other.
    fn write_parked(&self) -> Result<(), VaultError> {
        let mut parked = self.parked().clone();
        let Some(mut first) = parked.pop() else {
            return secret_file::delete(&self.directory, &self.name).map(drop);
        };
        first.parked = parked;
        self.write_file(&first)
    }

    /// Renames a damaged journal, so that it does not block the next rotation. Returns its new path.
    ///
    /// # Errors
    /// If the journal cannot be renamed.
    pub fn quarantine(&self) -> Result<PathBuf, VaultError> {
        secret_file::quarantine(&self.directory, &self.name)
    }

    /// Records the state of the rotation. Call this before each step.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn write(&self, rotation: &Rotation) -> Result<(), VaultError> {
        let parked = self.parked().clone();
        if parked.is_empty() {
            return self.write_file(rotation);
        }
        let mut rotation = rotation.clone();
        rotation.parked.extend(parked);
        self.write_file(&rotation)
    }

    fn write_file(&self, rotation: &Rotation) -> Result<(), VaultError> {
        let path = self.path();
        let bytes = serde_json::to_vec(rotation).map(Zeroizing::new);
        let bytes = bytes.map_err(|error| VaultError::io("write", &path)(error.into()))?;
        secret_file::check_size(&bytes, &path)?;
        atomic::write(&self.directory, &self.name, &bytes)
    }

    /// Ends the rotation. Those that wait for their targets stay.
    ///
    /// # Errors
    /// If the journal cannot be deleted.
    pub fn delete(&self) -> Result<(), VaultError> {
        self.write_parked()
    }
}
