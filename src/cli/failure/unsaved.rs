//! Failures to save a new session.

use super::{Code, Failure};
use crate::actions::{Fate, NotSaved};
use crate::domain::Hint;

const STILL_VALID: &str =
    "the new session could not be revoked, and is valid at the server until it expires";

impl From<NotSaved> for Failure {
    fn from(error: NotSaved) -> Self {
        match error {
            NotSaved::Refreshed { fate, .. } => {
                let hint = match fate {
                    // The hint of the error behind it would say that nothing changed.
                    Fate::Kept => Hint::from(
                        "the new session is stored beside the old one; when the disk is writable, run ",
                    )
                    .command("credential refresh")
                    .text(" to use it"),
                    Fate::Revoked | Fate::Alive => Hint::run("login"),
                };
                let failure = Self::from_error(Code::Storage, error).with_hint(hint);
                failure.with_hints((fate == Fate::Alive).then_some(STILL_VALID))
            }
            NotSaved::SignedIn { fate, .. } => login_not_saved(fate, error),
        }
    }
}

fn login_not_saved(fate: Fate, error: NotSaved) -> Failure {
    let message = error.to_string();
    let NotSaved::SignedIn { source, .. } = error else {
        return Failure::from_error(Code::Storage, error);
    };
    let cause = Failure::from(*source);
    let hints = cause.hints.clone();
    let hint = match fate {
        Fate::Alive => Hint::from(STILL_VALID),
        Fate::Kept | Fate::Revoked => Hint::from("the new session was revoked; run ")
            .command("login")
            .text(" again"),
    };
    cause.wrap(message).with_hints(hints).with_hint(hint)
}
