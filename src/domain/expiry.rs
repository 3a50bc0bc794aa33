//! When a credential ends, and whether it should be renewed before use.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A credential is renewed this long before its end, or at 10 % of its lifetime where that is less.
const MAX_REFRESH_MARGIN: SignedDuration = SignedDuration::from_secs(60);

/// Two clocks that differ by less are taken as one: a `Date` is cut to the second, and an answer takes its time.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(30);

/// A clock that is behind the moment of issue by more was set back since then.
const SET_BACK_THRESHOLD: SignedDuration = SignedDuration::from_mins(1);

/// What time it is by this computer's clock, which may be wrong, and by how much the clock of the server that hands out a
/// credential is ahead of it, where that was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockReading {
    /// By this computer's clock.
    pub now: Timestamp,
    /// The server's clock less ours (RFC 9110 §6.6.1).
    pub offset: Option<SignedDuration>,
}

impl From<Timestamp> for ClockReading {
    /// A moment at which no server was asked.
    fn from(now: Timestamp) -> Self {
        Self { now, offset: None }
    }
}

/// The lifetime of a credential, all by this computer's clock as it was when the credential came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiry {
    /// When the server handed it out.
    pub issued_at: Timestamp,
    /// When it stops working; `None` where the server did not say (RFC 6749 §5.1: nothing is assumed).
    pub expires_at: Option<Timestamp>,
    /// By how much the server's clock was ahead of ours at that time, where that was measured.
    pub clock_offset: Option<SignedDuration>,
}

/// What an [`Expiry`] means at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Usable, with time to spare.
    Fresh,
    /// Still valid, but so near its end that it is renewed first.
    Expiring,
    /// Over.
    Expired,
}

impl Expiry {
    /// Handed out at `issued` for `expires_in` seconds; a span beyond the calendar counts as no end.
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

    /// Handed out at `issued`, good until `end` by the server's clock, which becomes a time of ours: what counts is how
    /// long it lives.
    pub fn from_deadline(issued: impl Into<ClockReading>, end: Option<Timestamp>) -> Self {
        let issued = issued.into();
        let offset = ignore_jitter(issued.offset.unwrap_or_default());
        Self {
            issued_at: issued.now,
            expires_at: end.map(|end| end.checked_sub(offset).unwrap_or(end)),
            clock_offset: issued.offset,
        }
    }

    /// How it stands at a moment, when the user of the credential needs it for at least `min_ttl` more.
    ///
    /// Where the clock was set back behind the moment of issue, nothing tells how old it is: it is renewed if it can be.
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
        if remaining <= SignedDuration::ZERO {
            Freshness::Expired
        } else if remaining < self.refresh_margin().max(min_ttl)
            || self.issued_at.duration_since(now) > SET_BACK_THRESHOLD
        {
            Freshness::Expiring
        } else {
            Freshness::Fresh
        }
    }

    /// How long it still lives, less than nothing when it is over; `None` where there is no end.
    pub fn remaining(&self, reading: impl Into<ClockReading>) -> Option<SignedDuration> {
        let now = self.corrected_now(reading.into());
        Some(self.expires_at?.duration_since(now))
    }

    /// What our clock would say had nobody set it since the credential came: the server's clock tells.
    fn corrected_now(&self, reading: ClockReading) -> Timestamp {
        let shift = match (reading.offset, self.clock_offset) {
            (Some(now), Some(then)) => ignore_jitter(now.saturating_sub(then)),
            _ => SignedDuration::ZERO,
        };
        reading.now.checked_add(shift).unwrap_or(reading.now)
    }

    fn refresh_margin(&self) -> SignedDuration {
        let lifetime = self
            .expires_at
            .map(|end| end.duration_since(self.issued_at));
        lifetime.map_or(MAX_REFRESH_MARGIN, |whole| {
            (whole / 10).min(MAX_REFRESH_MARGIN)
        })
    }
}

/// `difference` where it is one.
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

    /// A token for an hour that came at 100 000 by our clock. A row: how far the server's clock was ahead of ours then;
    /// what our clock says at a later use; how far the server's is ahead of it, if a server was asked; how the token
    /// stands.
    #[test]
    fn clock_changes_do_not_change_the_freshness_of_a_token() {
        use Freshness::{Expired, Expiring, Fresh};
        let issued = 100_000;
        #[rustfmt::skip]
        let rows = [
            (None, 1800, None, Fresh, "a good clock"),
            (Some(0), 1800, Some(0), Fresh, "a good clock, measured"),
            (Some(0), 1800, Some(29), Fresh, "a slow answer is no jump"),
            (Some(0), HOUR, Some(-29), Expired, "nor does it keep a token alive"),
            (Some(5 * HOUR), 1800, Some(5 * HOUR), Fresh, "a clock that is always wrong by the same"),
            (Some(-5 * HOUR), HOUR, Some(-5 * HOUR), Expired, "the same, ahead"),
            (Some(0), 900, Some(3 * HOUR), Expired, "a laptop slept, and its clock with it"),
            (Some(0), 900, None, Fresh, "the same before any server was asked: its 401 will tell"),
            (Some(0), 4 * HOUR, Some(-3 * HOUR - 1800), Fresh, "the clock was set forward: the token is young"),
            (Some(0), 4 * HOUR, None, Expired, "the same before any server was asked: renewed once"),
            (Some(-5 * HOUR), -5 * HOUR + 1800, Some(0), Fresh, "a clock that was ahead is set right"),
            (Some(-5 * HOUR), -5 * HOUR + 1800, None, Expiring, "the same, not asked: before its own birth"),
            (Some(-5 * HOUR), -5 * HOUR + 2 * HOUR, Some(0), Expired, "set right, and two hours later"),
            (None, 1800, Some(9 * HOUR), Fresh, "what was not measured then cannot be compared now"),
            (Some(0), -59, None, Fresh, "a clock that is drawn back a little"),
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
            for renewed in [
                Expiry::from_lifetime(now, Some(HOUR)),
                Expiry::from_deadline(now, Some(end)),
            ] {
                let next = reading(500_060, None);
                let stands = renewed.freshness_at(next, SignedDuration::ZERO);
                assert_eq!(
                    stands,
                    Freshness::Fresh,
                    "not renewed again by the next command"
                );
                assert_eq!(
                    renewed.remaining(next),
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
                let stands = expiry.freshness_at(reading(60, offset), SignedDuration::ZERO);
                assert_eq!(stands, Freshness::Fresh, "{absurd} {offset:?}");
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
