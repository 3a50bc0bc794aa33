//! Sessions of a client that this program registered. The server may delete the client.

use crate::actions::credential::refresh_response::to_refresh_error;
use crate::actions::{ActionError, ProfileSession};
use crate::domain::OAuthServer;
use crate::oauth::OauthError;

/// Returns the error of a refresh. If the server does not know the registered client any more, the next login registers
/// another one, and the user must sign in again.
pub(super) async fn on_refresh_error(
    session: ProfileSession<'_>,
    authority: &OAuthServer,
    error: OauthError,
) -> ActionError {
    let is_unknown =
        matches!(&error, OauthError::Refused { error: Some(code), .. } if code == "invalid_client");
    let known = session.vault().client_registration(&authority.issuer);
    let known = known.ok().flatten();
    let is_registered = known.is_some_and(|client| client.client_id == authority.client_id);
    if !is_unknown || !is_registered {
        return to_refresh_error(session.target, error.into());
    }
    let forget = session
        .vault()
        .set_client_registration(&authority.issuer, None);
    if let Err(error) = forget.await {
        session
            .context
            .warn(format!("cannot forget the registered client: {error}"));
    }
    ActionError::RefreshRejected {
        profile: session.target.name.to_string(),
        source: Box::new(error.into()),
    }
}
