//! Requests the next access token of a stored session with a new token of the platform (RFC 8693, RFC 7523 §2.1).

use crate::actions::credential::refresh_response::apply_token_response;
use crate::actions::credential::session_server::session_server;
use crate::actions::credential::unsaved_session::save_refreshed;
use crate::actions::workload::exchange::exchange_identity;
use crate::actions::{ActionError, ProfileSession};
use crate::domain::{StoredCredential, WorkloadIdentity};
use crate::oauth::TokenResponse;
use crate::vault::ProfileLock;

/// Exchanges the identity and saves the access token. The caller holds the lock, so that one of many processes sends the
/// request. A request whose response is lost can be repeated.
pub(super) async fn exchange_and_save(
    session: ProfileSession<'_>,
    lock: &ProfileLock,
    current: &StoredCredential,
    identity: &WorkloadIdentity,
) -> Result<StoredCredential, ActionError> {
    let Some(authority) = &current.oauth_server else {
        return Err(ActionError::LoginExpired {
            profile: session.target.name.to_string(),
        });
    };
    let reserved = session.vault().reserve(lock, session.storage())?;
    let server = session_server(session, authority)?;
    let issued = exchange_identity(session.context, &server, identity).await?;
    let issued = TokenResponse {
        refresh_token: None,
        ..issued
    };
    let next = apply_token_response(session.context, authority, issued, current);
    // Boxed to keep the futures of all callers small.
    Box::pin(save_refreshed(session, lock, reserved, current, next)).await
}
