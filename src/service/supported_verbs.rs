//! Which commands of tokens a service supports.

use super::ServiceError;
use crate::provider::{Descriptor, TokenVerb};

/// Checks that the service supports `verb`.
///
/// # Errors
/// `UNSUPPORTED` with the supported commands.
pub fn ensure_supported(descriptor: &Descriptor, verb: TokenVerb) -> Result<(), ServiceError> {
    if descriptor.supports(verb) {
        return Ok(());
    }
    let kinds = descriptor.kinds_supporting(verb);
    if !kinds.is_empty() {
        return Err(ServiceError::KindRequired {
            service: descriptor.name.clone(),
            kinds,
        });
    }
    Err(unsupported_verb(descriptor, verb))
}

pub(super) fn unsupported_verb(descriptor: &Descriptor, verb: TokenVerb) -> ServiceError {
    ServiceError::unsupported(descriptor, format!("token {}", verb.name()))
}
