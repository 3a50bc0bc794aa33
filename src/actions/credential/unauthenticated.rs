//! Sends requests without a credential header, for calls whose body contains the secret.

use jiff::Timestamp;

use crate::actions::{ActionError, ProfileSession};
use crate::domain::Origin;
use crate::http::{Request, Response};
use crate::service::ApiTransport;

/// A transport without credentials, bound to one origin.
pub(crate) struct Unauthenticated<'a> {
    pub(crate) session: ProfileSession<'a>,
    pub(crate) origin: &'a Origin,
}

impl ApiTransport for Unauthenticated<'_> {
    type Error = ActionError;

    fn parameter(&self, name: &str) -> Option<String> {
        self.session.parameter(name)
    }

    fn server_time(&self, origin: &Origin) -> Timestamp {
        self.session.context.time_at(origin)
    }

    async fn send(&self, request: Request) -> Result<Response, ActionError> {
        let bound = request.bind_to_origin(self.origin)?;
        Ok(self.session.context.http.send(bound).await?)
    }
}
