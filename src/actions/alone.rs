//! Asks a service with one secret, which need not be the credential in use.

use super::access::exchange;
use super::{ActionError, Context, Selected, Source, Target};
use crate::domain::{BaseUrl, Credential, CredentialKind};
use crate::http::{Answer, Request};
use crate::service::{Channel, Identity, Refusal, RefusalKind, Service};

/// Returns whose `credential` is at `base`.
///
/// # Errors
/// [`ActionError::CredentialRejected`] if the service does not accept it, and whatever the network or the service says.
pub(super) async fn identity_of(
    context: &Context,
    target: &Target,
    base: &BaseUrl,
    credential: Credential,
) -> Result<Identity, ActionError> {
    let alone = Alone {
        context,
        target,
        selected: Selected {
            source: Source::Stored,
            base: base.clone(),
            credential,
            stored: None,
        },
    };
    let service = Service {
        descriptor: &target.descriptor,
        base: base.clone(),
        channel: &alone,
    };
    service.whoami().await
}

/// A channel with one secret: never another one, never refreshed.
struct Alone<'a> {
    context: &'a Context,
    target: &'a Target,
    selected: Selected,
}

impl Channel for Alone<'_> {
    type Error = ActionError;

    async fn kind(&self) -> Option<CredentialKind> {
        Some(self.selected.credential.kind)
    }

    async fn send(&self, request: Request) -> Result<Answer, ActionError> {
        let answer = exchange(self.context, self.target, request, &self.selected).await?;
        let refusal = Refusal::read(&self.target.descriptor, &answer);
        if answer.is_success() || refusal.kind != RefusalKind::CredentialRejected {
            return Ok(answer);
        }
        Err(ActionError::CredentialRejected {
            source_name: "the new token".to_owned(),
            refusal: Box::new(refusal),
            is_over: false,
        })
    }
}
