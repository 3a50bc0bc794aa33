//! Whether a process holds the profile's lock, as one that hangs does for ever.

use super::{Check, Finding};
use crate::actions::{Context, Target};

pub(super) fn look(context: &Context, target: &Target) -> Check {
    let finding = match context.vault.look_at_lock(&target.profile) {
        Ok(()) => Finding::Fine(format!("nobody holds that of profile `{}`", target.profile)),
        Err(error) => Finding::failure(error),
    };
    finding.named("lock")
}
