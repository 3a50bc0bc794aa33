//! Decides when a credential expires and whether to refresh it first, also if the local clock is wrong or was changed.
//!
//! All times are kept by the local clock of the moment of issue, together with the offset of the server's clock at that
//! time. A later measurement of the offset shows how far the local clock was moved since.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A credential is refreshed this long before its expiry, or at 10 % of its lifetime if that is less.
const MAX_REFRESH_MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// Smaller differences between two clocks are ignored: a `Date` header has a resolution of one second, and a response
/// takes time.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(30);

/// A local clock that is further behind the time of issue was set back since.
const SET_BACK_THRESHOLD: SignedDuration = SignedDuration::from_mins(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockReading {
    /// The local clock, which may be wrong.
    pub now: Timestamp,
    /// The server's clock minus the local one, if a response had a `Date` header (RFC 9110 §6.6.1).
    pub offset: Option<SignedDuration>,
}

impl From<Timestamp> for ClockReading {
    fn from(now: Timestamp) -> Self {
        Self { now, offset: None }
    }
}

/// The lifetime of a credential, by the local clock of the time of issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiry {
    pub issued_at: Timestamp,
    /// `None` if the server did not say; no lifetime is assumed then (RFC 6749 §5.1).
    pub expires_at: Option<Timestamp>,
    /// The offset of the server's clock at the time of issue.
    pub clock_offset: Option<SignedDuration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    Fresh,
    /// Still valid, but so close to its expiry that it is refreshed first.
    Expiring,
    Expired,
}

impl Expiry {
    /// Computes the expiry from a lifetime in seconds. A lifetime beyond the calendar means no expiry.
    pub fn from_lifetime(issued: impl Into<ClockReading>, expires_in: Option<i64>) -> Self {
        let issued = issued.into();
        let to_expiry = |seconds| {
            let span = SignedDuration::from_secs(seconds);
            issued.now.checked_add(span).ok()
        };
        Self {
            issued_at: issued.now,
            expires_at: expires_in.and_then(to_expiry),
            clock_offset: issued.offset,
        }
    }

    /// Converts a deadline by the server's clock to the local clock.
    pub fn from_deadline(issued: impl Into<ClockReading>, end: Option<Timestamp>) -> Self {
        let issued = issued.into();
        let offset = ignore_jitter(issued.offset.unwrap_or_default());
        Self {
            issued_at: issued.now,
            expires_at: end.map(|end| end.checked_sub(offset).unwrap_or(end)),
            clock_offset: issued.offset,
        }
    }

    /// Returns the state of a credential that has to stay valid for at least `min_ttl`.
    ///
    /// If the local clock was set back before the time of issue, the age is unknown, and the credential counts as expiring.
    pub fn freshness_at(
        &self,
        reading: impl Into<ClockReading>,
        min_ttl: SignedDuration,
    ) -> Freshness {
        let now = self.corrected_now(reading.into());
        let Some(end) = self.expires_at else {
            return Freshness::Fresh;
        };
        let remaining = end.duration_since(now);
        let was_set_back = self.issued_at.duration_since(now) > SET_BACK_THRESHOLD;
        if remaining <= SignedDuration::ZERO {
            Freshness::Expired
        } else if remaining < self.refresh_margin().max(min_ttl) || was_set_back {
            Freshness::Expiring
        } else {
            Freshness::Fresh
        }
    }

    /// Returns the time to the expiry, which is negative after it; `None` without an expiry.
    pub fn remaining(&self, reading: impl Into<ClockReading>) -> Option<SignedDuration> {
        let now = self.corrected_now(reading.into());
        Some(self.expires_at?.duration_since(now))
    }

    /// Returns when to refresh the credential; `None` without an expiry.
    pub fn refresh_at(&self) -> Option<Timestamp> {
        let end = self.expires_at?;
        Some(end.checked_sub(self.refresh_margin()).unwrap_or(end))
    }

    /// Returns the current time as the local clock would show it if it had not been changed since the time of issue. The change
    /// of the server's offset shows by how much it was changed.
    fn corrected_now(&self, reading: ClockReading) -> Timestamp {
        let shift = match (reading.offset, self.clock_offset) {
            (Some(now), Some(at_issue)) => ignore_jitter(now.saturating_sub(at_issue)),
            _ => SignedDuration::ZERO,
        };
        reading.now.checked_add(shift).unwrap_or(reading.now)
    }

    fn refresh_margin(&self) -> SignedDuration {
        let lifetime = self
            .expires_at
            .map(|end| end.duration_since(self.issued_at));
        lifetime.map_or(MAX_REFRESH_MARGIN, |lifetime| {
            (lifetime / 10).min(MAX_REFRESH_MARGIN)
        })
    }
}

/// Treats differences below [`TOLERANCE`] as zero.
fn ignore_jitter(difference: SignedDuration) -> SignedDuration {
    if difference.unsigned_abs() > TOLERANCE.unsigned_abs() {
        difference
    } else {
        SignedDuration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    fn reading(now: i64, offset: Option<i64>) -> ClockReading {
        ClockReading {
            now: at(now),
            offset: offset.map(SignedDuration::from_secs),
        }
    }

    /// A token that is valid for an hour, issued at 100 000 by the local clock. Columns: the server's offset at the time of
    /// issue; the time since then by the local clock; the server's offset now, if it was measured; the expected state.
    #[test]
    fn clock_changes_do_not_change_the_freshness_of_a_token() {
        use Freshness::{Expired, Expiring, Fresh};
        let issued = 100_000;
        #[rustfmt::skip]
        let rows = [
            (None, 1800, None, Fresh, "a correct clock"),
            (Some(0), 1800, Some(0), Fresh, "a correct clock, measured"),
            (Some(0), 1800, Some(29), Fresh, "a slow response is not a clock change"),
            (Some(0), HOUR, Some(-29), Expired, "nor does it delay the expiry"),
            (Some(5 * HOUR), 1800, Some(5 * HOUR), Fresh, "a constant offset, behind"),
            (Some(-5 * HOUR), HOUR, Some(-5 * HOUR), Expired, "a constant offset, ahead"),
            (Some(0), 900, Some(3 * HOUR), Expired, "the clock stopped while a laptop slept"),
            (Some(0), 900, None, Fresh, "the same, not measured: the server returns 401"),
            (Some(0), 4 * HOUR, Some(-3 * HOUR - 1800), Fresh, "the clock was set forward, the token is new"),
            (Some(0), 4 * HOUR, None, Expired, "the same, not measured: one refresh too many"),
            (Some(-5 * HOUR), -5 * HOUR + 1800, Some(0), Fresh, "a clock that was ahead was corrected"),
            (Some(-5 * HOUR), -5 * HOUR + 1800, None, Expiring, "the same, not measured: now is before the time of issue"),
            (Some(-5 * HOUR), -5 * HOUR + 2 * HOUR, Some(0), Expired, "corrected, and two hours later"),
            (None, 1800, Some(9 * HOUR), Fresh, "not measured at the time of issue"),
            (Some(0), -59, None, Fresh, "a clock that was set back by less than a minute"),
        ];
        for (then, age, offset, expected, why) in rows {
            let expiry = Expiry::from_lifetime(reading(issued, then), Some(HOUR));
            let later = reading(issued + age, offset);
            assert_eq!(
                expiry.freshness_at(later, SignedDuration::ZERO),
                expected,
                "{why}"
            );
        }
    }

    #[test]
    fn refreshed_token_is_fresh_with_a_wrong_local_clock() {
        for offset in [None, Some(0), Some(-8 * HOUR), Some(8 * HOUR)] {
            let now = reading(500_000, offset);
            let end = at(500_000 + offset.unwrap_or_default() + HOUR);
            for refreshed in [
                Expiry::from_lifetime(now, Some(HOUR)),
                Expiry::from_deadline(now, Some(end)),
            ] {
                let next = reading(500_060, None);
                let freshness = refreshed.freshness_at(next, SignedDuration::ZERO);
                assert_eq!(
                    freshness,
                    Freshness::Fresh,
                    "the next command does not refresh it again"
                );
                assert_eq!(
                    refreshed.remaining(next),
                    Some(SignedDuration::from_secs(HOUR - 60))
                );
            }
        }
    }

    #[test]
    fn server_expiry_is_kept_to_the_second_if_the_clocks_agree() {
        let end = at(500_000);
        for offset in [None, Some(0), Some(30), Some(-30)] {
            let expiry = Expiry::from_deadline(reading(400_000, offset), Some(end));
            assert_eq!(expiry.expires_at, Some(end));
        }
    }

    #[test]
    fn extreme_clock_offset_is_ignored() {
        for absurd in [i64::MIN, i64::MAX] {
            let expiry = Expiry::from_deadline(reading(0, Some(absurd)), Some(at(HOUR)));
            assert_eq!(expiry.expires_at, Some(at(HOUR)));
            for offset in [
                None,
                Some(0),
                Some(-2),
                Some(2),
                Some(i64::MIN),
                Some(i64::MAX),
            ] {
                let freshness = expiry.freshness_at(reading(60, offset), SignedDuration::ZERO);
                assert_eq!(freshness, Freshness::Fresh, "{absurd} {offset:?}");
            }
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn refresh_margin_is_one_minute_or_a_tenth_of_the_lifetime() {
        let hour = Expiry::from_lifetime(at(0), Some(3600));
        let short = Expiry::from_lifetime(at(0), Some(20));
        let none = SignedDuration::ZERO;
        assert_eq!(hour.freshness_at(at(3539), none), Freshness::Fresh);
        assert_eq!(hour.freshness_at(at(3541), none), Freshness::Expiring);
        assert_eq!(hour.freshness_at(at(3600), none), Freshness::Expired);
        assert_eq!(short.freshness_at(at(17), none), Freshness::Fresh);
        assert_eq!(short.freshness_at(at(19), none), Freshness::Expiring);
        assert_eq!(
            hour.freshness_at(at(3000), SignedDuration::from_mins(15)),
            Freshness::Expiring
        );
    }

    #[test]
    fn missing_or_overflowing_lifetime_means_no_expiry() {
        let none = SignedDuration::ZERO;
        assert_eq!(
            Expiry::from_lifetime(at(0), None).freshness_at(at(i64::from(u32::MAX)), none),
            Freshness::Fresh
        );
        assert_eq!(
            Expiry::from_lifetime(at(0), Some(i64::MAX)).freshness_at(at(5), none),
            Freshness::Fresh
        );
        assert_eq!(
            Expiry::from_lifetime(at(0), Some(-5)).freshness_at(at(0), none),
            Freshness::Expired
        );
        assert_eq!(
            Expiry::from_lifetime(at(0), Some(0)).freshness_at(at(0), none),
            Freshness::Expired
        );
    }
}
