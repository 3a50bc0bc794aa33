//! Reads points in time and lifetimes from JSON, in every form that servers write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use serde_json::Value;

/// The forms besides RFC 3339, with the offset `+0000` for UTC or without one: RFC 9110 §5.6.7 with its two obsolete ones, and what the
/// standard libraries of Ruby, `PostgreSQL`, Java and C print.
const TEXT_FORMS: [&str; 7] = [
    "%a, %d %b %Y %H:%M:%S %z",
    "%A, %d-%b-%y %H:%M:%S %z",
    "%d %b %Y %H:%M:%S %z",
    "%Y-%m-%d %H:%M:%S%.f %z",
    "%Y-%m-%d %H:%M:%S%.f%z",
    "%a %b %e %H:%M:%S %z %Y",
    "%a %b %e %H:%M:%S %Y",
];

/// A time that was never set, which no calendar has.
const MYSQL_ZERO_DATE: &str = "0000-00-00";

/// Larger numbers are milliseconds: as seconds, the year would be after 5138.
const MAX_SECONDS: i64 = 100_000_000_000;

/// A member that holds a point in time, for example the expiry of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonTime {
    /// The member says that there is no such time: `null`, `false`, empty, `0`, `-1`, or the zero value of Go or .NET.
    None,
    At(Timestamp),
    /// There is a time, in a form that is not known.
    Unreadable,
}

impl JsonTime {
    /// Reads Unix seconds or milliseconds, as a number or a string, RFC 3339, with UTC for a missing offset, and the forms of
    /// RFC 9110 and of common standard libraries. A fraction of a Unix time is cut off.
    pub fn read(value: &Value) -> Self {
        match value {
            Value::Null | Value::Bool(false) => Self::None,
            Value::Number(_) => json_seconds(value).map_or(Self::Unreadable, from_unix_time),
            Value::String(text) => read_text(text.trim()),
            Value::Bool(true) | Value::Array(_) | Value::Object(_) => Self::Unreadable,
        }
    }
}

/// Returns the time in `value`, as [`JsonTime::read`] reads it.
pub fn json_time(value: &Value) -> Option<Timestamp> {
    match JsonTime::read(value) {
        JsonTime::At(time) => Some(time),
        JsonTime::None | JsonTime::Unreadable => None,
    }
}

/// Reads whole seconds: a number, or a string that holds one. A fraction is cut off.
pub fn json_seconds(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| truncate(number.as_f64()?)),
        Value::String(text) => parse_seconds(text.trim()),
        _ => None,
    }
}

fn parse_seconds(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| truncate(text.parse().ok()?))
}

fn from_unix_time(number: i64) -> JsonTime {
    let time = match number {
        ..=0 => return JsonTime::None,
        1..MAX_SECONDS => Timestamp::from_second(number),
        _ => Timestamp::from_millisecond(number),
    };
    time.map_or(JsonTime::Unreadable, JsonTime::At)
}

fn read_text(text: &str) -> JsonTime {
    if text.is_empty() || text.starts_with(MYSQL_ZERO_DATE) {
        return JsonTime::None;
    }
    if let Some(number) = parse_seconds(text) {
        return from_unix_time(number);
    }
    match parse_iso_8601(text).or_else(|| parse_text_form(text)) {
        // Go and .NET write a time that was never set as the first second of the year 1.
        Some((date, _)) if date.year() <= 1 => JsonTime::None,
        Some((date, offset)) => to_timestamp(date, offset),
        None => JsonTime::Unreadable,
    }
}

fn parse_iso_8601(text: &str) -> Option<(DateTime, Offset)> {
    let pieces = Pieces::parse(text).ok()?;
    let time = pieces.time().unwrap_or_default();
    let offset = pieces.to_numeric_offset().unwrap_or(Offset::UTC);
    Some((pieces.date().to_datetime(time), offset))
}

fn parse_text_form(text: &str) -> Option<(DateTime, Offset)> {
    let words = text.split_whitespace().map(|word| match word {
        "UTC" | "GMT" | "Z" => "+0000",
        word => word,
    });
    let text = words.collect::<Vec<_>>().join(" ");
    TEXT_FORMS.into_iter().find_map(|form| {
        let parsed = BrokenDownTime::parse(form, &text).ok()?;
        let offset = parsed.offset().unwrap_or(Offset::UTC);
        Some((parsed.to_datetime().ok()?, offset))
    })
}

/// The last hours of the year 9999 mean "never expires" in some databases. They are after the last [`Timestamp`], which is
/// returned for them.
fn to_timestamp(date: DateTime, offset: Offset) -> JsonTime {
    let latest = Timestamp::from_second(Timestamp::MAX.as_second());
    let is_too_late = offset.to_timestamp(date).is_err() && date.year() == DateTime::MAX.year();
    let time = if is_too_late {
        latest
    } else {
        offset.to_timestamp(date)
    };
    time.map_or(JsonTime::Unreadable, JsonTime::At)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast from f64 saturates, and jiff rejects what is beyond the calendar"
)]
fn truncate(seconds: f64) -> Option<i64> {
    seconds.is_finite().then_some(seconds as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn time_is_read_in_every_form_that_services_use() {
        let expected: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
        for form in [
            json!("2026-02-01T00:00:00Z"),
            json!("2026-02-01T01:00:00.000+01:00"),
            json!("2026-02-01T01:00:00+0100"),
            json!("2026-02-01T00:00:00"),
            json!("2026-02-01"),
            json!("2026-02-01 00:00:00"),
            json!("2026-02-01 00:00:00 UTC"),
            json!("2026-02-01 01:00:00 +0100"),
            json!("2026-02-01 00:00:00+00:00"),
            json!("2026-02-01 00:00:00.000000+00"),
            json!("2026-02-01 00:00:00.000 Z"),
            json!("Sun, 01 Feb 2026 00:00:00 GMT"),
            json!("Sun, 01 Feb 2026 01:00:00 +0100"),
            json!("Sunday, 01-Feb-26 00:00:00 GMT"),
            json!("Sun Feb  1 00:00:00 2026"),
            json!("Sun Feb 01 00:00:00 UTC 2026"),
            json!("01 Feb 2026 00:00:00 GMT"),
            json!(1_769_904_000),
            json!(1_769_904_000.9),
            json!("1769904000"),
            json!(" 1769904000.5 "),
            json!(1_769_904_000_000_i64),
            json!("1769904000000"),
        ] {
            assert_eq!(json_time(&form), Some(expected), "{form}");
        }
    }

    #[test]
    fn last_days_of_the_calendar_are_a_time() {
        for form in [
            "9999-12-31T23:59:59Z",
            "9999-12-31 23:59:59.999999",
            "9999-12-31",
            "9999-12-31T23:59:59.9999999Z",
            "9999-12-31T23:59:59+00:00",
            "9999-12-31 23:59:59 UTC",
            "Fri, 31 Dec 9999 23:59:59 GMT",
        ] {
            let time = json_time(&json!(form));
            let time = time.unwrap_or_else(|| panic!("{form}"));
            assert!(time.to_string().starts_with("9999-12-30"), "{time}");
        }
    }

    #[test]
    fn time_that_is_not_set_differs_from_one_that_cannot_be_read() {
        for form in [
            json!(null),
            json!(false),
            json!(""),
            json!(0),
            json!(0.0),
            json!("0"),
            json!(-1),
            json!("-1"),
            json!("0001-01-01T00:00:00Z"),
            json!("0001-01-01T00:00:00"),
            json!("0001-01-01"),
            json!("0000-00-00 00:00:00"),
        ] {
            assert_eq!(JsonTime::read(&form), JsonTime::None, "{form}");
        }
        for form in [
            json!("soon"),
            json!(1e300),
            json!([0]),
            json!(true),
            json!({"at": 1}),
            json!("01/02/2026"),
            json!("2026-13-01"),
        ] {
            assert_eq!(JsonTime::read(&form), JsonTime::Unreadable, "{form}");
        }
    }

    #[test]
    fn seconds_are_read_from_numbers_and_strings() {
        for (form, expected) in [
            (json!(900), Some(900)),
            (json!("900"), Some(900)),
            (json!(" 900 "), Some(900)),
            (json!(900.9), Some(900)),
            (json!("900.9"), Some(900)),
            (json!(1e300), Some(i64::MAX)),
            (json!("inf"), None),
            (json!("soon"), None),
            (json!([900]), None),
            (json!(true), None),
            (json!(null), None),
        ] {
            assert_eq!(json_seconds(&form), expected, "{form}");
        }
    }
}
