//! Keeps a token in its space. The credential in use decides which space a new token belongs to; the create call has no
//! field for it.

use super::destination::Destination;
use super::{RotationError, verify_secret};
use crate::actions::{ActionError, ProfileSession};
use crate::domain::Secret;
use crate::service::{ApiTransport, Service, Space};

/// Returns the space of the credential in use. Fails if the token at the destination works and belongs to another
/// space. Sends nothing if the service reports no spaces.
pub(super) async fn require_same_space<C: ApiTransport<Error = ActionError>>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    place: &Destination,
    standing: Option<&Secret>,
) -> Result<Option<Space>, ActionError> {
    if !service.reports_spaces() {
        return Ok(None);
    }
    let here = service.whoami().await?.space;
    if let Some(secret) = standing
        && let Ok(there) = verify_secret(session, service, place, secret).await
    {
        check_equal(there.space.as_ref(), here.as_ref())?;
    }
    Ok(here)
}

pub(super) fn check_equal(there: Option<&Space>, here: Option<&Space>) -> Result<(), ActionError> {
    if there == here {
        return Ok(());
    }
    let words =
        |space: Option<&Space>| space.map_or_else(|| "no space".to_owned(), Space::to_string);
    Err(RotationError::SpaceMismatch {
        there: words(there),
        here: words(here),
    }
    .into())
}
