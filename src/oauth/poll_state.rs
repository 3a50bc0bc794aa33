//! The state machine of polling (RFC 8628 §3.5): decides when to poll next and when to stop.
//!
//! It has no clock and no I/O: the caller passes the elapsed time and the response, and gets the next step.

use std::time::Duration;

use super::{OauthError, TokenResponse};

/// What each `slow_down` adds to the interval permanently (RFC 8628 §3.5).
pub const SLOW_DOWN: Duration = Duration::from_secs(5);

/// The maximum backoff, so that an approval is noticed soon after a failure.
pub const MAX_BACKOFF: Duration = Duration::from_mins(1);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PollResponse {
    Granted(TokenResponse),
    /// `authorization_pending`.
    Pending,
    /// `slow_down`.
    SlowDown {
        retry_after: Option<Duration>,
    },
    /// No response, or one without information about the login: a timeout, no connection, 5xx, 429.
    Transient {
        cause: String,
        retry_after: Option<Duration>,
    },
    /// A final error.
    Failed(OauthError),
}

/// The result of a login.
pub type PollResult = Result<TokenResponse, OauthError>;

/// The next step for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Wait this long, then poll.
    Wait(Duration),
    /// Wait this long without another poll until the code expires, then call [`PollState::expiry_error`].
    WaitForExpiry(Duration),
    Stop(PollResult),
}

/// The state between two polls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollState {
    interval: Duration,
    expires_in: Duration,
    backoff: Option<Duration>,
    last_problem: Option<String>,
}

impl PollState {
    /// Creates the state for a code that is polled every `interval` until `expires_in` has passed.
    pub fn new(interval: Duration, expires_in: Duration) -> Self {
        Self {
            interval,
            expires_in,
            backoff: None,
            last_problem: None,
        }
    }

    pub fn interval(&self) -> Duration {
        self.interval
    }

    /// Returns the first step. The user needs time to type, so the first poll comes after one interval.
    pub fn first_step(&self, elapsed: Duration) -> Step {
        self.wait_step(elapsed, self.interval)
    }

    /// Returns the step after `response`, which arrived `elapsed` after the code was issued.
    pub fn next_step(&mut self, elapsed: Duration, response: PollResponse) -> Step {
        match response {
            PollResponse::Granted(grant) => Step::Stop(Ok(grant)),
            PollResponse::Failed(error) => Step::Stop(Err(self.with_last_problem(error))),
            PollResponse::Pending => self.reset_backoff(elapsed, None),
            PollResponse::SlowDown { retry_after } => {
                self.interval = self.interval.saturating_add(SLOW_DOWN);
                self.reset_backoff(elapsed, retry_after)
            }
            PollResponse::Transient { cause, retry_after } => {
                self.last_problem = Some(cause);
                let wait = self.double_backoff().max(retry_after.unwrap_or_default());
                self.wait_step(elapsed, wait)
            }
        }
    }

    /// Returns the result after the code expired by the local clock.
    ///
    /// # Errors
    /// Always [`OauthError::CodeExpired`], with the last transient failure.
    pub fn expiry_error(self) -> PollResult {
        Err(OauthError::CodeExpired {
            last_problem: self.last_problem,
        })
    }

    /// Resets the backoff and forgets the last failure, since the server responded normally.
    fn reset_backoff(&mut self, elapsed: Duration, retry_after: Option<Duration>) -> Step {
        self.backoff = None;
        self.last_problem = None;
        self.wait_step(elapsed, self.interval.max(retry_after.unwrap_or_default()))
    }

    /// Doubles the backoff with each failure (RFC 8628 §3.5), never below the current interval.
    fn double_backoff(&mut self) -> Duration {
        let doubled = self.backoff.unwrap_or(self.interval).saturating_mul(2);
        let wait = doubled.min(MAX_BACKOFF).max(self.interval);
        self.backoff = Some(wait);
        wait
    }

    fn wait_step(&self, elapsed: Duration, wait: Duration) -> Step {
        let remaining = self.expires_in.saturating_sub(elapsed);
        if wait < remaining {
            Step::Wait(wait)
        } else {
            Step::WaitForExpiry(remaining)
        }
    }

    /// Adds the last failure to an expiry reported by the server: the failure may be the reason for the expiry.
    fn with_last_problem(&mut self, error: OauthError) -> OauthError {
        match error {
            OauthError::CodeExpired { last_problem: None } => OauthError::CodeExpired {
                last_problem: self.last_problem.take(),
            },
            other => other,
        }
    }
}

#[cfg(test)]
mod tests;
