//! Decides whether and when a request is sent again, as a pure function of the last attempt.
//!
//! Idempotent methods (RFC 9110 §9.2.2) are repeated after a failed connection, a lost or late response, and the
//! statuses 429, 502, 503 and 504. Other methods are repeated only if no connection was made, since then nothing was
//! sent. Requests with `no_retry`, such as a login, are never repeated.

use std::time::Duration;

use ::http::StatusCode;

use super::{ConnectFailure, HttpError, Method, TimeoutPhase};

/// How often a request is sent at most.
pub const MAX_ATTEMPTS: u32 = 3;

/// The last attempt must start within this time after the first.
pub const BUDGET: Duration = Duration::from_secs(20);

/// The longest `Retry-After` (RFC 9110 §10.2.3) that is waited for. With a longer one the response is returned, so that
/// the caller can report the time.
pub const RETRY_AFTER_CAP: Duration = Duration::from_secs(10);

/// The delay after the first attempt; it doubles with each.
pub const FIRST_DELAY: Duration = Duration::from_millis(250);

/// An attempt that has just finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// 1 for the first.
    pub number: u32,
    pub is_idempotent: bool,
    /// Time since the start of the first attempt.
    pub elapsed: Duration,
    /// A random number, so that many clients do not retry at the same time.
    pub jitter: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// A response, and its `Retry-After`.
    Responded(StatusCode, Option<Duration>),
    /// The connection was refused. The request is repeated once, for servers that are just starting.
    Refused,
    /// No connection for another reason.
    NotConnected,
    /// The request may have been received, but no response was.
    NoResponse,
    /// A failure that a later attempt cannot fix.
    Final,
}

impl From<&HttpError> for AttemptOutcome {
    fn from(error: &HttpError) -> Self {
        match error {
            HttpError::Connect {
                kind: ConnectFailure::Refused,
                ..
            } => Self::Refused,
            // A wrong password stays wrong, and repeating it may lock the account.
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
    /// Returns true if the server may have processed the request although its response was lost, here or at a gateway.
    pub fn is_ambiguous(self) -> bool {
        match self {
            Self::NoResponse => true,
            Self::Responded(status, _) => matches!(status.as_u16(), 502 | 504),
            Self::Refused | Self::NotConnected | Self::Final => false,
        }
    }
}

/// Returns true if an earlier attempt, whose response was lost, already did the work: a repeated DELETE finds nothing to
/// delete (RFC 9110 §9.2.2).
pub fn was_already_deleted(method: &Method, is_ambiguous: bool, status: StatusCode) -> bool {
    is_ambiguous && method == Method::DELETE && matches!(status.as_u16(), 404 | 410)
}

/// Returns the delay before the request is sent again; `None` to stop.
pub fn next_delay(attempt: Attempt, outcome: AttemptOutcome) -> Option<Duration> {
    let delay = backoff(attempt);
    let (attempts, wait) = match outcome {
        AttemptOutcome::Refused => (2, delay),
        AttemptOutcome::NotConnected => (MAX_ATTEMPTS, delay),
        AttemptOutcome::NoResponse if attempt.is_idempotent => (MAX_ATTEMPTS, delay),
        AttemptOutcome::Responded(status, retry_after)
            if attempt.is_idempotent && is_retryable(status) =>
        {
            let retry_after = retry_after.unwrap_or_default();
            if retry_after > RETRY_AFTER_CAP {
                return None;
            }
            (MAX_ATTEMPTS, retry_after.max(delay))
        }
        _ => return None,
    };
    let fits = attempt.elapsed.saturating_add(wait) <= BUDGET;
    (attempt.number < attempts && fits).then_some(wait)
}

/// Returns between 50 % and 100 % of 250 ms · 2ⁿ.
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

    fn attempt(number: u32, is_idempotent: bool) -> Attempt {
        Attempt {
            number,
            is_idempotent,
            elapsed: Duration::ZERO,
            jitter: u8::MAX,
        }
    }

    fn responded(status: u16, retry_after: Option<u64>) -> AttemptOutcome {
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
            (1, YES, responded(200, None), None),
            (1, YES, responded(400, None), None),
            (1, YES, responded(401, None), None),
            (1, YES, responded(404, None), None),
            (1, YES, responded(500, None), None),
            (1, YES, responded(501, None), None),
            (1, YES, responded(429, None), Some(250)),
            (1, YES, responded(502, None), Some(250)),
            (1, YES, responded(503, None), Some(250)),
            (1, YES, responded(504, None), Some(250)),
            (2, YES, responded(503, None), Some(500)),
            (3, YES, responded(503, None), None),
            (1, NO, responded(429, None), None),
            (1, NO, responded(503, None), None),
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
        for &(number, is_idempotent, outcome, expected) in rows {
            let wait =
                next_delay(attempt(number, is_idempotent), outcome).map(|wait| wait.as_millis());
            assert_eq!(wait, expected, "{number} {is_idempotent} {outcome:?}");
        }
    }

    #[test]
    fn delete_not_found_is_success_only_after_a_lost_response() {
        let rows = [
            (Method::DELETE, AttemptOutcome::NoResponse, 404, true),
            (Method::DELETE, AttemptOutcome::NoResponse, 410, true),
            (Method::DELETE, responded(502, None), 404, true),
            (Method::DELETE, responded(504, None), 404, true),
            (Method::DELETE, AttemptOutcome::NoResponse, 204, false),
            (Method::DELETE, AttemptOutcome::NoResponse, 403, false),
            (Method::DELETE, AttemptOutcome::NotConnected, 404, false),
            (Method::DELETE, responded(503, None), 404, false),
            (Method::DELETE, responded(429, None), 404, false),
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
        let wait = |seconds| next_delay(attempt(1, YES), responded(429, Some(seconds)));
        assert_eq!(
            wait(0),
            Some(FIRST_DELAY),
            "not sooner than the own backoff"
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
        assert_eq!(next_delay(late(12), responded(503, Some(9))), None);
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
