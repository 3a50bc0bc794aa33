//! When a credential ends, and whether it should be renewed before use.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A credential is renewed this long before its end, or at 10 % of its lifetime where that is less.
const MAX_SKEW: SignedDuration = SignedDuration::from_secs(60);

/// The lifetime of a credential, in wall-clock time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiry {
    /// When the server handed it out.
    pub issued_at: Timestamp,
    /// When it stops working; `None` where the server did not say (RFC 6749 §5.1: nothing is assumed).
    pub expires_at: Option<Timestamp>,
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
    /// Handed out at `issued_at` for `expires_in` seconds; a span beyond the calendar counts as no end.
    pub fn after(issued_at: Timestamp, expires_in: Option<i64>) -> Self {
        let end = |seconds| {
            issued_at
                .checked_add(SignedDuration::from_secs(seconds))
                .ok()
        };
        Self {
            issued_at,
            expires_at: expires_in.and_then(end),
        }
    }

    /// How it stands at `now`, when the user of the credential needs it for at least `min_ttl` more.
    pub fn at(&self, now: Timestamp, min_ttl: SignedDuration) -> Freshness {
        let Some(end) = self.expires_at else {
            return Freshness::Fresh;
        };
        let left = end.duration_since(now);
        if left <= SignedDuration::ZERO {
            Freshness::Expired
        } else if left < self.skew().max(min_ttl) {
            Freshness::Expiring
        } else {
            Freshness::Fresh
        }
    }

    fn skew(&self) -> SignedDuration {
        let lifetime = self
            .expires_at
            .map(|end| end.duration_since(self.issued_at));
        lifetime.map_or(MAX_SKEW, |whole| (whole / 10).min(MAX_SKEW))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_skew_is_a_minute_or_a_tenth_of_the_life() {
        let hour = Expiry::after(at(0), Some(3600));
        let short = Expiry::after(at(0), Some(20));
        let none = SignedDuration::ZERO;
        assert_eq!(hour.at(at(3539), none), Freshness::Fresh);
        assert_eq!(hour.at(at(3541), none), Freshness::Expiring);
        assert_eq!(hour.at(at(3600), none), Freshness::Expired);
        assert_eq!(short.at(at(17), none), Freshness::Fresh);
        assert_eq!(short.at(at(19), none), Freshness::Expiring);
        assert_eq!(
            hour.at(at(3000), SignedDuration::from_mins(15)),
            Freshness::Expiring
        );
    }

    #[test]
    fn no_lifetime_is_assumed_and_absurd_ones_do_no_harm() {
        let none = SignedDuration::ZERO;
        assert_eq!(
            Expiry::after(at(0), None).at(at(i64::from(u32::MAX)), none),
            Freshness::Fresh
        );
        assert_eq!(
            Expiry::after(at(0), Some(i64::MAX)).at(at(5), none),
            Freshness::Fresh
        );
        assert_eq!(
            Expiry::after(at(0), Some(-5)).at(at(0), none),
            Freshness::Expired
        );
        assert_eq!(
            Expiry::after(at(0), Some(0)).at(at(0), none),
            Freshness::Expired
        );
    }
}
