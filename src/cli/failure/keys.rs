//! Failures of keys: those that cannot be used, and those in the wrong place.

use super::{Code, Failure};
use crate::actions::KeyError;

const ALONE: &str =
    "give the key alone, without a word such as `Bearer` before it and without quotation marks";

const AN_ID: &str = "`brainmaps token list` shows the ids, and `brainmaps token get --with-token < FILE` finds a token by \
                     its key; a key that was typed as an argument is in the shell's history";

const REJECTED: &str = "check the key; what was stored before is unchanged";

const NOT_ASKED: &str =
    "nothing was stored; add --no-verify to store it without asking the service";

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        let message = error.to_string();
        let (code, hint) = match &error {
            KeyError::NotVerified { is_rejected, .. } => {
                let hint = if *is_rejected { REJECTED } else { NOT_ASKED };
                return not_verified(error, &message, hint);
            }
            KeyError::NotAKey(_) => (Code::Usage, ALONE.to_owned()),
            KeyError::NotAnId(_) => (Code::Usage, AN_ID.to_owned()),
            KeyError::Unusable(key) => (Code::Config, key.hint.clone()),
        };
        Self::of(code, error).hint(hint)
    }
}

/// The exit status is that of what kept the key from being verified.
fn not_verified(error: KeyError, message: &str, hint: &str) -> Failure {
    match error {
        KeyError::NotVerified { behind, .. } => {
            let failure = Failure::from(*behind).under(message);
            failure.hint(hint.to_owned())
        }
        other => Failure::of(Code::Usage, other),
    }
}
