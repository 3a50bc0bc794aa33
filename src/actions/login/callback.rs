//! Waits for the response of a browser login: at the listener, and as a text that the user pastes meanwhile.

use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep_until};

use crate::actions::{ActionError, Context, Event};
use crate::domain::Secret;
use crate::host::{CallbackOutcome, CallbackRequest, LoopbackListener};
use crate::oauth::{AuthorizationError, OauthError, PendingAuthorization};

/// How long the listener waits for the user.
pub(super) const TIME_LIMIT: Duration = Duration::from_mins(5);

/// The interval of [`Event::Waiting`].
const TICK: Duration = Duration::from_secs(1);

/// What the user pastes while the program listens.
pub type PastedTexts = UnboundedReceiver<Secret>;

enum Arrival {
    Request(CallbackRequest),
    Pasted(Secret),
}

pub(super) struct Callback {
    pub(super) listener: LoopbackListener,
    pub(super) pasted: Option<PastedTexts>,
}

impl Callback {
    /// Returns the code in the first response of this login. Others get an error page, or an event for a pasted text.
    pub(super) async fn wait_for_code(
        &mut self,
        context: &Context,
        pending: &PendingAuthorization,
    ) -> Result<Secret, ActionError> {
        let deadline = Instant::now() + TIME_LIMIT;
        loop {
            let found = match self.next_arrival(context, deadline).await? {
                Arrival::Request(request) => {
                    let found = pending.code_in_query(request.query.expose());
                    request.respond(outcome_of(&found)).await;
                    if found == Err(AuthorizationError::WrongState) {
                        continue;
                    }
                    found
                }
                // A bare code has no `state`: what was typed by chance must not end the login.
                Arrival::Pasted(text) => match pending.code_in_pasted_address(&text) {
                    None => {
                        let text = "the pasted text is not an address; paste the whole address";
                        context.emit(&Event::PastedTextRefused(text.to_owned()));
                        continue;
                    }
                    Some(Err(error)) if error.is_wrong_text() => {
                        let text = format!("{error}; paste again");
                        context.emit(&Event::PastedTextRefused(text));
                        continue;
                    }
                    Some(found) => found,
                },
            };
            return Ok(found.map_err(OauthError::from)?);
        }
    }

    async fn next_arrival(
        &mut self,
        context: &Context,
        deadline: Instant,
    ) -> Result<Arrival, OauthError> {
        loop {
            let remaining = deadline.saturating_duration_since(Instant::now());
            if remaining.is_zero() {
                return Err(AuthorizationError::TimedOut { after: TIME_LIMIT }.into());
            }
            context.emit(&Event::Waiting { remaining });
            let next_tick = deadline.min(Instant::now() + TICK);
            tokio::select! {
                request = self.listener.next_request() => return Ok(Arrival::Request(request)),
                text = next_text(&mut self.pasted) => return Ok(Arrival::Pasted(text)),
                () = sleep_until(next_tick) => {}
            }
        }
    }
}

/// Never completes if nothing can be pasted.
async fn next_text(pasted: &mut Option<PastedTexts>) -> Secret {
    if let Some(texts) = pasted
        && let Some(text) = texts.recv().await
    {
        return text;
    }
    std::future::pending().await
}

fn outcome_of(found: &Result<Secret, AuthorizationError>) -> CallbackOutcome {
    match found {
        Ok(_) => CallbackOutcome::Approved,
        Err(AuthorizationError::Denied { .. }) => CallbackOutcome::Denied,
        Err(AuthorizationError::WrongState) => CallbackOutcome::OtherLogin,
        Err(_) => CallbackOutcome::Failed,
    }
}
