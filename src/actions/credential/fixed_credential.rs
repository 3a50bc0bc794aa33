//! Sends requests with one given credential, which need not be the one in use. Never selects or refreshes another.

use crate::actions::credential::client::send_with_credential;
use crate::actions::{ActionError, Context, ResolvedCredential, Source, Target};
use crate::domain::{BaseUrl, Credential, CredentialKind};
use crate::http::{Request, Response};
use crate::service::{ApiError, ApiErrorKind, ApiTransport, Identity, Service};

/// Returns the account that `credential` belongs to.
///
/// # Errors
/// [`ActionError::CredentialRejected`] if the service rejects the credential, and other errors of the service or the
/// network.
pub(crate) async fn fetch_identity(
    context: &Context,
    target: &Target,
    base: &BaseUrl,
    credential: Credential,
) -> Result<Identity, ActionError> {
    let alone = FixedCredential {
        context,
        target,
        selected: ResolvedCredential {
            source: Source::Stored,
            base: base.clone(),
            credential,
            stored: None,
        },
    };
    let service = Service {
        descriptor: &target.descriptor,
        base_url: base.clone(),
        transport: &alone,
    };
    service.whoami().await
}

/// A transport that uses one credential and never refreshes it.
struct FixedCredential<'a> {
    context: &'a Context,
    target: &'a Target,
    selected: ResolvedCredential,
}

impl ApiTransport for FixedCredential<'_> {
    type Error = ActionError;

    async fn credential_kind(&self) -> Option<CredentialKind> {
        Some(self.selected.credential.kind)
    }

    async fn send(&self, request: Request) -> Result<Response, ActionError> {
        let answer =
            send_with_credential(self.context, self.target, request, &self.selected).await?;
        let refusal = ApiError::from_response(&self.target.descriptor, &answer);
        if answer.is_success() || refusal.kind != ApiErrorKind::CredentialRejected {
            return Ok(answer);
        }
        Err(ActionError::CredentialRejected {
            source_name: "the new token".to_owned(),
            refusal: Box::new(refusal),
            is_session_expired: false,
        })
    }
}
