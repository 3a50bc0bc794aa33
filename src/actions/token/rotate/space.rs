//! Keeps a token in its space. The credential in use decides which space a new token belongs to; the create call has no
//! field for it.

use super::key_match::{IdentityComparison, ReplacedKey};
use super::verify::verify_secret;
use crate::actions::{ActionError, ProfileSession, RotationError};
use crate::service::{ApiTransport, Service, Space};

/// Returns the space of the credential in use, which must be the space of the token whose key is replaced while that token works.
/// Sends nothing if the service reports no spaces, or if the comparison already requested it.
pub(super) async fn require_same_space<C: ApiTransport<Error = ActionError>>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    before: &ReplacedKey<'_>,
    compared: IdentityComparison,
) -> Result<Option<Space>, ActionError> {
    if !service.reports_spaces() {
        return Ok(None);
    }
    let used_space = match compared.used_identity {
        Some(identity) => identity.space,
        None => service.whoami().await?.space,
    };
    let old_identity = match (compared.file_identity, before.secret) {
        // The credential in use is that key.
        (None, Some(secret)) if *secret == compared.used_secret => return Ok(used_space),
        (None, Some(secret)) => verify_secret(session, service, before.destination.kind(), secret)
            .await
            .ok(),
        (identity, _) => identity,
    };
    if let Some(identity) = old_identity {
        check_equal(identity.space.as_ref(), used_space.as_ref())?;
    }
    Ok(used_space)
}

pub(super) fn check_equal(
    old_space: Option<&Space>,
    new_space: Option<&Space>,
) -> Result<(), ActionError> {
    if old_space == new_space {
        return Ok(());
    }
    let shown =
        |space: Option<&Space>| space.map_or_else(|| "no space".to_owned(), Space::to_string);
    Err(RotationError::SpaceMismatch {
        old_space: shown(old_space),
        new_space: shown(new_space),
    }
    .into())
}
