//! The parameters of a call: those that the user set, and those that the service reports about the account.

use serde_json::Value;

use super::call_values::CallValues;
use super::{ApiTransport, Service, ServiceError};
use crate::provider::{ErrorCall, Placeholder, RequestTemplate};

impl<C: ApiTransport> Service<'_, C> {
    /// Adds the parameters of the request to `values`.
    ///
    /// # Errors
    /// [`ServiceError::MissingParameter`] before anything is sent, and errors of `whoami`.
    pub(super) async fn with_parameters(
        &self,
        template: RequestTemplate<'_>,
        mut values: CallValues,
    ) -> Result<CallValues, C::Error> {
        let mut names = Vec::new();
        for placeholder in template.placeholders() {
            if let Placeholder::Parameter(name) = placeholder
                && !names.contains(&name)
            {
                names.push(name);
            }
        }
        for name in names {
            let value = self.parameter(name).await?;
            values = values.with(Placeholder::Parameter(name.clone()), value);
        }
        Ok(values)
    }

    async fn parameter(&self, name: &str) -> Result<String, C::Error> {
        // What the user set also replaces what the service reports.
        if let Some(value) = self.transport.parameter(name) {
            return Ok(value);
        }
        let missing = || ServiceError::MissingParameter {
            service: self.descriptor.name.clone(),
            name: name.to_owned(),
        };
        let parameter = self.descriptor.parameters.get(name);
        let parameter = parameter.filter(|parameter| parameter.is_reported());
        let parameter = parameter.ok_or_else(missing)?;
        let account = self.account_document().await?;
        Ok(parameter.at.text_in(&account).ok_or_else(missing)?)
    }

    /// Returns the response to `whoami`, which is sent once for all calls of a command.
    pub(super) async fn account_document(&self) -> Result<Value, C::Error> {
        let cache = self.transport.account_cache();
        if let Some(known) = cache.and_then(|cache| cache.get()) {
            return Ok(known.clone());
        }
        let call = self.descriptor.whoami.as_ref();
        let call = call.ok_or_else(|| self.unsupported_error("whoami"))?;
        let response = self.send_whoami(call).await?;
        if let Err(error) = self.check_status_of(Some(ErrorCall::Whoami), &response) {
            return Err(self.transport.credential_rejected_error(error).await);
        }
        let document = self.require_json(&response)?;
        if let Some(cache) = cache {
            // Another request of this command may have been first.
            let _ = cache.set(document.clone());
        }
        Ok(document)
    }
}
