//! Explains a rejected credential of a token call.

use crate::actions::{ActionError, Target};
use crate::domain::Hint;

/// Token calls may require another kind of credential than the one that was rejected.
pub(crate) fn with_credential_hint(target: &Target, mut error: ActionError) -> ActionError {
    if let (ActionError::CredentialRejected { refusal, .. }, Some(kind)) =
        (&mut error, target.descriptor.tokens.credential)
    {
        refusal.advice.push(Hint::from(format!(
            "{} requires a {} for its token calls",
            target.descriptor.name,
            kind.label()
        )));
    }
    error
}
