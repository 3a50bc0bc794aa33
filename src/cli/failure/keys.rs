//! Failures of keys: those that cannot be used, and those in the wrong place.

use super::{Code, Failure};
use crate::actions::KeyError;

const ALONE: &str =
    "give the key alone, without a word such as `Bearer` before it and without quotation marks";

const AN_ID: &str = "`brainmaps token list` shows the ids, and `brainmaps token get --with-token < FILE` finds a token by \
                     its key; a key that was typed as an argument is in the shell's history";

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        let (code, hint) = match &error {
            KeyError::NotAKey(_) => (Code::Usage, ALONE.to_owned()),
            KeyError::NotAnId(_) => (Code::Usage, AN_ID.to_owned()),
            KeyError::Unusable(key) => (Code::Config, key.hint.clone()),
        };
        Self::of(code, error).hint(hint)
    }
}
