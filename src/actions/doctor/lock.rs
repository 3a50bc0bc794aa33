//! Whether a process holds the profile's lock, as one that hangs does for ever.

use super::{Check, Finding};
use crate::actions::{Context, Target};

pub(super) fn check(context: &Context, target: &Target) -> Check {
    let finding = match context.vault.check_lock(&target.name) {
        Ok(()) => Finding::Ok(format!("nobody holds that of profile `{}`", target.name)),
        Err(error) => Finding::failure(error),
    };
    finding.into_check("lock")
}
