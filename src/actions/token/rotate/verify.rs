//! Verifies keys: sends a request with the key and no other credential.

use crate::actions::credential::fixed_credential::fetch_identity;
use crate::actions::token::propagation::retry_while_rejected;
use crate::actions::{ActionError, ProfileSession};
use crate::domain::{Credential, CredentialKind, Secret};
use crate::service::{Identity, Service};

/// Returns the account of the new key, which replicas of the service may not know yet.
pub(super) async fn verify_new_secret<C>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    kind: CredentialKind,
    secret: &Secret,
) -> Result<Identity, ActionError> {
    let verify = async || verify_secret(session, service, kind, secret).await;
    retry_while_rejected(verify).await
}

/// Returns the account of `secret`, without using another credential.
pub(super) async fn verify_secret<C>(
    session: ProfileSession<'_>,
    service: &Service<'_, C>,
    kind: CredentialKind,
    secret: &Secret,
) -> Result<Identity, ActionError> {
    let credential = Credential {
        kind,
        secret: secret.clone(),
    };
    fetch_identity(session, &service.base_url, credential).await
}
