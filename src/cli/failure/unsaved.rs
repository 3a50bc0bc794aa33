//! Failures to save a new session.

use super::{Code, Failure};
use crate::actions::{Fate, NotSaved};

const STILL_VALID: &str =
    "the new session could not be revoked, and is valid at the server until it expires";

impl From<NotSaved> for Failure {
    fn from(error: NotSaved) -> Self {
        match error {
            NotSaved::Refreshed { fate, .. } => {
                let hint = match fate {
                    // The hint of the error behind it would say that nothing changed.
                    Fate::Kept => {
                        "the new session is stored beside the old one; when the disk is writable, run \
                         `brainmaps credential refresh` to use it"
                    }
                    Fate::Revoked | Fate::Alive => "run `brainmaps login`",
                };
                let failure = Self::from_error(Code::Storage, error).with_hint(hint.to_owned());
                failure.with_hint((fate == Fate::Alive).then(|| STILL_VALID.to_owned()))
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
    let failure = hints
        .into_iter()
        .fold(cause.wrap(message), Failure::with_hint);
    let hint = match fate {
        Fate::Alive => STILL_VALID,
        Fate::Kept | Fate::Revoked => "the new session was revoked; run `brainmaps login` again",
    };
    failure.with_hint(hint.to_owned())
}
