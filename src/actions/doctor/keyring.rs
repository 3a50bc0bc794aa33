//! Checks that the keyring responds, if the profile stores its credential there. An unused keyring is not opened,
//! because it may prompt for a password.

use super::{Check, Finding};
use crate::actions::ProfileSession;
use crate::vault::Storage;

pub(super) fn check(session: ProfileSession<'_>) -> Check {
    let is_used = session.storage() == Storage::Keyring;
    let finding = if is_used || session.target.profile.has_stale_copy {
        match session.vault().read(&session.target.name, Storage::Keyring) {
            Ok(Some(_)) if !is_used => Finding::warning(
                format!(
                    "contains an old copy of the credential of profile \"{}\" from an interrupted migration",
                    session.target.name
                ),
                "the next refresh, login or logout deletes it".to_owned(),
            ),
            Ok(Some(_)) => Finding::Ok(format!(
                "contains the credential of profile \"{}\"",
                session.target.name
            )),
            Ok(None) => Finding::Ok(format!(
                "available, without a credential of profile \"{}\"",
                session.target.name
            )),
            Err(error) => Finding::failure(error),
        }
    } else {
        Finding::Ok(format!("not used by profile \"{}\"", session.target.name))
    };
    finding.into_check("keyring")
}
