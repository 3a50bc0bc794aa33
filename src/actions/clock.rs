//! Detects differences between the clock of this computer and those of the servers.

use std::sync::PoisonError;

use jiff::{SignedDuration, Timestamp};

use crate::actions::Context;
use crate::domain::{ClockReading, Freshness, Origin, StoredCredential, format_duration};

/// Key of the warning, so that it is emitted once.
const CLOCK_WARNING: &str = "clock";

/// The shortest lifetime in use is 15 minutes, so that smaller differences do no harm.
pub(super) const SKEW_THRESHOLD: SignedDuration = SignedDuration::from_mins(5);

impl Context {
    /// Returns the current time, and the offset of the clock of the server at `origin` if known.
    pub fn clock_reading_at(&self, origin: &str) -> ClockReading {
        let now = self.now();
        let theirs = self.http.server_time(origin);
        ClockReading {
            now,
            offset: theirs.map(|theirs| theirs.duration_since(now)),
        }
    }

    /// Returns the time of the server at `origin`, or of this computer if it is not known.
    pub(super) fn time_at(&self, origin: &Origin) -> Timestamp {
        let theirs = self.http.server_time(&origin.to_string());
        theirs.unwrap_or_else(|| self.now())
    }

    /// As [`Context::clock_reading_at`], for the server that issued `stored`.
    pub fn clock_reading_for(&self, stored: &StoredCredential) -> ClockReading {
        self.clock_reading_at(&stored.issuer_origin())
    }

    /// Returns whether `stored` is valid for at least `min_ttl`, expires within it, or has expired.
    pub(crate) fn freshness_of(
        &self,
        stored: &StoredCredential,
        min_ttl: SignedDuration,
    ) -> Freshness {
        let reading = self.clock_reading_for(stored);
        stored.expiry.freshness_at(reading, min_ttl)
    }

    /// Prevents the warning about the clock, for a command that reports the difference itself.
    pub(super) fn suppress_clock_warning(&self) {
        let mut warned = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        warned.insert(CLOCK_WARNING.to_owned());
    }

    /// Warns once if the clock of a server differs by more than [`SKEW_THRESHOLD`].
    pub fn warn_about_clock_skew(&self) {
        let now = self.now();
        let wrong = |(origin, theirs)| {
            let offset = Timestamp::duration_since(theirs, now);
            Some((origin, offset)).filter(|_| offset.abs() > SKEW_THRESHOLD)
        };
        if let Some((origin, offset)) = self.http.server_times().into_iter().find_map(wrong) {
            let difference = describe_skew(&origin, offset);
            let text = format!(
                "{difference}; correct it: credentials may appear expired when they are not, or vice versa"
            );
            self.warn_once(CLOCK_WARNING, text);
        }
    }
}

/// Describes `offset`, the clock at `origin` minus the local one.
pub(super) fn describe_skew(origin: &str, offset: SignedDuration) -> String {
    let side = if offset.is_negative() {
        "ahead of"
    } else {
        "behind"
    };
    let span = format_duration(offset.unsigned_abs());
    format!("this computer's clock is {span} {side} the clock of {origin}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skew_is_described_relative_to_the_local_clock() {
        for (seconds, expected) in [
            (301, "5 minutes behind"),
            (-3 * 3600 - 60, "3 hours ahead of"),
            (-9, "9 seconds ahead of"),
            (99 * 86_400, "99 days behind"),
        ] {
            let text = describe_skew("https://a.b", SignedDuration::from_secs(seconds));
            let expected = format!("this computer's clock is {expected} the clock of https://a.b");
            assert_eq!(text, expected);
        }
    }
}
