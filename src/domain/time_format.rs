//! Formats durations and points in time for people. The only place that turns a time into words, so that the same span
//! reads the same in every message, table and screen. Programs get RFC 3339 timestamps and whole seconds instead.

use std::time::Duration;

use jiff::Timestamp;

use super::format_count;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Formats `duration` in one unit, rounded down: `45 seconds`, `23 hours`, `90 days`.
///
/// A unit needs a count of two, or of exactly one: `1 hour` and `65 minutes`, because "1 hour" for 1 h 59 min is too far
/// off to decide whether a job still finishes in time.
pub fn format_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (size, unit) = unit_for(seconds);
    format_count(seconds / size, unit)
}

/// As [`format_duration`], rounded up, so that the wait has certainly passed after that time.
pub fn format_wait(duration: Duration) -> String {
    let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    let (size, unit) = unit_for(seconds);
    format_count(seconds.div_ceil(size), unit)
}

/// Returns the size of the unit in seconds, and its name.
fn unit_for(seconds: u64) -> (u64, &'static str) {
    // To the precision of the next smaller unit: 1 h 0 min 59 s is one hour.
    let is_one = |size: u64, smaller: u64| seconds / smaller == size / smaller;
    if seconds >= 730 * DAY {
        (365 * DAY, "year")
    } else if seconds >= 100 * DAY {
        (30 * DAY, "month")
    } else if seconds >= 2 * DAY || is_one(DAY, HOUR) {
        (DAY, "day")
    } else if seconds >= 2 * HOUR || is_one(HOUR, MINUTE) {
        (HOUR, "hour")
    } else if seconds >= 2 * MINUTE || is_one(MINUTE, 1) {
        (MINUTE, "minute")
    } else {
        (1, "second")
    }
}

/// Formats `then` relative to `now`: `in 42 minutes`, `3 days ago`, `just now`.
pub fn format_relative(now: Timestamp, then: Timestamp) -> String {
    let difference = then.duration_since(now);
    let distance = difference.unsigned_abs();
    if difference.is_positive() {
        format!("in {}", format_duration(distance))
    } else if distance.as_secs() < 5 {
        "just now".to_owned()
    } else {
        format!("{} ago", format_duration(distance))
    }
}

/// Formats the time until a deadline as a clock does: `4:59`, `1:04:59`. Rounded up, so that it reaches `0:00` at the end.
pub fn format_countdown(remaining: Duration) -> String {
    let seconds = remaining.as_secs() + u64::from(remaining.subsec_nanos() > 0);
    let (hours, minutes, rest) = (seconds / HOUR, seconds % HOUR / MINUTE, seconds % MINUTE);
    if hours > 0 {
        return format!("{hours}:{minutes:02}:{rest:02}");
    }
    format!("{minutes}:{rest:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duration_is_formatted_in_one_unit() {
        for (seconds, expected) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (45, "45 seconds"),
            (60, "1 minute"),
            (75, "75 seconds"),
            (900, "15 minutes"),
            (3600, "1 hour"),
            (3659, "1 hour"),
            (3900, "65 minutes"),
            (DAY - 1, "23 hours"),
            (DAY, "1 day"),
            (36 * HOUR, "36 hours"),
            (90 * DAY, "90 days"),
            (180 * DAY, "6 months"),
            (800 * DAY, "2 years"),
        ] {
            let text = format_duration(Duration::from_secs(seconds));
            assert_eq!(text, expected, "{seconds}");
        }
    }

    #[test]
    fn wait_is_rounded_up() {
        for (millis, expected) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (37_000, "37 seconds"),
            (150_000, "3 minutes"),
            (300_000, "5 minutes"),
        ] {
            assert_eq!(format_wait(Duration::from_millis(millis)), expected);
        }
    }

    #[test]
    fn time_is_formatted_relative_to_now() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        for (seconds, expected) in [
            (0, "just now"),
            (-4, "just now"),
            (5, "in 5 seconds"),
            (-60, "1 minute ago"),
            (42 * 60 + 59, "in 42 minutes"),
            (-3600, "1 hour ago"),
            (-3 * 86400, "3 days ago"),
            (90 * 86400, "in 90 days"),
            (180 * 86400, "in 6 months"),
            (-800 * 86400, "2 years ago"),
        ] {
            let then = Timestamp::from_second(1_700_000_000 + seconds).unwrap();
            assert_eq!(format_relative(now, then), expected);
        }
        format_relative(Timestamp::MIN, Timestamp::MAX);
    }

    #[test]
    fn countdown_reaches_zero_at_the_deadline() {
        for (millis, expected) in [
            (299_000, "4:59"),
            (298_100, "4:59"),
            (3_899_000, "1:04:59"),
            (0, "0:00"),
        ] {
            let text = format_countdown(Duration::from_millis(millis));
            assert_eq!(text, expected);
        }
    }
}
