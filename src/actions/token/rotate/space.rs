//! Keeps a token in its space. The credential in use decides which space a new token belongs to; the create call has no
//! field for it.

use super::key_match::{Compared, ReplacedKey};
use super::verify::verify_secret;
use crate::actions::{ActionError, ProfileSession, RotationError};
use crate::service::{ApiTransport, Service, Space};

/// Returns the space of the credential in use, which must be the space of the token whose key is replaced while that token works.
/// Sends nothing if the service reports no spaces, or if the comparison already requested it.
pub(super) async fn require_same_space<C: ApiTransport<Error = ActionError>>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    before: &ReplacedKey<'_>,
    compared: Compared,
) -> Result<Option<Space>, ActionError> {
    if !service.reports_spaces() {
        return Ok(None);
    }
    let here = match compared.here {
        Some(here) => here.space,
        None => service.whoami().await?.space,
    };
    let there = match (compared.there, before.secret) {
        // The credential in use is that key.
        (None, Some(secret)) if *secret == compared.in_use => return Ok(here),
        (None, Some(secret)) => verify_secret(session, service, before.place.kind(), secret)
            .await
            .ok(),
        (there, _) => there,
    };
    if let Some(there) = there {
        check_equal(there.space.as_ref(), here.as_ref())?;
    }
    Ok(here)
}

pub(super) fn check_equal(there: Option<&Space>, here: Option<&Space>) -> Result<(), ActionError> {
    if there == here {
        return Ok(());
    }
    let shown =
        |space: Option<&Space>| space.map_or_else(|| "no space".to_owned(), Space::to_string);
    Err(RotationError::SpaceMismatch {
        there: shown(there),
        here: shown(here),
    }
    .into())
}
