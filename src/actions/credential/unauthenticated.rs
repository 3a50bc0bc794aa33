//! Sends requests without a credential header, for calls whose body contains the secret.

use crate::actions::{ActionError, Context};
use crate::domain::Origin;
use crate::http::{Request, Response};
use crate::service::ApiTransport;

/// A transport without credentials, bound to one origin.
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
