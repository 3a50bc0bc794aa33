//! Explains a rejected credential of a token call.

use crate::actions::{ActionError, Source, Target};
use crate::domain::Hint;

/// Token calls may require another kind of credential than the one that was rejected.
pub(crate) fn with_credential_hint(target: &Target, mut error: ActionError) -> ActionError {
    if let (
        ActionError::CredentialRejected {
            api_error,
            source_name,
            ..
        },
        Some(kind),
    ) = (&mut error, target.descriptor.tokens.credential)
    {
        let service = &target.descriptor.name;
        let required = format!("{service} requires a {} for its token calls", kind.label());
        let is_stored = *source_name == Source::Stored.label();
        // The key may be the one that the call is for.
        let other =
            "; to keep this key, run the command in another directory or without the variable";
        let other = if is_stored { "" } else { other };
        api_error
            .advice
            .push(Hint::from(format!("{required}{other}")));
    }
    error
}
