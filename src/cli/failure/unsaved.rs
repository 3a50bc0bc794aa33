//! Failures to save a new session.

use super::{Code, Failure};
use crate::actions::{NotSaved, UnsavedSession};

const STILL_VALID: &str =
    "the new session could not be revoked, and is valid at the server until it expires";

impl From<NotSaved> for Failure {
    fn from(error: NotSaved) -> Self {
        match error {
            NotSaved::Refreshed { state, .. } => {
                let hint = match state {
                    // The hint of the error behind it would say that nothing changed.
                    UnsavedSession::Recoverable => {
                        "the new session is stored beside the old one; when the disk is writable, run \
                         `brainmaps credential refresh` to use it"
                    }
                    UnsavedSession::Revoked | UnsavedSession::StillValid => "run `brainmaps login`",
                };
                let failure = Self::from_error(Code::Storage, error).with_hint(hint.to_owned());
                failure.with_hint(
                    (state == UnsavedSession::StillValid).then(|| STILL_VALID.to_owned()),
                )
            }
            NotSaved::SignedIn { state, .. } => login_not_saved(state, error),
        }
    }
}

fn login_not_saved(state: UnsavedSession, error: NotSaved) -> Failure {
    let message = error.to_string();
    let NotSaved::SignedIn { source, .. } = error else {
        return Failure::from_error(Code::Storage, error);
    };
    let cause = Failure::from(*source);
    let hints = cause.hints.clone();
    let failure = hints
        .into_iter()
        .fold(cause.wrap(message), Failure::with_hint);
    let hint = match state {
        UnsavedSession::StillValid => STILL_VALID,
        UnsavedSession::Recoverable | UnsavedSession::Revoked => {
            "the new session was revoked; run `brainmaps login` again"
        }
    };
    failure.with_hint(hint.to_owned())
}
