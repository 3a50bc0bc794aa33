//! Verifies a key or cookie with the service before it is stored.

use crate::actions::login::save::NewLogin;
use crate::actions::{
    ActionError, AuthenticatedClient, KeyError, ProfileSession, ResolvedCredential, Source,
};

/// The source of a credential that was typed or piped in.
pub const ENTERED: &str = "the credential that you entered";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// Verifies if the service has a call for it. A credential that the service does not accept is not stored.
    Check,
    /// Stores the credential unchecked (`--no-verify`).
    Skip,
}

/// Verifies the credential with the service. Only an accepted one is stored: a rejected one would replace one that
/// works, and an unreachable service proves nothing.
///
/// # Errors
/// [`KeyError::NotVerified`] with the error of the service or the network.
pub(crate) async fn verify_credential(
    session: ProfileSession<'_>,
    mut new: NewLogin,
    verification: Verification,
) -> Result<NewLogin, ActionError> {
    if verification == Verification::Skip || session.target.descriptor.whoami.is_none() {
        return Ok(new);
    }
    let selected = ResolvedCredential {
        source: Source::Stored,
        base: session.target.base()?.clone(),
        credential: new.stored.credential.clone(),
        stored: None,
    };
    let client = AuthenticatedClient::with_credential(session, selected);
    let identity = client.service().await.whoami().await;
    let identity = identity.map_err(|error| KeyError::NotVerified {
        what: new.stored.credential.kind.label(),
        service: session.target.descriptor.name.clone(),
        is_rejected: matches!(error, ActionError::CredentialRejected { .. }),
        source: Box::new(with_entered_source(error)),
    })?;
    new.stored.account = identity.account.or(new.stored.account);
    new.verified = true;
    Ok(new)
}

/// The rejected credential is the one that the user entered, not the one that is stored.
fn with_entered_source(error: ActionError) -> ActionError {
    match error {
        ActionError::CredentialRejected {
            api_error,
            is_session_expired,
            ..
        } => ActionError::CredentialRejected {
            api_error,
            source_name: ENTERED.to_owned(),
            is_session_expired,
        },
        other => other,
    }
}
