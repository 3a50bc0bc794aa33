//! Failures of rotations.

use super::{Code, Failure, env_files};
use crate::actions::RotationError;
use crate::service::RightsChange;

impl From<RotationError> for Failure {
    fn from(error: RotationError) -> Self {
        match error.changes().map(accept) {
            Some(hint) => Self::of(Code::Usage, error).hint(hint),
            None => Self::of_rotation(error),
        }
    }
}

impl Failure {
    fn of_rotation(error: RotationError) -> Self {
        let (code, hint) = match error {
            RotationError::OldStillAlive { id, source } => {
                return old_still_alive(&id, (*source).into());
            }
            RotationError::NoPlace { .. } | RotationError::OtherTokenStored { .. } => (
                Code::Usage,
                Some("say where the token is used: --env-file FILE"),
            ),
            RotationError::NoFile { .. }
            | RotationError::NoKeyInFile { .. }
            | RotationError::OtherTokenInFile { .. }
            | RotationError::KeyRejected { .. }
            | RotationError::OtherAccount { .. }
            | RotationError::AnotherReplaced { .. }
            | RotationError::CannotCompare { .. } => {
                (Code::Usage, Some(env_files::rotation_hint(&error)))
            }
            RotationError::OtherSpace { .. } => (
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
            RotationError::OtherRotation { .. } => (
                Code::Config,
                Some(
                    "run `brainmaps token rotate` with the address of before, or delete that file",
                ),
            ),
            RotationError::NotInPlace
            | RotationError::WouldWiden { .. }
            | RotationError::Widened { .. } => (Code::Failed, None),
        };
        Self::of(code, error).hint(hint.map(str::to_owned))
    }
}

/// The exit status is that of what kept the old token from being revoked.
fn old_still_alive(id: &str, behind: Failure) -> Failure {
    let message =
        format!("the new token is in its place, but the old one ({id}) could not be revoked");
    behind.under(message).hint(format!(
        "run `brainmaps token rotate {id}` again: it finishes what is left"
    ))
}

fn accept(changes: &[RightsChange]) -> String {
    let facts: Vec<&str> = changes.iter().map(|change| change.fact.name()).collect();
    format!(
        "to rotate anyway, add `--accept-changes {}`; the old token is unchanged",
        facts.join(",")
    )
}
