//! What to do where a secret would go to, or come from, another server.

use crate::actions::ActionError;

pub(super) fn hint(error: &ActionError) -> Option<&'static str> {
    Some(match error {
        ActionError::OtherAddress { .. } => {
            "name another file, or create the key at the URL in that file: --api-url URL"
        }
        ActionError::NoUrlVariable { .. } => {
            "leave out --env-file: the secret is then shown once; a description names the variable as `api_url` below \
             [environment]"
        }
        _ => return None,
    })
}
