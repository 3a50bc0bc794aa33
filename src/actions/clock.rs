//! This computer's clock beside those of the servers.

use std::sync::PoisonError;

use jiff::{SignedDuration, Timestamp};

use crate::actions::Context;
use crate::domain::{ClockReading, StoredCredential, format_duration};

/// What the warning is about.
const CLOCK_WARNING: &str = "clock";

/// Clocks that differ by less bother nobody: the shortest lifetime in use is a quarter of an hour.
pub(super) const SKEW_THRESHOLD: SignedDuration = SignedDuration::from_mins(5);

impl Context {
    /// Now, as the server at `origin` sees it too, where it told its time.
    pub fn clock_reading_at(&self, origin: &str) -> ClockReading {
        let now = self.now();
        let theirs = self.http.server_time(origin);
        ClockReading {
            now,
            offset: theirs.map(|theirs| theirs.duration_since(now)),
        }
    }

    /// Now, as the server that handed out `stored` sees it too.
    pub fn clock_reading_for(&self, stored: &StoredCredential) -> ClockReading {
        self.clock_reading_at(&stored.issuer_origin())
    }

    /// Leaves the warning about the clock to whoever has told it otherwise.
    pub(super) fn suppress_clock_warning(&self) {
        let mut warned = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        warned.insert(CLOCK_WARNING.to_owned());
    }

    /// Warns, once, where a server that answered has another time by more than 5 minutes.
    pub fn warn_about_clock_skew(&self) {
        let now = self.now();
        let wrong = |(origin, theirs)| {
            let offset = Timestamp::duration_since(theirs, now);
            Some((origin, offset)).filter(|_| offset.abs() > SKEW_THRESHOLD)
        };
        if let Some((origin, offset)) = self.http.server_times().into_iter().find_map(wrong) {
            let difference = describe_skew(&origin, offset);
            let text = format!(
                "{difference}; set it right: until then a sign-in may look over when it is not, or the other way round"
            );
            self.warn_once(CLOCK_WARNING, text);
        }
    }
}

/// What `offset`, the clock at `origin` less ours, is in words.
pub(super) fn describe_skew(origin: &str, offset: SignedDuration) -> String {
    let side = if offset.is_negative() {
        "ahead of"
    } else {
        "behind"
    };
    let span = format_duration(offset.unsigned_abs());
    format!("this computer's clock is {span} {side} that of {origin}")
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
            let expected = format!("this computer's clock is {expected} that of https://a.b");
            assert_eq!(text, expected);
        }
    }
}
