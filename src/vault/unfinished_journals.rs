//! Lists unfinished journals for reports. Reads them without holding their locks and changes nothing.

use std::path::PathBuf;

use jiff::Timestamp;

use super::permissions::open_guard;
use super::{Delivery, Vault, VaultError, creation_journal, rotation_journal};
use crate::domain::{ProfileName, TokenId};

/// The journal of a `token create` or `token rotate` that did not finish.
#[derive(Debug)]
pub struct UnfinishedJournal {
    pub profile: ProfileName,
    pub path: PathBuf,
    pub content: Result<JournaledOperation, VaultError>,
}

#[derive(Debug)]
pub enum JournaledOperation {
    Rotation {
        old: TokenId,
        began_at: Timestamp,
    },
    Creation {
        name: Option<String>,
        began_at: Timestamp,
    },
}

impl Vault {
    /// Returns the journals whose processes are not running, of all profiles or of `only` one.
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
                open.extend(rotation_entry(profile, rotations.join(&name)));
            }
        }
        for name in creation_journal::file_names(&creations).unwrap_or_default() {
            let profile = creation_journal::profile_of(&name);
            let Some(profile) = profile.and_then(|profile| profile.parse().ok()) else {
                continue;
            };
            let path = creations.join(&name);
            if is_selected(&profile, only) && is_free(open_guard(&path).as_ref()) {
                open.extend(creation_entry(profile, path));
            }
        }
        open
    }
}

fn is_selected(profile: &ProfileName, only: Option<&ProfileName>) -> bool {
    only.is_none_or(|only| only == profile)
}

/// Returns `true` if no process holds the lock. Takes it for a moment.
fn is_free(lock: Option<&std::fs::File>) -> bool {
    lock.is_none_or(|lock| lock.try_lock_shared().is_ok())
}

fn rotation_entry(profile: ProfileName, path: PathBuf) -> Option<UnfinishedJournal> {
    let content = match rotation_journal::read(&path) {
        Ok(found) => Ok(found.map(|found| JournaledOperation::Rotation {
            old: found.old,
            began_at: found.began_at,
        })?),
        Err(error) => Err(error),
    };
    Some(UnfinishedJournal {
        profile,
        path,
        content,
    })
}

fn creation_entry(profile: ProfileName, path: PathBuf) -> Option<UnfinishedJournal> {
    let content = match creation_journal::read(&path) {
        Ok(found) => {
            let found = found.filter(|found| found.delivery != Delivery::Done)?;
            Ok(JournaledOperation::Creation {
                name: found.name,
                began_at: found.began_at,
            })
        }
        Err(error) => Err(error),
    };
    Some(UnfinishedJournal {
        profile,
        path,
        content,
    })
}
