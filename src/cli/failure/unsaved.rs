//! Failures to save a new session.

use super::{Code, Failure};
use crate::actions::{NotSaved, UnsavedSession};
use crate::domain::Hint;

const STILL_VALID: &str =
    "the new session could not be revoked, and is valid at the server until it expires";

impl From<NotSaved> for Failure {
    fn from(error: NotSaved) -> Self {
        match error {
            NotSaved::Refreshed { state, .. } => {
                let hint = match state {
                    // The hint of the cause would say that nothing changed.
                    UnsavedSession::Recoverable => Hint::from(
                        "the new session is stored beside the old one; when the disk is writable, run ",
                    )
                    .command("credential refresh")
                    .text(" to use it"),
                    UnsavedSession::Revoked | UnsavedSession::StillValid => Hint::run("login"),
                };
                let failure = Self::from_error(Code::Storage, error).with_hint(hint);
                failure.with_hints((state == UnsavedSession::StillValid).then_some(STILL_VALID))
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
    let hint = match state {
        UnsavedSession::StillValid => Hint::from(STILL_VALID),
        UnsavedSession::Recoverable | UnsavedSession::Revoked => {
            Hint::from("the new session was revoked; run ")
                .command("login")
                .text(" again")
        }
    };
    cause.wrap(message).with_hints(hints).with_hint(hint)
}
