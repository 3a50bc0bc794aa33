//! Requests the next access token of a session with the client's own secret or key (RFC 6749 §4.4).

use crate::actions::credential::refresh_response::{apply_token_response, to_refresh_error};
use crate::actions::credential::session_server::session_server;
use crate::actions::credential::unsaved_session::save_refreshed;
use crate::actions::{ActionError, ClientError, ClientProof, ProfileSession};
use crate::domain::{ClientAuthentication, OAuthServer, Scopes, StoredCredential};
use crate::oauth::{self, OauthError, TokenResponse};
use crate::vault::ProfileLock;

/// Requests a token and saves it. The caller holds the lock, so that only one of many processes sends the request. A request
/// whose response is lost can be repeated.
pub(super) async fn request_and_save(
    session: ProfileSession<'_>,
    lock: &ProfileLock,
    current: &StoredCredential,
    scopes: &Scopes,
) -> Result<StoredCredential, ActionError> {
    let Some(authority) = &current.oauth_server else {
        return Err(ActionError::LoginExpired {
            profile: session.target.name.to_string(),
        });
    };
    let reserved = session.vault().reserve(lock, session.storage())?;
    let issued = request_next(session, authority, scopes).await;
    let issued = issued.map_err(|error| to_client_error(session, authority, error))?;
    let next = apply_token_response(session.context, authority, issued, current);
    // Boxed to keep the futures of all callers small.
    Box::pin(save_refreshed(session, lock, reserved, current, next)).await
}

async fn request_next(
    session: ProfileSession<'_>,
    authority: &OAuthServer,
    scopes: &Scopes,
) -> Result<TokenResponse, OauthError> {
    let server = session_server(session, authority)?;
    oauth::request_token(&session.context.http, &server, scopes).await
}

/// Names what the server rejected, since only the user can replace it.
fn to_client_error(
    session: ProfileSession<'_>,
    authority: &OAuthServer,
    error: OauthError,
) -> ActionError {
    let proof = match authority.client.authentication {
        ClientAuthentication::None => None,
        ClientAuthentication::Secret(_) => Some(ClientProof::Secret),
        ClientAuthentication::Key(_) => Some(ClientProof::Key),
    };
    match proof.filter(|_| error.rejects_client()) {
        Some(proof) => ClientError::ProofRejected {
            profile: session.target.name.to_string(),
            client_id: authority.client_id.clone(),
            proof,
            source: Box::new(error),
        }
        .into(),
        None => to_refresh_error(session.target, error.into()),
    }
}
