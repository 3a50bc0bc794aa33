//! Whether and when a request is sent again: a pure function over what happened.
//!
//! Idempotent methods (RFC 9110 §9.2.2) are repeated after a failed connection, a lost or late answer, and the
//! statuses 429, 502, 503 and 504; all others only when no connection was made, since then nothing was sent. A request
//! that is marked so, as a login is, is never repeated.

use std::time::Duration;

use ::http::StatusCode;

use super::{ConnectFailure, HttpError, Method, TimeoutPhase};

/// How often one request is sent at most.
pub const MAX_ATTEMPTS: u32 = 3;

/// How long all attempts together may take before the last one begins.
pub const BUDGET: Duration = Duration::from_secs(20);

/// The longest `Retry-After` that is waited out; for a longer one the answer is returned, so that the caller can tell
/// the user the time (RFC 9110 §10.2.3).
pub const RETRY_AFTER_CAP: Duration = Duration::from_secs(10);

/// The wait after the first attempt; it doubles with each.
pub const FIRST_DELAY: Duration = Duration::from_millis(250);

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
pub enum AttemptOutcome {
    /// An answer, and its `Retry-After`.
    Responded(StatusCode, Option<Duration>),
    /// The connection was refused: a second try is for servers that are just starting, a third only costs time.
    Refused,
    /// No connection for another reason.
    NotConnected,
    /// The request may have arrived, the answer did not.
    NoResponse,
    /// Nothing that time heals.
    Final,
}

impl From<&HttpError> for AttemptOutcome {
    fn from(error: &HttpError) -> Self {
        match error {
            HttpError::Connect {
                kind: ConnectFailure::Refused,
                ..
            } => Self::Refused,
            // A password that was wrong once is wrong again, and the account behind it may be locked.
            HttpError::Connect {
                kind: ConnectFailure::ProxyLogin,
                ..
            } => Self::Final,
            HttpError::Connect { .. }
            | HttpError::Timeout {
                stage: TimeoutPhase::Connecting,
                ..
            } => Self::NotConnected,
            HttpError::Timeout { .. } | HttpError::Interrupted { .. } => Self::NoResponse,
            _ => Self::Final,
        }
    }
}

impl AttemptOutcome {
    /// Whether the server may have done what was asked, and its word of it got lost: here, or at a gateway.
    pub fn is_ambiguous(self) -> bool {
        match self {
            Self::NoResponse => true,
            Self::Responded(status, _) => matches!(status.as_u16(), 502 | 504),
            Self::Refused | Self::NotConnected | Self::Final => false,
        }
    }
}

/// Whether an answer means that an earlier try, whose answer was lost, did the work: a DELETE finds nothing to delete the
/// second time (RFC 9110 §9.2.2).
pub fn was_already_deleted(method: &Method, is_ambiguous: bool, status: StatusCode) -> bool {
    is_ambiguous && method == Method::DELETE && matches!(status.as_u16(), 404 | 410)
}

/// How long to wait before the request is sent again; `None` when it is not.
pub fn next_delay(attempt: Attempt, outcome: AttemptOutcome) -> Option<Duration> {
    let pause = backoff(attempt);
    let (attempts, wait) = match outcome {
        AttemptOutcome::Refused => (2, pause),
        AttemptOutcome::NotConnected => (MAX_ATTEMPTS, pause),
        AttemptOutcome::NoResponse if attempt.idempotent => (MAX_ATTEMPTS, pause),
        AttemptOutcome::Responded(status, asked) if attempt.idempotent && is_retryable(status) => {
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
    let whole = FIRST_DELAY * 2_u32.saturating_pow(attempt.number.saturating_sub(1).min(8));
    whole / 2 + whole / 2 * u32::from(attempt.jitter) / u32::from(u8::MAX)
}

fn is_retryable(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502 | 503 | 504)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(number: u32, idempotent: bool) -> Attempt {
        Attempt {
            number,
            idempotent,
            elapsed: Duration::ZERO,
            jitter: u8::MAX,
        }
    }

    fn answered(status: u16, retry_after: Option<u64>) -> AttemptOutcome {
        AttemptOutcome::Responded(
            StatusCode::from_u16(status).unwrap(),
            retry_after.map(Duration::from_secs),
        )
    }

    const YES: bool = true;
    const NO: bool = false;

    #[test]
    fn retry_decisions_and_delays() {
        #[rustfmt::skip]
        let rows: &[(u32, bool, AttemptOutcome, Option<u128>)] = &[
            (1, YES, answered(200, None), None),
            (1, YES, answered(400, None), None),
            (1, YES, answered(401, None), None),
            (1, YES, answered(404, None), None),
            (1, YES, answered(500, None), None),
            (1, YES, answered(501, None), None),
            (1, YES, answered(429, None), Some(250)),
            (1, YES, answered(502, None), Some(250)),
            (1, YES, answered(503, None), Some(250)),
            (1, YES, answered(504, None), Some(250)),
            (2, YES, answered(503, None), Some(500)),
            (3, YES, answered(503, None), None),
            (1, NO, answered(429, None), None),
            (1, NO, answered(503, None), None),
            (1, YES, AttemptOutcome::NoResponse, Some(250)),
            (2, YES, AttemptOutcome::NoResponse, Some(500)),
            (3, YES, AttemptOutcome::NoResponse, None),
            (1, NO, AttemptOutcome::NoResponse, None),
            (1, NO, AttemptOutcome::NotConnected, Some(250)),
            (2, NO, AttemptOutcome::NotConnected, Some(500)),
            (3, NO, AttemptOutcome::NotConnected, None),
            (1, NO, AttemptOutcome::Refused, Some(250)),
            (2, NO, AttemptOutcome::Refused, None),
            (1, YES, AttemptOutcome::Refused, Some(250)),
            (2, YES, AttemptOutcome::Refused, None),
            (1, YES, AttemptOutcome::Final, None),
        ];
        for &(number, idempotent, outcome, expected) in rows {
            let wait =
                next_delay(attempt(number, idempotent), outcome).map(|wait| wait.as_millis());
            assert_eq!(wait, expected, "{number} {idempotent} {outcome:?}");
        }
    }

    #[test]
    fn delete_not_found_is_success_only_after_a_lost_response() {
        let rows = [
            (Method::DELETE, AttemptOutcome::NoResponse, 404, true),
            (Method::DELETE, AttemptOutcome::NoResponse, 410, true),
            (Method::DELETE, answered(502, None), 404, true),
            (Method::DELETE, answered(504, None), 404, true),
            (Method::DELETE, AttemptOutcome::NoResponse, 204, false),
            (Method::DELETE, AttemptOutcome::NoResponse, 403, false),
            (Method::DELETE, AttemptOutcome::NotConnected, 404, false),
            (Method::DELETE, answered(503, None), 404, false),
            (Method::DELETE, answered(429, None), 404, false),
            (Method::GET, AttemptOutcome::NoResponse, 404, false),
            (Method::POST, AttemptOutcome::NoResponse, 404, false),
        ];
        for (method, before, status, expected) in rows {
            let status = StatusCode::from_u16(status).unwrap();
            let is_done = was_already_deleted(&method, before.is_ambiguous(), status);
            assert_eq!(is_done, expected, "{method} {before:?} {status}");
        }
    }

    #[test]
    fn rejected_proxy_password_is_not_retried() {
        let refused = |kind| HttpError::Connect {
            url: String::new(),
            kind,
            cause: String::new(),
        };
        assert_eq!(
            AttemptOutcome::from(&refused(ConnectFailure::ProxyLogin)),
            AttemptOutcome::Final
        );
        assert_eq!(
            AttemptOutcome::from(&refused(ConnectFailure::Proxy)),
            AttemptOutcome::NotConnected
        );
    }

    #[test]
    fn rfc9110_10_2_3_retry_after_is_honoured_up_to_ten_seconds() {
        let wait = |seconds| next_delay(attempt(1, YES), answered(429, Some(seconds)));
        assert_eq!(
            wait(0),
            Some(FIRST_DELAY),
            "never sooner than our own pause"
        );
        assert_eq!(wait(7), Some(Duration::from_secs(7)));
        assert_eq!(wait(10), Some(Duration::from_secs(10)));
        assert_eq!(wait(11), None);
        assert_eq!(wait(u64::MAX), None);
    }

    #[test]
    fn attempts_stay_within_the_budget() {
        let late = |seconds| Attempt {
            elapsed: Duration::from_secs(seconds),
            ..attempt(1, YES)
        };
        assert!(next_delay(late(19), AttemptOutcome::NoResponse).is_some());
        assert_eq!(next_delay(late(20), AttemptOutcome::NoResponse), None);
        assert_eq!(next_delay(late(12), answered(503, Some(9))), None);
    }

    #[test]
    fn jitter_scales_the_delay_between_half_and_full() {
        for jitter in 0..=u8::MAX {
            let wait = backoff(Attempt {
                jitter,
                ..attempt(2, YES)
            });
            assert!(
                (FIRST_DELAY..=FIRST_DELAY * 2).contains(&wait),
                "{jitter}: {wait:?}"
            );
        }
        assert!(backoff(attempt(u32::MAX, YES)) < BUDGET * 4);
    }
}
