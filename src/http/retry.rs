//! Whether and when a request is sent again: a pure function over what happened.
//!
//! Idempotent methods (RFC 9110 §9.2.2) are repeated after a failed connection, a lost or late answer, and the
//! statuses 429, 502, 503 and 504; all others only when no connection was made, since then nothing was sent.

use std::time::Duration;

use ::http::StatusCode;

use super::{HttpError, NotConnected, Stage};

/// How often one request is sent at most.
pub const MAX_ATTEMPTS: u32 = 3;

/// How long all attempts together may take before the last one begins.
pub const BUDGET: Duration = Duration::from_secs(20);

/// The longest `Retry-After` that is waited out; for a longer one the answer is returned, so that the caller can tell
/// the user the time (RFC 9110 §10.2.3).
pub const RETRY_AFTER_CAP: Duration = Duration::from_secs(10);

/// The wait after the first attempt; it doubles with each.
pub const FIRST_WAIT: Duration = Duration::from_millis(250);

/// The attempt that has just ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// 1 for the first.
    pub number: u32,
    /// Whether the method is idempotent.
    pub idempotent: bool,
    /// Since the first attempt began.
    pub elapsed: Duration,
    /// A random number, so that many clients do not come back at once.
    pub jitter: u8,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// An answer, and its `Retry-After`.
    Answered(StatusCode, Option<Duration>),
    /// The connection was refused: a second try is for servers that are just starting, a third only costs time.
    Refused,
    /// No connection for another reason.
    NotConnected,
    /// The request may have arrived, the answer did not.
    NoAnswer,
    /// Nothing that time heals.
    Final,
}

impl From<&HttpError> for Outcome {
    fn from(error: &HttpError) -> Self {
        match error {
            HttpError::Connect {
                kind: NotConnected::Refused,
                ..
            } => Self::Refused,
            HttpError::Connect { .. }
            | HttpError::Timeout {
                stage: Stage::Connecting,
                ..
            } => Self::NotConnected,
            HttpError::Timeout { .. } | HttpError::Interrupted { .. } => Self::NoAnswer,
            _ => Self::Final,
        }
    }
}

/// How long to wait before the request is sent again; `None` when it is not.
pub fn next(attempt: Attempt, outcome: Outcome) -> Option<Duration> {
    let pause = backoff(attempt);
    let (attempts, wait) = match outcome {
        Outcome::Refused => (2, pause),
        Outcome::NotConnected => (MAX_ATTEMPTS, pause),
        Outcome::NoAnswer if attempt.idempotent => (MAX_ATTEMPTS, pause),
        Outcome::Answered(status, asked) if attempt.idempotent && is_passing(status) => {
            let asked = asked.unwrap_or_default();
            if asked > RETRY_AFTER_CAP {
                return None;
            }
            (MAX_ATTEMPTS, asked.max(pause))
        }
        _ => return None,
    };
    let fits = attempt.elapsed.saturating_add(wait) <= BUDGET;
    (attempt.number < attempts && fits).then_some(wait)
}

/// Between a half and the whole of 250 ms · 2ⁿ.
fn backoff(attempt: Attempt) -> Duration {
    let whole = FIRST_WAIT * 2_u32.saturating_pow(attempt.number.saturating_sub(1).min(8));
    whole / 2 + whole / 2 * u32::from(attempt.jitter) / u32::from(u8::MAX)
}

fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502 | 503 | 504)
}
