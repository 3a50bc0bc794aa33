//! Whether the keyring answers, where the profile's credential is kept in it. One that is not used is not asked: it might
//! ask for a password.

use super::{Check, Finding};
use crate::actions::{Context, Target};
use crate::vault::Storage;

pub(super) fn check(context: &Context, target: &Target) -> Check {
    let is_used = target.profile.storage == Storage::Keyring;
    let finding = if is_used || target.profile.has_stale_copy {
        match context.vault.read(&target.name, Storage::Keyring) {
            Ok(Some(_)) if !is_used => Finding::warning(
                format!(
                    "it holds a copy of the credential of `{}`, left by a change of place that was cut short",
                    target.name
                ),
                "the next renewal, login or logout deletes it".to_owned(),
            ),
            Ok(Some(_)) => Finding::Ok(format!("it holds the credential of `{}`", target.name)),
            Ok(None) => Finding::Ok(format!("it answers, and holds none of `{}`", target.name)),
            Err(error) => Finding::failure(error),
        }
    } else {
        Finding::Ok(format!("not used by profile `{}`", target.name))
    };
    finding.into_check("keyring")
}
