//! Times and durations as people say them.

use std::time::Duration;

use jiff::Timestamp;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// `then` as seen from `now`: `in 42 minutes`, `3 days ago`, `just now`. Rounded down; days up to 99, then months.
pub fn format_relative(now: Timestamp, then: Timestamp) -> String {
    let difference = then.duration_since(now);
    let seconds = difference.unsigned_abs().as_secs();
    if seconds < 5 && !difference.is_positive() {
        return "just now".to_owned();
    }
    let span = format_rounded(seconds);
    if difference.is_positive() {
        format!("in {span}")
    } else {
        format!("{span} ago")
    }
}

fn format_rounded(seconds: u64) -> String {
    let (count, unit) = match seconds {
        ..MINUTE => (seconds, "second"),
        MINUTE..HOUR => (seconds / MINUTE, "minute"),
        HOUR..DAY => (seconds / HOUR, "hour"),
        _ => match seconds / DAY {
            days @ ..100 => (days, "day"),
            days @ ..730 => (days / 30, "month"),
            days => (days / 365, "year"),
        },
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

/// A length of time in its two largest units: `2 d 3 h`, `1 h 5 min`, `45 s`. Rounded down.
pub fn format_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [
        (seconds / DAY, "d"),
        (seconds % DAY / HOUR, "h"),
        (seconds % HOUR / MINUTE, "min"),
        (seconds % MINUTE, "s"),
    ];
    let Some(first) = units.iter().position(|(count, _)| *count > 0) else {
        return "0 s".to_owned();
    };
    let parts = units
        .iter()
        .skip(first)
        .take(2)
        .filter(|(count, _)| *count > 0);
    let words: Vec<_> = parts
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    words.join(" ")
}

/// What is left until a deadline, as a clock shows it: `4:59`, `1:04:59`. Rounded up, so that it ends at `0:00`.
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
    fn times_are_relative_to_now() {
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
    fn durations_show_their_two_largest_units() {
        for (seconds, expected) in [
            (0, "0 s"),
            (45, "45 s"),
            (900, "15 min"),
            (3900, "1 h 5 min"),
            (3605, "1 h"),
            (2 * 86400 + 3 * 3600 + 59, "2 d 3 h"),
        ] {
            assert_eq!(format_duration(Duration::from_secs(seconds)), expected);
        }
    }

    #[test]
    fn countdown_ends_at_zero() {
        for (millis, expected) in [
            (299_000, "4:59"),
            (298_100, "4:59"),
            (3_899_000, "1:04:59"),
            (0, "0:00"),
        ] {
            assert_eq!(format_countdown(Duration::from_millis(millis)), expected);
        }
    }
}
