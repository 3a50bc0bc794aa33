//! Whether the list of profiles can be read.

use super::{Check, Finding};
use crate::actions::Context;

pub(super) fn check(context: &Context) -> Check {
    let finding = match context.vault.index() {
        Ok(index) => Finding::Ok(match index.profiles.len() {
            0 => "none was made yet; each service has one of its own name".to_owned(),
            1 => "1 profile was made".to_owned(),
            count => format!("{count} profiles were made"),
        }),
        Err(error) => Finding::failure(error),
    };
    finding.into_check("profiles")
}
