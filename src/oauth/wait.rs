//! Waiting for the user's approval: drives the machine of [`super::poll`] with tokio's time, which tests can pause.

use std::time::Duration;

use oauth2::DeviceCodeErrorResponseType as Code;
use tokio::time::{Instant, sleep};

use super::endpoint::{Form, Reply};
use super::poll::{Answer, Poll, Step};
use super::{DeviceAuthorization, DeviceClient, Grant, OauthError};

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
    pub async fn wait(
        &self,
        authorization: DeviceAuthorization,
        on_event: &mut (dyn FnMut(PollEvent) + Send),
    ) -> Result<Grant, OauthError> {
        let started = authorization.obtained;
        let expires_at = started + authorization.expires_in;
        let mut poll = Poll::new(authorization.interval, authorization.expires_in);
        let mut step = poll.first(started.elapsed());
        loop {
            match step {
                Step::Stop(outcome) => return outcome,
                Step::RunOut(rest) => {
                    pass(rest, expires_at, on_event).await;
                    return poll.expired();
                }
                Step::Wait(time) => pass(time, expires_at, on_event).await,
            }
            let answer = self.ask(&authorization).await;
            let trouble = match &answer {
                Answer::Trouble { cause, .. } => Some(cause.clone()),
                _ => None,
            };
            let before = poll.interval();
            step = poll.next(started.elapsed(), answer);
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
    async fn ask(&self, authorization: &DeviceAuthorization) -> Answer {
        let authority = self.server.authority();
        let form = Form {
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
            Err(error) => return unanswered(error.into()),
        };
        match form.read(&answer) {
            Reply::Members(members) => {
                Grant::read(&form, members).map_or_else(Answer::Refused, Answer::Granted)
            }
            Reply::Refusal(refusal) => match refusal.code {
                Code::AuthorizationPending => Answer::Pending,
                Code::SlowDown => Answer::SlowDown {
                    retry_after: refusal.retry_after,
                },
                Code::AccessDenied => Answer::Refused(OauthError::Denied),
                Code::ExpiredToken => {
                    Answer::Refused(OauthError::CodeExpired { last_problem: None })
                }
                Code::Basic(_) => Answer::Refused(refusal.error),
            },
            Reply::Other(error) => unanswered(error),
        }
    }
}

/// What time heals is trouble; everything else ends the sign-in.
fn unanswered(error: OauthError) -> Answer {
    if !error.is_transient() {
        return Answer::Refused(error);
    }
    let retry_after = match &error {
        OauthError::Status { retry_after, .. } => retry_after.map(Duration::from_secs),
        _ => None,
    };
    Answer::Trouble {
        cause: error.to_string(),
        retry_after,
    }
}

/// Lets `time` go by, telling once a second how long the code still lives.
async fn pass(time: Duration, expires_at: Instant, on_event: &mut (dyn FnMut(PollEvent) + Send)) {
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
