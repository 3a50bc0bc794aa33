//! Checks that the profile's lock is free. A hanging process would hold it forever.

use super::{Check, Finding};
use crate::actions::ProfileSession;

pub(super) fn check(session: ProfileSession<'_>) -> Check {
    let finding = match session.vault().check_lock(&session.target.name) {
        Ok(()) => Finding::Ok(format!(
            "the lock of profile \"{}\" is free",
            session.target.name
        )),
        Err(error) => Finding::failure(error),
    };
    finding.into_check("lock")
}
