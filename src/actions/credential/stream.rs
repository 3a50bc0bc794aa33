//! Sends a request with a body of any size, and returns the response before its body arrives.

use jiff::SignedDuration;

use crate::actions::credential::authorize::sign;
use crate::actions::{ActionError, AuthenticatedClient, ResolvedCredential};
use crate::http::{Request, RequestBody, Response, StreamedResponse};
use crate::service::{ApiError, ApiErrorKind, ServiceError};

impl AuthenticatedClient<'_> {
    /// Sends `request` with `body` and returns the response, whatever its status. If the service rejects the credential, it
    /// is refreshed and the request sent once more, unless `body` is a stream, which was already read. A 4xx response is
    /// read completely, and the secrets of the request are redacted in it.
    ///
    /// # Errors
    /// As [`AuthenticatedClient::ensure_fresh`], and [`ActionError::Http`] without a response.
    pub async fn open_stream(
        &self,
        request: &Request,
        body: RequestBody,
    ) -> Result<StreamedResponse, ActionError> {
        let selected = self.ensure_fresh(SignedDuration::ZERO).await?;
        let copy = body.try_clone();
        let mut response = self.open_authorized(request, body, &selected).await?;
        if !response.status.is_client_error() {
            return Ok(response);
        }
        let refusal = response.read_in_place().await?;
        let refusal = ApiError::from_response(&self.session.target.descriptor, &refusal);
        let (ApiErrorKind::CredentialRejected, Some(copy)) = (refusal.kind, copy) else {
            return Ok(response);
        };
        match self.refresh_after_401(&selected.credential).await? {
            Some(again) => {
                let mut response = self.open_authorized(request, copy, &again).await?;
                if response.status.is_client_error() {
                    response.read_in_place().await?;
                }
                Ok(response)
            }
            None => Ok(response),
        }
    }

    /// Returns the error for a response with an error status.
    pub async fn refusal_error(&self, response: &Response) -> ActionError {
        let selected = self.selected.lock().await.clone();
        let rejected = self.rejection_error(&selected, response);
        rejected.unwrap_or_else(|| {
            let refusal = ApiError::from_response(&self.session.target.descriptor, response);
            ServiceError::Api(Box::new(refusal)).into()
        })
    }

    async fn open_authorized(
        &self,
        request: &Request,
        body: RequestBody,
        selected: &ResolvedCredential,
    ) -> Result<StreamedResponse, ActionError> {
        let signed = sign(self.session, request.clone(), selected)?;
        Ok(self.session.context.http.open(&signed, body).await?)
    }
}
