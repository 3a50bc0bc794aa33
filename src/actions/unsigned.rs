//! The way to a service without a credential in a header: for calls whose body holds a secret.

use super::access::without;
use super::{ActionError, Context};
use crate::domain::{Origin, Secret};
use crate::http::{Answer, Request};
use crate::service::Channel;

/// Sends as it is, to one origin only; an error that quotes the secret is told without it.
pub(super) struct Unsigned<'a> {
    pub(super) context: &'a Context,
    pub(super) origin: &'a Origin,
    pub(super) secret: &'a Secret,
}

impl Channel for Unsigned<'_> {
    type Error = ActionError;

    async fn send(&self, request: Request) -> Result<Answer, ActionError> {
        let answer = self
            .context
            .http
            .send(request.bound_to(self.origin)?)
            .await?;
        if answer.is_success() {
            return Ok(answer);
        }
        Ok(without(answer, self.secret.expose()))
    }
}
