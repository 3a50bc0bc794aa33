//! Polls for the user's approval: runs the state machine of [`super::poll_state`] with tokio's clock, which tests can
//! pause.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::error_code::{self, PollCode};
use super::form_request::{EndpointResponse, FormRequest};
use super::poll_state::{PollResponse, PollState, Step};
use super::{DeviceAuthorization, DeviceClient, OauthError, TokenResponse};

/// The interval of [`PollEvent::Waiting`].
const TICK: Duration = Duration::from_secs(1);

/// Progress of a login that waits for approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PollEvent {
    /// Still waiting; sent once a second.
    Waiting { remaining: Duration },
    /// The server requested a longer interval.
    SlowedDown { interval: Duration },
    /// A poll failed and will be repeated.
    Retrying { cause: String },
}

impl DeviceClient<'_> {
    /// Polls until the user approves or denies, or the code expires (RFC 8628 §3.4, §3.5). Drop the future to stop.
    ///
    /// # Errors
    /// [`OauthError::Denied`], [`OauthError::CodeExpired`] with the last transient failure, or any final error.
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
                Step::WaitForExpiry(remaining) => {
                    wait_with_events(remaining, expires_at, on_event).await;
                    return poll.expiry_error();
                }
                Step::Wait(time) => wait_with_events(time, expires_at, on_event).await,
            }
            let response = self.poll_once(&authorization).await;
            let failure = match &response {
                PollResponse::Transient { cause, .. } => Some(cause.clone()),
                _ => None,
            };
            let before = poll.interval();
            step = poll.next_step(started.elapsed(), response);
            if let Some(cause) = failure {
                on_event(PollEvent::Retrying { cause });
            }
            if poll.interval() > before {
                on_event(PollEvent::SlowedDown {
                    interval: poll.interval(),
                });
            }
        }
    }

    /// Sends one poll (RFC 8628 §3.4).
    async fn poll_once(&self, authorization: &DeviceAuthorization) -> PollResponse {
        let authority = self.server.details();
        let form = FormRequest {
            endpoint: &authority.token_endpoint,
            fields: &[
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", authorization.device_code.expose()),
                ("client_id", &authority.client_id),
                (
                    "resource",
                    authority.client.resource.as_deref().unwrap_or_default(),
                ),
                ("code_verifier", authorization.code_verifier.expose()),
            ],
            client: Some(authority),
            can_retry: false,
        };
        let response = match form.post(self.http).await {
            Ok(response) => response,
            Err(error) => return classify_error(error),
        };
        match form.classify(&response) {
            EndpointResponse::Members(members) => TokenResponse::parse(&form, members)
                .map_or_else(PollResponse::Failed, PollResponse::Granted),
            EndpointResponse::Error(response) => match error_code::poll_code(&response.code) {
                Some(PollCode::Pending) => PollResponse::Pending,
                Some(PollCode::SlowDown) => PollResponse::SlowDown {
                    retry_after: response.retry_after,
                },
                Some(PollCode::Denied) => PollResponse::Failed(OauthError::Denied),
                Some(PollCode::Expired) => {
                    PollResponse::Failed(OauthError::CodeExpired { last_problem: None })
                }
                None => PollResponse::Failed(response.error),
            },
            EndpointResponse::Unusable(error) => classify_error(error),
        }
    }
}

/// Separates transient failures, after which polling continues, from final ones. A 200 means that the code is used, so that
/// polling again cannot succeed even if its body was lost.
fn classify_error(error: OauthError) -> PollResponse {
    if let OauthError::Http(error) = &error
        && let Some(status) = error.lost_response_status()
        && status.is_success()
    {
        return PollResponse::Failed(OauthError::GrantLost(error.clone()));
    }
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

/// Waits for `time` and sends [`PollEvent::Waiting`] once a second.
async fn wait_with_events(
    time: Duration,
    expires_at: Instant,
    on_event: &mut (dyn FnMut(PollEvent) + Send),
) {
    let until = Instant::now() + time;
    loop {
        let now = Instant::now();
        let remaining = until.saturating_duration_since(now);
        if remaining.is_zero() {
            return;
        }
        on_event(PollEvent::Waiting {
            remaining: expires_at.saturating_duration_since(now),
        });
        sleep(remaining.min(TICK)).await;
    }
}

#[cfg(test)]
mod tests;
