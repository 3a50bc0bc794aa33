//! Sends requests with one given credential, which need not be the one in use, and never refreshes it.

use jiff::Timestamp;

use crate::actions::credential::authorize::send_with_credential;
use crate::actions::{ActionError, ProfileSession, ResolvedCredential, Source};
use crate::domain::{BaseUrl, Credential, CredentialKind, Origin, StoredCredential};
use crate::http::{Request, Response};
use crate::service::{ApiError, ApiErrorKind, ApiTransport, Identity, Service};

/// The name of a credential that is verified, in messages.
const NEW_TOKEN: &str = "the new token";
pub(super) const STORED: &str = "the stored credential";

/// Returns the account that `credential` belongs to.
///
/// # Errors
/// [`ActionError::CredentialRejected`] if the service rejects the credential, and other errors of the service or the
/// network.
pub(crate) async fn fetch_identity(
    session: ProfileSession<'_>,
    base: &BaseUrl,
    credential: Credential,
) -> Result<Identity, ActionError> {
    let transport = FixedCredential::of(session, base, credential, NEW_TOKEN);
    transport.service().whoami().await
}

/// As [`fetch_identity`], with a stored credential that is not refreshed.
///
/// # Errors
/// As [`fetch_identity`].
#[cfg(feature = "scan")]
pub(crate) async fn fetch_stored_identity(
    session: ProfileSession<'_>,
    stored: &StoredCredential,
) -> Result<Identity, ActionError> {
    let transport = FixedCredential::of_profile(session, stored)?;
    transport.service().whoami().await
}

/// Sends `request` with `credential`, and returns the response, whatever its status.
///
/// # Errors
/// As [`fetch_identity`].
pub(crate) async fn send_with(
    session: ProfileSession<'_>,
    base: &BaseUrl,
    credential: Credential,
    request: Request,
) -> Result<Response, ActionError> {
    let transport = FixedCredential::of(session, base, credential, NEW_TOKEN);
    transport.send(request).await
}

/// A transport that uses one credential and never refreshes it.
pub(crate) struct FixedCredential<'a> {
    pub(super) session: ProfileSession<'a>,
    pub(super) selected: ResolvedCredential,
    /// The source of the credential, for error messages.
    pub(super) name: &'static str,
}

impl<'a> FixedCredential<'a> {
    /// Uses `credential`, which is called `name` in messages, at `base`.
    pub(crate) fn of(
        session: ProfileSession<'a>,
        base: &BaseUrl,
        credential: Credential,
        name: &'static str,
    ) -> Self {
        Self {
            session,
            name,
            selected: ResolvedCredential {
                source: Source::Stored,
                base: base.clone(),
                credential,
                stored: None,
            },
        }
    }

    /// Uses the stored credential of the profile, which is sent to its own origin only.
    ///
    /// # Errors
    /// If no base URL is known.
    pub(crate) fn of_profile(
        session: ProfileSession<'a>,
        stored: &StoredCredential,
    ) -> Result<Self, ActionError> {
        Ok(Self {
            session,
            name: STORED,
            selected: ResolvedCredential {
                source: Source::Stored,
                base: session.target.base()?.clone(),
                credential: stored.credential.clone(),
                stored: Some(stored.clone()),
            },
        })
    }

    pub(crate) fn service(&self) -> Service<'_, Self> {
        Service {
            descriptor: &self.session.target.descriptor,
            base_url: self.selected.base.clone(),
            transport: self,
        }
    }
}

impl ApiTransport for FixedCredential<'_> {
    type Error = ActionError;

    async fn credential_kind(&self) -> Option<CredentialKind> {
        Some(self.selected.credential.kind)
    }

    fn parameter(&self, name: &str) -> Option<String> {
        self.session.parameter(name)
    }

    fn server_time(&self, origin: &Origin) -> Timestamp {
        self.session.context.time_at(origin)
    }

    async fn credential_rejected_error(&self, api_error: Box<ApiError>) -> ActionError {
        ActionError::CredentialRejected {
            source_name: self.name.to_owned(),
            api_error,
            is_session_expired: false,
        }
    }

    async fn send(&self, request: Request) -> Result<Response, ActionError> {
        // Boxed to keep the futures of all callers small.
        let sent = Box::pin(send_with_credential(self.session, request, &self.selected));
        let response = sent.await?;
        let api_error = ApiError::from_response(&self.session.target.descriptor, &response);
        if response.is_success() || api_error.kind != ApiErrorKind::CredentialRejected {
            return Ok(response);
        }
        Err(self.credential_rejected_error(Box::new(api_error)).await)
    }
}
