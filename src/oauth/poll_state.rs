//! When to ask again whether the user has approved, and when to stop (RFC 8628 §3.5): a pure machine.
//!
//! It has no clock and no I/O: the caller says how much time has passed and what came, the machine says what to do.

use std::time::Duration;

use super::{OauthError, TokenResponse};

/// What `slow_down` adds to the interval, for good (RFC 8628 §3.5).
pub const SLOW_DOWN: Duration = Duration::from_secs(5);

/// Waits that double after trouble stop growing here, so that an approval is noticed soon after the trouble ends.
pub const MAX_BACKOFF: Duration = Duration::from_mins(1);

/// What a poll brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PollResponse {
    /// Tokens.
    Granted(TokenResponse),
    /// `authorization_pending`.
    Pending,
    /// `slow_down`.
    SlowDown {
        /// How long the server asks to be left alone, besides.
        retry_after: Option<Duration>,
    },
    /// No answer, or one that says nothing about the sign-in: a timeout, no connection, 5xx, 429.
    Transient {
        /// In words.
        cause: String,
        /// How long the server asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// Anything that ends the sign-in.
    Failed(OauthError),
}

/// How a sign-in ended.
pub type PollResult = Result<TokenResponse, OauthError>;

/// What to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Wait this long, then poll.
    Wait(Duration),
    /// Wait this long, the code's last moments in which no poll is allowed any more, then call [`PollState::expiry_error`].
    WaitForExpiry(Duration),
    /// It is over; never poll again.
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
    /// A sign-in polled every `interval` until `expires_in` is over.
    pub fn new(interval: Duration, expires_in: Duration) -> Self {
        Self {
            interval,
            expires_in,
            backoff: None,
            last_problem: None,
        }
    }

    /// The interval in force.
    pub fn interval(&self) -> Duration {
        self.interval
    }

    /// What to do first: the user needs time to type, so the first poll comes after one interval.
    pub fn first_step(&self, elapsed: Duration) -> Step {
        self.wait_step(elapsed, self.interval)
    }

    /// What to do after `answer`, which came `elapsed` after the code was handed out.
    pub fn next_step(&mut self, elapsed: Duration, answer: PollResponse) -> Step {
        match answer {
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

    /// The end by our own clock.
    ///
    /// # Errors
    /// Always [`OauthError::CodeExpired`], with the last real trouble.
    pub fn expiry_error(self) -> PollResult {
        Err(OauthError::CodeExpired {
            last_problem: self.last_problem,
        })
    }

    /// The server is back: trouble is forgotten.
    fn reset_backoff(&mut self, elapsed: Duration, retry_after: Option<Duration>) -> Step {
        self.backoff = None;
        self.last_problem = None;
        self.wait_step(elapsed, self.interval.max(retry_after.unwrap_or_default()))
    }

    /// The polling interval doubled with each trouble (RFC 8628 §3.5), never below the interval in force.
    fn double_backoff(&mut self) -> Duration {
        let doubled = self.backoff.unwrap_or(self.interval).saturating_mul(2);
        let wait = doubled.min(MAX_BACKOFF).max(self.interval);
        self.backoff = Some(wait);
        wait
    }

    fn wait_step(&self, elapsed: Duration, wait: Duration) -> Step {
        let left = self.expires_in.saturating_sub(elapsed);
        if wait < left {
            Step::Wait(wait)
        } else {
            Step::WaitForExpiry(left)
        }
    }

    /// A code that the server calls expired may have run out because of the trouble before.
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
