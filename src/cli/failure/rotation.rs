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
                Some("name the file that holds the token: --env-file FILE"),
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
                    "rotate it with its own credential: set the service's variable to that token for this command; \
                     run `brainmaps whoami` to see the account or space of a credential",
                ),
            ),
            RotationError::NoSuchToken { .. } | RotationError::NotActive { .. } => (
                Code::NotFound,
                Some("run `brainmaps token list` for the ids"),
            ),
            RotationError::UnfinishedElsewhere { .. } => (
                Code::Config,
                Some("run `brainmaps token rotate` with the earlier API URL, or delete that file"),
            ),
            RotationError::NotWritten
            | RotationError::UnknownNewToken { .. }
            | RotationError::WouldWiden { .. }
            | RotationError::Widened { .. } => (Code::Failed, None),
        };
        Self::from_error(code, error).with_hint(hint.map(str::to_owned))
    }
}

/// Uses the exit status of the failed revocation.
fn old_token_still_active(id: &str, cause: Failure) -> Failure {
    let message = format!("the new token is written, but the old one ({id}) could not be revoked");
    cause
        .wrap(message)
        .with_hint(format!("run `brainmaps token rotate {id}` again to finish"))
}

fn accept_changes_hint(changes: &[RightsChange]) -> String {
    let facts: Vec<&str> = changes.iter().map(|change| change.fact.name()).collect();
    format!(
        "to rotate anyway, add `--accept-changes {}`; the old token is unchanged",
        facts.join(",")
    )
}
