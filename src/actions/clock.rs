//! This computer's clock beside those of the servers.

use std::sync::PoisonError;

use jiff::{SignedDuration, Timestamp};

use super::Context;
use crate::domain::{Moment, StoredCredential};

/// What the warning is about.
const CLOCK: &str = "clock";

/// Clocks that differ by less bother nobody: the shortest lifetime in use is a quarter of an hour.
pub(super) const WORTH_TELLING: SignedDuration = SignedDuration::from_mins(5);

impl Context {
    /// Now, as the server at `origin` sees it too, where it told its time.
    pub fn moment_at(&self, origin: &str) -> Moment {
        let now = self.now();
        let theirs = self.http.server_time(origin);
        Moment {
            now,
            offset: theirs.map(|theirs| theirs.duration_since(now)),
        }
    }

    /// Now, as the server that handed out `stored` sees it too.
    pub fn moment_for(&self, stored: &StoredCredential) -> Moment {
        self.moment_at(&stored.issuing_origin())
    }

    /// Leaves the warning about the clock to whoever has told it otherwise.
    pub(super) fn spare_the_clock(&self) {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        warned.insert(CLOCK.to_owned());
    }

    /// Warns, once, where a server that answered has another time by more than 5 minutes.
    pub fn warn_of_the_clock(&self) {
        let now = self.now();
        let wrong = |(origin, theirs)| {
            let offset = Timestamp::duration_since(theirs, now);
            Some((origin, offset)).filter(|_| offset.abs() > WORTH_TELLING)
        };
        if let Some((origin, offset)) = self.http.server_times().into_iter().find_map(wrong) {
            let difference = difference(&origin, offset);
            let text = format!(
                "{difference}; set it right: until then a sign-in may look over when it is not, or the other way round"
            );
            self.warn_once(CLOCK, text);
        }
    }
}

/// What `offset`, the clock at `origin` less ours, is in words.
pub(super) fn difference(origin: &str, offset: SignedDuration) -> String {
    let side = if offset.is_negative() {
        "ahead of"
    } else {
        "behind"
    };
    let span = span(offset.abs());
    format!("this computer's clock is {span} {side} that of {origin}")
}

fn span(offset: SignedDuration) -> String {
    let minutes = offset.as_mins();
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{} s", offset.as_secs()),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) if hours < 48 => format!("{hours} h {minutes} min"),
        (hours, _) => format!("{} days", hours / 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_from_this_computers_side() {
        for (seconds, expected) in [
            (301, "5 min behind"),
            (-3 * 3600 - 60, "3 h 1 min ahead of"),
            (-9, "9 s ahead of"),
            (100 * 86_400, "100 days behind"),
        ] {
            let text = difference("https://a.b", SignedDuration::from_secs(seconds));
            let expected = format!("this computer's clock is {expected} that of https://a.b");
            assert_eq!(text, expected);
        }
    }
}
