//! Failures to save a new session.

use super::{Code, Failure};
use crate::actions::{Fate, NotSaved};

const ALIVE: &str =
    "the new session could not be revoked, and is valid at the server until it expires";

impl From<NotSaved> for Failure {
    fn from(error: NotSaved) -> Self {
        match error {
            NotSaved::Refreshed { fate, .. } => {
                let hint = match fate {
                    // The hint of the error behind it would say that nothing changed.
                    Fate::Kept => {
                        "the new session is kept beside the old one; when the disk can be written again, run \
                         `brainmaps credential refresh`, which uses it"
                    }
                    Fate::Revoked | Fate::Alive => "run `brainmaps login`",
                };
                let failure = Self::of(Code::Storage, error).hint(hint.to_owned());
                failure.hint((fate == Fate::Alive).then(|| ALIVE.to_owned()))
            }
            NotSaved::SignedIn { fate, .. } => signed_in(fate, error),
        }
    }
}

fn signed_in(fate: Fate, error: NotSaved) -> Failure {
    let message = error.to_string();
    let NotSaved::SignedIn { source, .. } = error else {
        return Failure::of(Code::Storage, error);
    };
    let behind = Failure::from(*source);
    let hints = behind.hints.clone();
    let failure = hints.into_iter().fold(behind.under(message), Failure::hint);
    let what = match fate {
        Fate::Alive => ALIVE,
        Fate::Kept | Fate::Revoked => "the new session was revoked; run `brainmaps login` again",
    };
    failure.hint(what.to_owned())
}
