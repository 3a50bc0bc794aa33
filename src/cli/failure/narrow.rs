//! Failures of rotations to fewer rights.

use super::{Code, Failure};
use crate::actions::{NarrowError, Undecided};
use crate::domain::Hint;

impl From<NarrowError> for Failure {
    fn from(error: NarrowError) -> Self {
        let (code, hint) = (code(&error), hint(&error));
        Self::from_error(code, error).with_hints(hint)
    }
}

fn code(error: &NarrowError) -> Code {
    match error {
        NarrowError::OwnCall { .. }
        | NarrowError::Undecided {
            why: Undecided::NoNeeds,
            ..
        } => Code::Unsupported,
        _ => Code::Failed,
    }
}

fn hint(error: &NarrowError) -> Option<Hint> {
    let NarrowError::Undecided { why, .. } = error else {
        return None;
    };
    Some(match why {
        Undecided::NotRecorded => Hint::from("uses by ")
            .command("api")
            .text(" and ")
            .command("proxy")
            .text(" are recorded: see ")
            .command("credential usage"),
        Undecided::HandedOut { .. } => Hint::from("run the program with ")
            .command("exec --broker")
            .text(", and clear the record: ")
            .command("credential usage --clear"),
        Undecided::TooShort { .. } => {
            Hint::from("try again later, or accept a shorter record: --observed TIME")
        }
        Undecided::NotDescribed { .. } | Undecided::UsedElsewhere | Undecided::NotListed { .. } => {
            Hint::run("credential usage").text(" to see the recorded requests")
        }
        Undecided::NoNeeds | Undecided::UnknownRights(_) => return None,
    })
}
