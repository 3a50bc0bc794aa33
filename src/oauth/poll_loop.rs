//! Waiting for the user's approval: drives the machine of [`super::poll_state`] with tokio's time, which tests can pause.

use std::time::Duration;

use oauth2::DeviceCodeErrorResponseType as Code;
use tokio::time::{Instant, sleep};

use super::form_request::{EndpointResponse, FormRequest};
use super::poll_state::{PollResponse, PollState, Step};
use super::{DeviceAuthorization, DeviceClient, OauthError, TokenResponse};

/// The user sees the time run down in steps of this.
const TICK: Duration = Duration::from_secs(1);

/// What happens while a sign-in waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PollEvent {
    /// Still waiting; told about once a second.
    Waiting {
        /// How long the code is still valid.
        remaining: Duration,
    },
    /// The server asked for fewer polls.
    SlowedDown {
        /// The interval from now on.
        interval: Duration,
    },
    /// The server could not be asked, and will be again.
    Retrying {
        /// Why, in words.
        cause: String,
    },
}

impl DeviceClient<'_> {
    /// Polls until the user approves or declines, or the code runs out (RFC 8628 §3.4, §3.5). Drop the future to
    /// stop waiting.
    ///
    /// # Errors
    /// [`OauthError::Denied`], [`OauthError::CodeExpired`] with the last real trouble, or what stopped the polling.
    pub async fn wait_for_approval(
        &self,
        authorization: DeviceAuthorization,
        on_event: &mut (dyn FnMut(PollEvent) + Send),
    ) -> Result<TokenResponse, OauthError> {
        let started = authorization.obtained_at;
        let expires_at = started + authorization.expires_in;
        let mut poll = PollState::new(authorization.interval, authorization.expires_in);
        let mut step = poll.first_step(started.elapsed());
        loop {
            match step {
                Step::Stop(outcome) => return outcome,
                Step::WaitForExpiry(rest) => {
                    wait_with_events(rest, expires_at, on_event).await;
                    return poll.expiry_error();
                }
                Step::Wait(time) => wait_with_events(time, expires_at, on_event).await,
            }
            let answer = self.poll_once(&authorization).await;
            let trouble = match &answer {
                PollResponse::Transient { cause, .. } => Some(cause.clone()),
                _ => None,
            };
            let before = poll.interval();
            step = poll.next_step(started.elapsed(), answer);
            if let Some(cause) = trouble {
                on_event(PollEvent::Retrying { cause });
            }
            if poll.interval() > before {
                on_event(PollEvent::SlowedDown {
                    interval: poll.interval(),
                });
            }
        }
    }

    /// One poll (RFC 8628 §3.4).
    async fn poll_once(&self, authorization: &DeviceAuthorization) -> PollResponse {
        let authority = self.server.details();
        let form = FormRequest {
            endpoint: &authority.token_endpoint,
            fields: &[
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", authorization.device_code.expose()),
                ("client_id", &authority.client_id),
                ("code_verifier", authorization.code_verifier.expose()),
            ],
            retry: false,
        };
        let answer = match form.post(self.http).await {
            Ok(answer) => answer,
            Err(error) => return classify_error(error.into()),
        };
        match form.classify(&answer) {
            EndpointResponse::Members(members) => TokenResponse::parse(&form, members)
                .map_or_else(PollResponse::Failed, PollResponse::Granted),
            EndpointResponse::Error(refusal) => match refusal.code {
                Code::AuthorizationPending => PollResponse::Pending,
                Code::SlowDown => PollResponse::SlowDown {
                    retry_after: refusal.retry_after,
                },
                Code::AccessDenied => PollResponse::Failed(OauthError::Denied),
                Code::ExpiredToken => {
                    PollResponse::Failed(OauthError::CodeExpired { last_problem: None })
                }
                Code::Basic(_) => PollResponse::Failed(refusal.error),
            },
            EndpointResponse::Unusable(error) => classify_error(error),
        }
    }
}

/// What time heals is trouble; everything else ends the sign-in.
fn classify_error(error: OauthError) -> PollResponse {
    if !error.is_transient() {
        return PollResponse::Failed(error);
    }
    let retry_after = match &error {
        OauthError::Status { retry_after, .. } => retry_after.map(Duration::from_secs),
        _ => None,
    };
    PollResponse::Transient {
        cause: error.to_string(),
        retry_after,
    }
}

/// Lets `time` go by, telling once a second how long the code still lives.
async fn wait_with_events(
    time: Duration,
    expires_at: Instant,
    on_event: &mut (dyn FnMut(PollEvent) + Send),
) {
    let until = Instant::now() + time;
    loop {
        let now = Instant::now();
        let left = until.saturating_duration_since(now);
        if left.is_zero() {
            return;
        }
        on_event(PollEvent::Waiting {
            remaining: expires_at.saturating_duration_since(now),
        });
        sleep(left.min(TICK)).await;
    }
}

#[cfg(test)]
mod tests;
