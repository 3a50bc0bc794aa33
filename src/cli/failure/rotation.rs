//! Failures of rotations.

use super::{Code, Failure, env_files};
use crate::actions::RotationError;
use crate::service::RightsChange;

impl From<RotationError> for Failure {
    fn from(error: RotationError) -> Self {
        match error.changes().map(accept_changes_hint) {
            Some(hint) => Self::from_error(Code::Usage, error).with_hint(hint),
            None => Self::from_rotation_error(error),
        }
    }
}

impl Failure {
    fn from_rotation_error(error: RotationError) -> Self {
        let (code, hint) = match error {
            RotationError::OldNotRevoked { id, source } => {
                return old_token_still_active(&id, (*source).into());
            }
            RotationError::NoStoredKey { .. } | RotationError::StoredKeyMismatch { .. } => (
                Code::Usage,
                Some("say where the token is used: --env-file FILE"),
            ),
            RotationError::FileNotFound { .. }
            | RotationError::NoKeyInFile { .. }
            | RotationError::FileKeyMismatch { .. }
            | RotationError::KeyRejected { .. }
            | RotationError::AccountMismatch { .. }
            | RotationError::OtherKeyReplaced { .. }
            | RotationError::CannotCompare { .. }
            | RotationError::SeveralPossible { .. } => {
                (Code::Usage, Some(env_files::rotation_hint(&error)))
            }
            RotationError::SpaceMismatch { .. } => (
                Code::Usage,
                Some(
                    "rotate it by itself: set the service's variable to that token for this command; \
                     `brainmaps whoami` tells what a credential belongs to",
                ),
            ),
            RotationError::NoSuchToken { .. } | RotationError::NotActive { .. } => (
                Code::NotFound,
                Some("`brainmaps token list` shows the ids there are"),
            ),
            RotationError::UnfinishedElsewhere { .. } => (
                Code::Config,
                Some(
                    "run `brainmaps token rotate` with the address of before, or delete that file",
                ),
            ),
            RotationError::NotWritten
            | RotationError::WouldWiden { .. }
            | RotationError::Widened { .. } => (Code::Failed, None),
        };
        Self::from_error(code, error).with_hint(hint.map(str::to_owned))
    }
}

/// The exit status is that of what kept the old token from being revoked.
fn old_token_still_active(id: &str, cause: Failure) -> Failure {
    let message =
        format!("the new token is in its place, but the old one ({id}) could not be revoked");
    cause.wrap(message).with_hint(format!(
        "run `brainmaps token rotate {id}` again: it finishes what is left"
    ))
}

fn accept_changes_hint(changes: &[RightsChange]) -> String {
    let facts: Vec<&str> = changes.iter().map(|change| change.fact.name()).collect();
    format!(
        "to rotate anyway, add `--accept-changes {}`; the old token is unchanged",
        facts.join(",")
    )
}
