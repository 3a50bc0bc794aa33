//! The way to a service without a credential in a header: for calls whose body holds a secret.

use super::{ActionError, Context};
use crate::domain::Origin;
use crate::http::{Answer, Request};
use crate::service::Channel;

/// Sends as it is, to one origin only.
pub(super) struct Unsigned<'a> {
    pub(super) context: &'a Context,
    pub(super) origin: &'a Origin,
}

impl Channel for Unsigned<'_> {
    type Error = ActionError;

    async fn send(&self, request: Request) -> Result<Answer, ActionError> {
        let bound = request.bound_to(self.origin)?;
        Ok(self.context.http.send(bound).await?)
    }
}
