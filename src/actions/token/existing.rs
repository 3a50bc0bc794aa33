//! Detects a create response that names a token which existed before: the service replaced it, or `tokens.fields.id` points
//! to another id. Such a token must not be revoked as the new one.

use jiff::SignedDuration;

use crate::actions::AuthenticatedClient;
use crate::domain::{ApiToken, CreatedToken};
use crate::service::{ApiTransport, Service};

pub(super) struct ReturnedToken {
    pub(super) created: CreatedToken,
    /// Whether the token existed before the request.
    pub(super) existed: bool,
}

/// Some services report only the day, in any time zone.
const MIN_AGE: SignedDuration = SignedDuration::from_hours(48);

/// Returns `true` if `token` is older than the response, or was seen or created here before. Call before it is recorded.
pub(super) fn existed_before(
    service: &Service<'_, AuthenticatedClient<'_>>,
    token: &ApiToken,
) -> bool {
    let session = service.transport.session;
    let origin = service.base_url.origin();
    let now = service.transport.server_time(&origin);
    if token
        .created_at
        .is_some_and(|at| now.duration_since(at) > MIN_AGE)
    {
        return true;
    }
    let Some(id) = &token.id else {
        return false;
    };
    let issuer = session.issuing_profile(&origin);
    let keys = session.context.vault.created_keys();
    keys.is_ok_and(|keys| keys.created_at(issuer, id).is_some())
        || session.seen_tokens().iter().any(|seen| seen.id == *id)
}
