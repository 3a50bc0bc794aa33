//! Which journals are open, for reports: read without a lock of their own, nothing is changed.

use std::path::PathBuf;

use jiff::Timestamp;

use super::permissions::open_guard;
use super::{Delivery, Vault, VaultError, creation, rotation};
use crate::domain::{ProfileName, TokenId};

/// A `token create` or `token rotate` that has not ended.
#[derive(Debug)]
pub struct OpenJournal {
    /// The profile.
    pub profile: ProfileName,
    /// The journal.
    pub path: PathBuf,
    /// What is written down, or why that cannot be read.
    pub content: Result<Unfinished, VaultError>,
}

/// What has not ended.
#[derive(Debug)]
pub enum Unfinished {
    /// A rotation.
    Rotation {
        /// The token that is rotated.
        old: TokenId,
        /// When it began.
        began_at: Timestamp,
    },
    /// A creation.
    Creation {
        /// The name of the new token.
        name: Option<String>,
        /// When it began.
        began_at: Timestamp,
    },
}

impl Vault {
    /// Returns the open journals of processes that are not running, of all profiles or of `only` one.
    pub fn open_journals(&self, only: Option<&ProfileName>) -> Vec<OpenJournal> {
        let rotations = self.directory().join(rotation::FOLDER);
        let creations = self.directory().join(creation::FOLDER);
        let mut open = Vec::new();
        for name in creation::names(&rotations).unwrap_or_default() {
            let Some(profile) = name.strip_suffix(".json").and_then(|it| it.parse().ok()) else {
                continue;
            };
            let lock = open_guard(&rotations.join(format!("{profile}.lock")));
            if is_wanted(&profile, only) && is_free(lock.as_ref()) {
                open.extend(of_rotation(profile, rotations.join(&name)));
            }
        }
        for name in creation::names(&creations).unwrap_or_default() {
            let profile = creation::profile_of(&name);
            let Some(profile) = profile.and_then(|profile| profile.parse().ok()) else {
                continue;
            };
            let path = creations.join(&name);
            if is_wanted(&profile, only) && is_free(open_guard(&path).as_ref()) {
                open.extend(of_creation(profile, path));
            }
        }
        open
    }
}

fn is_wanted(profile: &ProfileName, only: Option<&ProfileName>) -> bool {
    only.is_none_or(|only| only == profile)
}

/// Returns `true` if no process holds the lock, which is released at once.
fn is_free(lock: Option<&std::fs::File>) -> bool {
    lock.is_none_or(|lock| lock.try_lock_shared().is_ok())
}

fn of_rotation(profile: ProfileName, path: PathBuf) -> Option<OpenJournal> {
    let content = match rotation::read(&path) {
        Ok(found) => Ok(found.map(|found| Unfinished::Rotation {
            old: found.old,
            began_at: found.began_at,
        })?),
        Err(error) => Err(error),
    };
    Some(OpenJournal {
        profile,
        path,
        content,
    })
}

fn of_creation(profile: ProfileName, path: PathBuf) -> Option<OpenJournal> {
    let content = match creation::read(&path) {
        Ok(found) => {
            let found = found.filter(|found| found.delivery != Delivery::Done)?;
            Ok(Unfinished::Creation {
                name: found.name,
                began_at: found.began_at,
            })
        }
        Err(error) => Err(error),
    };
    Some(OpenJournal {
        profile,
        path,
        content,
    })
}
