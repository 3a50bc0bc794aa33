//! Checks that the profile index is readable.

use super::{Check, Finding};
use crate::actions::Context;
use crate::domain::format_count;

pub(super) fn check(context: &Context) -> Check {
    let finding = match context.vault.index() {
        Ok(index) => Finding::Ok(match index.profiles.len() {
            0 => "no profiles yet; each provider has a built-in one".to_owned(),
            count => format_count(count, "profile"),
        }),
        Err(error) => Finding::failure(error),
    };
    finding.into_check("profiles")
}
