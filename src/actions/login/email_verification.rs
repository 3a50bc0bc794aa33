//! Requests the e-mail that verifies the address of an account.

use crate::actions::{ActionError, AuthenticatedClient, ProfileSession, Purpose};
use crate::service::ServiceError;

impl ProfileSession<'_> {
    /// Requests the verification e-mail again. Returns the service's note about limits.
    ///
    /// # Errors
    /// `UNSUPPORTED` if the service documents no such call, and errors of the service or the network.
    pub async fn resend_verification(self) -> Result<Option<String>, ActionError> {
        let service = &self.target.descriptor;
        let Some(call) = &service.account.resend_verification else {
            return Err(ServiceError::unsupported(service, "account resend-verification").into());
        };
        let client = AuthenticatedClient::open(self, Purpose::Change)?;
        client.service().await.resend_verification().await?;
        Ok(call.note.clone())
    }
}
