//! The user name, password and one-time password that some services require again for a call that changes tokens.

use super::call_values::CallValues;
use super::{ApiErrorKind, ApiTransport, Service, ServiceError};
use crate::provider::{Placeholder, RequestTemplate};

impl<C: ApiTransport> Service<'_, C> {
    /// Adds what confirms the call to `values`, unless it has it already, as a login does. Without a one-time password, its
    /// members are omitted: not every account has a second factor.
    ///
    /// # Errors
    /// [`ServiceError::MissingConfirmation`] before anything is sent, and errors of `whoami`.
    pub(super) async fn with_confirmations(
        &self,
        template: RequestTemplate<'_>,
        mut values: CallValues,
    ) -> Result<CallValues, C::Error> {
        for placeholder in template.placeholders() {
            if !placeholder.is_confirmation() || values.get(placeholder).is_some() {
                continue;
            }
            match (placeholder, self.transport.typed_secret(placeholder)) {
                (Placeholder::Username, None) => {
                    let name = self.account_name().await?;
                    values = values.with(Placeholder::Username, name);
                }
                (_, Some(secret)) => {
                    values = values.with_confirmation(placeholder.clone(), secret);
                }
                (Placeholder::Password, None) => {
                    return Err(self.missing_confirmation("password").into());
                }
                _ => {}
            }
        }
        Ok(values)
    }

    /// Returns the name of the account: as `whoami` reports it, otherwise as the login stored it.
    async fn account_name(&self) -> Result<String, C::Error> {
        let call = self.descriptor.whoami.as_ref();
        if let Some(call) = call.filter(|call| !call.account.is_empty()) {
            let document = self.account_document().await?;
            if let Some(name) = call.account.text_in(&document) {
                return Ok(name);
            }
        }
        let stored = self.transport.stored_account().await;
        Ok(stored.ok_or_else(|| self.missing_confirmation("user name"))?)
    }

    fn missing_confirmation(&self, what: &'static str) -> ServiceError {
        ServiceError::MissingConfirmation {
            service: self.descriptor.name.clone(),
            what,
        }
    }
}

impl ServiceError {
    /// Returns the error of a call whose template has a password or a one-time password: a rejection may be about that.
    pub(super) fn of_confirmed(self, template: RequestTemplate<'_>) -> Self {
        match self {
            Self::Api(error)
                if error.kind == ApiErrorKind::CredentialRejected
                    && template.requires_confirmation() =>
            {
                Self::ConfirmationRejected {
                    api_error: error,
                    takes_password: template.needs(&Placeholder::Password),
                    takes_one_time_password: template.needs(&Placeholder::Otp),
                }
            }
            other => other,
        }
    }
}
