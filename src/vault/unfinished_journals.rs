//! Lists and deletes the journals of processes that died.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::permissions::{self, open_guard};
use super::{
    Creation, Delivery, Rotation, SecretDestination, Vault, VaultError, creation_journal,
    rotation_journal, secret_file,
};
use crate::domain::{ProfileName, TokenId};

/// The journal of a `token create` or `token rotate` that did not finish.
#[derive(Debug)]
pub struct UnfinishedJournal {
    pub profile: ProfileName,
    pub path: PathBuf,
    pub kind: JournalKind,
    pub content: Result<JournaledOperation, VaultError>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalKind {
    Rotation,
    Creation,
    /// A creation that no command can settle, and that was reported to the user.
    ReportedCreation,
}

impl JournalKind {
    /// The operations that a later command finishes, undoes or reports.
    pub const OPEN: [Self; 2] = [Self::Rotation, Self::Creation];
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JournaledOperation {
    Rotation(UnfinishedRotation),
    Creation {
        /// `None` if the journal does not contain the new token.
        id: Option<TokenId>,
        name: Option<String>,
        began_at: Timestamp,
        /// The files that have the new secret.
        written_to: Vec<SecretDestination>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfinishedRotation {
    pub old: TokenId,
    /// The name of both tokens.
    pub name: Option<String>,
    /// `None` if the journal does not contain the new token.
    pub new: Option<TokenId>,
    pub began_at: Timestamp,
    /// Whether the service replaces the token by its own call.
    pub is_by_service: bool,
    /// The targets that lack the new key, which the journal contains.
    pub waits_for: Vec<SecretDestination>,
}

impl UnfinishedRotation {
    /// Returns whether it is the rotation of token `id`, or to that token.
    pub fn is_about(&self, id: &TokenId) -> bool {
        self.old == *id || self.new.as_ref() == Some(id)
    }
}

impl Vault {
    /// Returns the journals whose processes are not running, of all profiles or of `only` one. Holds no lock and
    /// changes nothing.
    pub fn unfinished_journals(&self, only: Option<&ProfileName>) -> Vec<UnfinishedJournal> {
        let rotations = self.directory().join(rotation_journal::FOLDER);
        let creations = self.directory().join(creation_journal::FOLDER);
        let mut open = Vec::new();
        for name in creation_journal::file_names(&rotations).unwrap_or_default() {
            let Some(profile) = name.strip_suffix(".json").and_then(|it| it.parse().ok()) else {
                continue;
            };
            let lock = open_guard(&rotations.join(format!("{profile}.lock")));
            if is_selected(&profile, only) && is_free(lock.as_ref()) {
                open.extend(rotation_entries(&profile, &rotations.join(&name)));
            }
        }
        for name in creation_journal::file_names(&creations).unwrap_or_default() {
            let Some((profile, kind)) = creation_file(&name) else {
                continue;
            };
            let path = creations.join(&name);
            if is_selected(&profile, only) && is_free(open_guard(&path).as_ref()) {
                open.extend(creation_entry(profile, path, kind));
            }
        }
        open
    }

    /// Deletes the journals of creations of which `is_revoked` says that their token was revoked, and whose processes are not
    /// running. It is called with the profile of each.
    ///
    /// # Errors
    /// If a journal cannot be deleted.
    pub fn delete_creations(
        &self,
        is_revoked: impl Fn(&ProfileName, &Creation) -> bool,
    ) -> Result<(), VaultError> {
        permissions::check_directory(self.directory(), creation_journal::FOLDER)?;
        let directory = self.directory().join(creation_journal::FOLDER);
        for name in creation_journal::file_names(&directory)? {
            let Some((profile, _)) = creation_file(&name) else {
                continue;
            };
            let path = directory.join(&name);
            let lock = open_guard(&path);
            let is_abandoned = lock.as_ref().is_some_and(|lock| lock.try_lock().is_ok());
            let creation = creation_journal::read(&path).ok().flatten();
            if is_abandoned && creation.is_some_and(|creation| is_revoked(&profile, &creation)) {
                secret_file::delete(&directory, &name)?;
            }
        }
        Ok(())
    }

    /// Deletes the journals of `profile` whose processes are not running. Renames damaged ones of creations.
    ///
    /// # Errors
    /// If a journal cannot be read or deleted; [`VaultError::Busy`] if a rotation begins meanwhile and takes too long.
    pub async fn delete_unfinished_journals(
        &self,
        profile: &ProfileName,
    ) -> Result<(), VaultError> {
        for journal in self.claim_creation_journals(profile)?.abandoned {
            journal.delete()?;
        }
        self.delete_reported_creations(profile)?;
        let mut unfinished = self.unfinished_journals(Some(profile)).into_iter();
        if unfinished.any(|journal| journal.kind == JournalKind::Rotation) {
            self.open_rotation_journal(profile).await?.delete()?;
        }
        Ok(())
    }
}

fn is_selected(profile: &ProfileName, only: Option<&ProfileName>) -> bool {
    only.is_none_or(|only| only == profile)
}

/// Returns `true` if no process holds the lock. Takes it for a moment.
fn is_free(lock: Option<&std::fs::File>) -> bool {
    lock.is_none_or(|lock| lock.try_lock_shared().is_ok())
}

/// Returns the profile and the kind of the file called `name` among the journals of creations.
fn creation_file(name: &str) -> Option<(ProfileName, JournalKind)> {
    let (profile, kind) = match creation_journal::profile_of(name) {
        Some(profile) => (profile, JournalKind::Creation),
        None => (
            creation_journal::profile_of_reported(name)?,
            JournalKind::ReportedCreation,
        ),
    };
    Some((profile.parse().ok()?, kind))
}

/// Returns the rotations in a journal: one in progress, and those that wait for their targets.
fn rotation_entries(profile: &ProfileName, path: &Path) -> Vec<UnfinishedJournal> {
    let entry = |content| UnfinishedJournal {
        profile: profile.clone(),
        path: path.to_owned(),
        kind: JournalKind::Rotation,
        content,
    };
    match rotation_journal::read(path) {
        Ok(found) => {
            let mut first = found.into_iter().collect::<Vec<_>>();
            let parked = first
                .iter_mut()
                .flat_map(|it| std::mem::take(&mut it.parked));
            let parked: Vec<_> = parked.collect();
            let all = first.into_iter().chain(parked);
            all.map(|rotation| entry(Ok(operation_of(rotation))))
                .collect()
        }
        Err(error) => vec![entry(Err(error))],
    }
}

fn operation_of(rotation: Rotation) -> JournaledOperation {
    let waits = rotation.waits_for_targets();
    let targets = rotation.targets.into_iter();
    let lacking = targets.filter(|it| waits && !it.is_written);
    JournaledOperation::Rotation(UnfinishedRotation {
        waits_for: lacking.map(|it| it.target).collect(),
        old: rotation.old,
        name: rotation.name,
        new: rotation.new_token.map(|new| new.id),
        began_at: rotation.began_at,
        is_by_service: rotation.is_by_service,
    })
}

fn creation_entry(
    profile: ProfileName,
    path: PathBuf,
    kind: JournalKind,
) -> Option<UnfinishedJournal> {
    let content = match creation_journal::read(&path) {
        Ok(found) => {
            let found = found.filter(|found| found.delivery != Delivery::Done)?;
            Ok(JournaledOperation::Creation {
                written_to: found.files_with_secret(),
                id: found.token_id,
                name: found.name,
                began_at: found.began_at,
            })
        }
        Err(error) => Err(error),
    };
    Some(UnfinishedJournal {
        profile,
        path,
        kind,
        content,
    })
}
