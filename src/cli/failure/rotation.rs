//! Failures of rotations.

use std::mem::take;
use std::path::Path;

use super::{Code, Failure, env_files};
use crate::actions::RotationError;
use crate::domain::{CommandLine, Hint};
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
        let error = match error {
            RotationError::OldNotRevoked { id, source } => {
                return old_token_still_active(&id, (*source).into());
            }
            RotationError::WaitsForOther { .. } => return waits_for_other(error),
            error @ RotationError::TargetsFailed { .. } => return targets_failed(error),
            error @ (RotationError::NewKeyKept { .. } | RotationError::NewKeyUnverified { .. }) => {
                return replaced_by_service(error);
            }
            RotationError::Narrow(error) => return error.into(),
            other => other,
        };
        let (code, hint) = (code(&error), hint(&error));
        Self::from_error(code, error).with_hints(hint)
    }
}

fn code(error: &RotationError) -> Code {
    match error {
        RotationError::NoSuchToken { .. } | RotationError::NotActive { .. } => Code::NotFound,
        RotationError::UnfinishedElsewhere { .. } => Code::Config,
        RotationError::NotWritten
        | RotationError::OldNotRevoked { .. }
        | RotationError::WaitsForOther { .. }
        | RotationError::NewKeyKept { .. }
        | RotationError::NewKeyUnverified { .. }
        | RotationError::TargetsFailed { .. }
        | RotationError::ResponseLost { .. }
        | RotationError::UnknownNewToken { .. }
        | RotationError::WouldWiden { .. }
        | RotationError::Widened { .. } => Code::Failed,
        // The other errors concern the key at the destination.
        _ => Code::Usage,
    }
}

fn hint(error: &RotationError) -> Option<Hint> {
    Some(match error {
        RotationError::NoStoredKey { id, env_file, .. } => {
            env_file_hint(id.as_deref(), env_file.as_deref())
        }
        RotationError::StoredKeyMismatch { id, env_file, .. } => {
            env_file_hint(Some(id), env_file.as_deref())
        }
        RotationError::SpaceMismatch { .. } => Hint::from(
            "rotate it with its own credential: set the service's variable to that token for this command; run ",
        )
        .command("whoami")
        .text(" to see the account or space of a credential"),
        RotationError::NoSuchToken { replaced_by, .. }
        | RotationError::NotActive { replaced_by, .. } => not_found_hint(replaced_by.as_deref()),
        RotationError::NewOfUnfinished { old, .. } => {
            Hint::from("to finish that rotation, run ").command(rotate(old))
        }
        RotationError::UnfinishedElsewhere { .. } => Hint::run("token rotate")
            .text(" with the earlier API URL, or delete that file"),
        RotationError::ResponseLost { .. } => Hint::from(
            "create another key on the website of the service, or with a session: ",
        )
        .command("token create"),
        RotationError::NotWritten
        | RotationError::OldNotRevoked { .. }
        | RotationError::WaitsForOther { .. }
        | RotationError::NewKeyKept { .. }
        | RotationError::NewKeyUnverified { .. }
        | RotationError::TargetsFailed { .. }
        | RotationError::UnknownNewToken { .. }
        | RotationError::WouldWiden { .. }
        | RotationError::Widened { .. } => return None,
        RotationError::RememberedForOther { .. } => {
            Hint::from("name its targets: --env-file FILE, --config FILE --key PATH, --to COMMAND")
        }
        _ => env_files::rotation_hint(error),
    })
}

fn not_found_hint(replaced_by: Option<&str>) -> Hint {
    match replaced_by {
        None => Hint::run("token list").text(" for the ids"),
        Some(new) => Hint::from("the rotation is complete; to rotate the new token, run ")
            .command(rotate(new)),
    }
}

fn rotate(id: &str) -> CommandLine {
    CommandLine::from("token rotate").argument(id)
}

fn env_file_hint(id: Option<&str>, env_file: Option<&Path>) -> Hint {
    let (Some(id), Some(path)) = (id, env_file) else {
        return Hint::from("name the file that holds the token: --env-file FILE");
    };
    let rotate = rotate(id).argument("--env-file").argument(path.display());
    Hint::from("to rotate the key in that file, run ").command(rotate)
}

/// Has the hints of each failed target, and the command that continues.
fn targets_failed(error: RotationError) -> Failure {
    let message = error.to_string();
    let RotationError::TargetsFailed {
        id,
        outcomes,
        is_by_service,
        ..
    } = error
    else {
        return Failure::from_error(Code::Failed, error);
    };
    let failed = outcomes.into_iter().filter_map(|outcome| outcome.error);
    let hints: Vec<Hint> = failed
        .flat_map(|error| Failure::from(*error).hints)
        .collect();
    let state = if is_by_service {
        "the old key is invalid, and the new one is kept; "
    } else {
        "both tokens are valid; "
    };
    let retry = Hint::from(state)
        .command(rotate(&id))
        .text(" writes the new key to the targets that lack it; add targets to replace the ones that failed");
    Failure::new(Code::Failed, message)
        .with_hints(hints)
        .with_hint(retry)
}

/// Uses the exit status of the failed step. The old key is invalid.
fn replaced_by_service(error: RotationError) -> Failure {
    let message = error.to_string();
    let (id, source, secret) = match error {
        RotationError::NewKeyKept {
            id, source, secret, ..
        } => (id, source, secret),
        RotationError::NewKeyUnverified { id, source } => (id, source, None),
        other => return Failure::from_error(Code::Failed, other),
    };
    let hint = if secret.is_some() {
        Hint::from("the new key is on stdout and nowhere else: store it, the old key is invalid")
    } else {
        let retry = Hint::run(rotate(&id));
        retry.text(" again, with the same options or another --env-file: it writes and verifies the new key")
    };
    Failure {
        unstored_secret: secret,
        ..Failure::from(*source).wrap(message).with_hint(hint)
    }
}

/// Has the exit status and the hints of the other rotation.
fn waits_for_other(error: RotationError) -> Failure {
    let message = error.to_string();
    let RotationError::WaitsForOther { source, .. } = error else {
        return Failure::from_error(Code::Failed, error);
    };
    let mut cause = Failure::from(*source);
    let (hints, unstored_secret) = (take(&mut cause.hints), cause.unstored_secret.take());
    Failure {
        unstored_secret,
        ..cause.wrap(message).with_hints(hints)
    }
}

/// Uses the exit status of the failed revocation.
fn old_token_still_active(id: &str, cause: Failure) -> Failure {
    let message = format!("the new token is written, but the old one ({id}) could not be revoked");
    cause
        .wrap(message)
        .with_hint(Hint::run(rotate(id)).text(" again to finish"))
}

fn accept_changes_hint(changes: &[RightsChange]) -> String {
    let facts: Vec<&str> = changes.iter().map(|change| change.fact.name()).collect();
    format!(
        "to rotate anyway, add `--accept-changes {}`; the old token is unchanged",
        facts.join(",")
    )
}
