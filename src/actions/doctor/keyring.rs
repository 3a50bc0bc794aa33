//! Whether the keyring answers, where the profile's credential is kept in it. One that is not used is not asked: it might
//! ask for a password.

use super::{Check, Finding};
use crate::actions::{Context, Target};
use crate::vault::Storage;

pub(super) fn look(context: &Context, target: &Target) -> Check {
    let is_used = target.kept.storage == Storage::Keyring;
    let finding = if is_used || target.kept.copy_left {
        match context.vault.read(&target.profile, Storage::Keyring) {
            Ok(Some(_)) if !is_used => Finding::warning(
                format!(
                    "it holds a copy of the credential of `{}`, left by a change of place that was cut short",
                    target.profile
                ),
                "the next renewal, login or logout deletes it".to_owned(),
            ),
            Ok(Some(_)) => {
                Finding::Fine(format!("it holds the credential of `{}`", target.profile))
            }
            Ok(None) => Finding::Fine(format!(
                "it answers, and holds none of `{}`",
                target.profile
            )),
            Err(error) => Finding::failure(error),
        }
    } else {
        Finding::Fine(format!("not used by profile `{}`", target.profile))
    };
    finding.named("keyring")
}
