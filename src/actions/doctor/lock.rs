//! Checks that the profile's lock is free. A hanging process would hold it forever.

use super::{Check, Finding};
use crate::actions::{Context, Target};

pub(super) fn check(context: &Context, target: &Target) -> Check {
    let finding = match context.vault.look_at_lock(&target.name) {
        Ok(()) => Finding::Ok(format!("the lock of profile \"{}\" is free", target.name)),
        Err(error) => Finding::failure(error),
    };
    finding.into_check("lock")
}
