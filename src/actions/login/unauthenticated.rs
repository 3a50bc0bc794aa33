//! The way to a service without a credential in a header: for calls whose body holds a secret.

use crate::actions::{ActionError, Context};
use crate::domain::Origin;
use crate::http::{Request, Response};
use crate::service::ApiTransport;

/// Sends as it is, to one origin only.
pub(crate) struct Unauthenticated<'a> {
    pub(crate) context: &'a Context,
    pub(crate) origin: &'a Origin,
}

impl ApiTransport for Unauthenticated<'_> {
    type Error = ActionError;

    async fn send(&self, request: Request) -> Result<Response, ActionError> {
        let bound = request.bind_to_origin(self.origin)?;
        Ok(self.context.http.send(bound).await?)
    }
}
