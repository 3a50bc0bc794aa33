//! Exchanges an API key for a short-lived token, for services that accept keys in no other call. The token is kept in
//! memory for the command, and sent to the server of the key only.

use crate::actions::credential::unauthenticated::Unauthenticated;
use crate::actions::exchanged_tokens::ExchangedToken;
use crate::actions::{ActionError, ProfileSession, ResolvedCredential};
use crate::domain::{Credential, CredentialKind, Freshness};
use crate::service::{ApiErrorKind, Service, ServiceError};

fn is_for(token: &ExchangedToken, selected: &ResolvedCredential) -> bool {
    token.key == selected.credential.secret && token.origin == selected.base.origin()
}

/// The credential that requests are sent with.
pub(super) struct Usable {
    pub(super) credential: Credential,
    /// Whether an earlier request received it, so that it may have expired.
    pub(super) is_reused: bool,
}

/// Returns the token for the selected key, or the credential itself if the service has no exchange.
pub(super) async fn usable_credential(
    session: ProfileSession<'_>,
    selected: &ResolvedCredential,
) -> Result<Usable, ActionError> {
    let exchange = session.target.descriptor.exchange.as_ref();
    let is_key = selected.credential.kind == CredentialKind::ApiKey;
    let Some(call) = exchange.filter(|_| is_key) else {
        return Ok(Usable {
            credential: selected.credential.clone(),
            is_reused: false,
        });
    };
    let origin = selected.base.origin();
    let now = session.context.clock_reading_at(&origin.to_string());
    // Held during the request, so that concurrent requests exchange the key once.
    let mut tokens = session.context.exchanged_tokens.0.lock().await;
    tokens.retain(|token| {
        token.expiry.freshness_at(now, jiff::SignedDuration::ZERO) == Freshness::Fresh
    });
    let known = tokens.iter().find(|token| is_for(token, selected));
    let is_reused = known.is_some();
    let credential = if let Some(known) = known {
        known.credential.clone()
    } else {
        let token = request_token(session, selected, call.kind).await?;
        let credential = token.credential.clone();
        tokens.push(token);
        credential
    };
    Ok(Usable {
        credential,
        is_reused,
    })
}

async fn request_token(
    session: ProfileSession<'_>,
    selected: &ResolvedCredential,
    kind: CredentialKind,
) -> Result<ExchangedToken, ActionError> {
    let origin = selected.base.origin();
    let service = Service {
        descriptor: &session.target.descriptor,
        base_url: selected.base.clone(),
        transport: &Unauthenticated {
            session,
            origin: &origin,
        },
    };
    let granted = service.exchange_key(&selected.credential.secret).await;
    let granted = granted.map_err(|error| of_key(selected, error))?;
    let now = session.context.clock_reading_at(&origin.to_string());
    Ok(ExchangedToken {
        expiry: granted.expiry(now),
        key: selected.credential.secret.clone(),
        credential: Credential {
            kind,
            secret: granted.secret,
        },
        origin,
    })
}

/// Forgets the token for the selected key, which the service rejected.
pub(crate) async fn forget_exchanged(session: ProfileSession<'_>, selected: &ResolvedCredential) {
    let mut tokens = session.context.exchanged_tokens.0.lock().await;
    tokens.retain(|token| !is_for(token, selected));
}

/// Converts the rejected exchange into a rejection of the key.
fn of_key(selected: &ResolvedCredential, error: ActionError) -> ActionError {
    match error {
        ActionError::Service(ServiceError::Api(api_error))
            if api_error.kind == ApiErrorKind::CredentialRejected =>
        {
            selected.rejection(api_error)
        }
        other => other,
    }
}
