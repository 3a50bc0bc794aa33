//! Failures of keys: those that cannot be used, and those in the wrong place.

use super::{Code, Failure};
use crate::actions::{IdFault, KeyError};
use crate::domain::Hint;

const KEY_ONLY: &str =
    "enter only the key, without a scheme such as `Bearer` and without quotation marks";

const REJECTED: &str = "check the key; nothing was stored or replaced";

const NAME_EXPECTED: &str = "anyone who may list the tokens sees their names; a key typed as an argument is in the shell's \
                             history";

const NOT_STORED: &str = "nothing was stored; add --no-verify to store it without verification";

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        let message = error.to_string();
        let (code, hint) = match &error {
            KeyError::NotVerified { is_rejected, .. } => {
                let hint = if *is_rejected { REJECTED } else { NOT_STORED };
                return not_verified(error, &message, hint);
            }
            KeyError::NotAKey(_) => (Code::Usage, Hint::from(KEY_ONLY)),
            KeyError::NotAnId(IdFault::Ambiguous { .. }) => {
                (Code::Usage, Hint::from("use one of these ids"))
            }
            KeyError::NotAnId(IdFault::OtherKind) => (Code::Usage, Hint::from(KIND_EXPECTED)),
            KeyError::NotAnId(_) => (Code::Usage, id_expected()),
            KeyError::NotAName(_) => (Code::Usage, Hint::from(NAME_EXPECTED)),
            KeyError::Unusable(key) => (Code::Config, key.hint.clone()),
        };
        Self::from_error(code, error).with_hint(hint)
    }
}

/// `default` is not the name of a kind in the description.
const KIND_EXPECTED: &str = "add --kind KIND, or --kind default for the token of the default kind";

fn id_expected() -> Hint {
    Hint::run("token list")
        .text(" for the ids, or ")
        .command("token get --with-token < FILE")
        .text(" to find a token by its key; a key typed as an argument is in the shell's history")
}

/// Uses the exit status of the failed verification.
fn not_verified(error: KeyError, message: &str, hint: &str) -> Failure {
    match error {
        KeyError::NotVerified { source: behind, .. } => {
            let failure = Failure::from(*behind).wrap(message);
            failure.with_hint(hint)
        }
        other => Failure::from_error(Code::Usage, other),
    }
}
