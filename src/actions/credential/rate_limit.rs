//! Coordinates concurrent requests under a rate limit: a 429 delays all of them.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::{Mutex, OnceCell};
use tokio::time::{Instant, sleep_until};

use crate::actions::{ActionError, AuthenticatedClient};
use crate::domain::{CredentialKind, Origin, Secret};
use crate::http::{Request, Response, StatusCode};
use crate::provider::Placeholder;
use crate::service::{ApiError, ApiTransport};

/// A request that must wait longer fails, and so do all later ones.
pub(crate) const MAX_WAIT: Duration = Duration::from_mins(2);

const MAX_ATTEMPTS: u32 = 5;

/// A transport that waits as long as the service requires.
pub(crate) struct RateLimited<'a> {
    client: &'a AuthenticatedClient<'a>,
    state: Mutex<State>,
}

struct State {
    /// No request is sent before.
    resume_at: Instant,
    /// The response after which no more requests are sent.
    final_response: Option<Response>,
}

impl<'a> RateLimited<'a> {
    pub(crate) fn new(client: &'a AuthenticatedClient<'a>) -> Self {
        Self {
            client,
            state: Mutex::new(State {
                resume_at: Instant::now(),
                final_response: None,
            }),
        }
    }

    /// Waits until requests are allowed. Returns the final response if none are.
    async fn wait_turn(&self) -> Option<Response> {
        loop {
            let state = self.state.lock().await;
            if state.final_response.is_some() || state.resume_at <= Instant::now() {
                return state.final_response.clone();
            }
            let resume_at = state.resume_at;
            drop(state);
            sleep_until(resume_at).await;
        }
    }

    /// Delays all requests, or stops them if the delay is too long.
    async fn back_off(&self, wait: Duration, response: &Response) {
        let mut state = self.state.lock().await;
        if wait > MAX_WAIT {
            state.final_response = Some(response.clone());
        } else {
            state.resume_at = state.resume_at.max(Instant::now() + wait);
        }
    }
}

impl ApiTransport for RateLimited<'_> {
    type Error = ActionError;

    async fn credential_kind(&self) -> Option<CredentialKind> {
        self.client.credential_kind().await
    }

    fn typed_secret(&self, placeholder: &Placeholder) -> Option<Secret> {
        self.client.typed_secret(placeholder)
    }

    async fn stored_account(&self) -> Option<String> {
        self.client.stored_account().await
    }

    fn parameter(&self, name: &str) -> Option<String> {
        self.client.parameter(name)
    }

    fn account_cache(&self) -> Option<&OnceCell<Value>> {
        self.client.account_cache()
    }

    fn server_time(&self, origin: &Origin) -> Timestamp {
        self.client.server_time(origin)
    }

    async fn send(&self, request: Request) -> Result<Response, ActionError> {
        let request = request.return_429();
        let mut tries = 1;
        loop {
            if let Some(response) = self.wait_turn().await {
                return Ok(response);
            }
            let response = self.client.send(request.clone()).await?;
            if response.status != StatusCode::TOO_MANY_REQUESTS || tries >= MAX_ATTEMPTS {
                return Ok(response);
            }
            let requested =
                ApiError::from_response(&self.client.session.target.descriptor, &response)
                    .retry_after;
            let wait = requested.unwrap_or(Duration::from_secs(1 << tries));
            self.back_off(wait, &response).await;
            tries += 1;
        }
    }
}
