//! The journal of a rotation: what a next run needs to finish or undo one that was cut short. It holds no secret; of the new
//! one only a fingerprint, by which the place that it was meant for tells whether it has arrived.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Vault, VaultError, atomic, lock, permissions, secret_file};
use crate::domain::{Origin, ProfileName, ProviderId, TokenId};

pub(super) const FOLDER: &str = "rotations";

/// A rotation under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    /// The service.
    pub provider: ProviderId,
    /// Where it is.
    pub origin: Origin,
    /// When it began.
    pub began_at: Timestamp,
    /// The token that is to go.
    pub old: TokenId,
    /// The name that the new one gets.
    pub name: Option<String>,
    /// The tokens there were before.
    #[serde(rename = "before")]
    pub ids_before: Vec<TokenId>,
    /// Where the new secret goes.
    #[serde(rename = "place")]
    pub destination: SecretDestination,
    /// The new token, once it is made.
    #[serde(rename = "made")]
    pub new_token: Option<RotatedToken>,
}

/// Where a rotated secret is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretDestination {
    /// The profile's stored key.
    Profile,
    /// An env file.
    EnvFile(PathBuf),
}

/// The new token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotatedToken {
    /// Its id.
    pub id: TokenId,
    /// Its secret's fingerprint.
    pub fingerprint: String,
}

/// The rotation that the journal at `path` describes; `None` where there is none.
pub(super) fn read(path: &Path) -> Result<Option<Rotation>, VaultError> {
    let Some(bytes) = secret_file::read(path)? else {
        return Ok(None);
    };
    let read = serde_json::from_slice(&bytes);
    read.map(Some).map_err(|error| VaultError::Corrupt {
        path: path.to_owned(),
        line: error.line(),
        column: error.column(),
    })
}

/// The right to rotate a profile's tokens, and the journal that goes with it.
#[derive(Debug)]
pub struct RotationJournal {
    directory: PathBuf,
    name: String,
    _lock: lock::LockedFile,
}

impl Vault {
    /// Waits for the right to rotate tokens of `profile`, up to 15 seconds.
    ///
    /// # Errors
    /// [`VaultError::Busy`] when the time is over; when the lock file cannot be made.
    pub async fn open_rotation_journal(
        &self,
        profile: &ProfileName,
    ) -> Result<RotationJournal, VaultError> {
        permissions::ensure_private_directory(self.directory())?;
        let directory = self.directory().join(FOLDER);
        permissions::ensure_private_directory(&directory)?;
        let lock = lock::acquire(&directory.join(format!("{profile}.lock"))).await?;
        Ok(RotationJournal {
            name: format!("{profile}.json"),
            directory,
            _lock: lock,
        })
    }
}

impl RotationJournal {
    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.directory.join(&self.name)
    }

    /// The rotation that was cut short, if any.
    ///
    /// # Errors
    /// When the file is damaged, open to others or unreadable.
    pub fn read(&self) -> Result<Option<Rotation>, VaultError> {
        read(&self.path())
    }

    /// Renames a damaged journal, so that it is in no other rotation's way. Returns its new path.
    ///
    /// # Errors
    /// When it cannot be renamed.
    pub fn quarantine(&self) -> Result<PathBuf, VaultError> {
        secret_file::quarantine(&self.directory, &self.name)
    }

    /// Writes down where it stands, before the next step is taken.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, rotation: &Rotation) -> Result<(), VaultError> {
        let path = self.path();
        let bytes = serde_json::to_vec(rotation)
            .map_err(|error| VaultError::io("write", &path)(error.into()))?;
        secret_file::check_size(&bytes, &path)?;
        atomic::write(&self.directory, &self.name, &bytes)
    }

    /// It is over.
    ///
    /// # Errors
    /// When the journal cannot be deleted.
    pub fn delete(&self) -> Result<(), VaultError> {
        secret_file::delete(&self.directory, &self.name).map(drop)
    }
}
