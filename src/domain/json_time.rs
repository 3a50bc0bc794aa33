//! Reads points in time and lifetimes from JSON, in every form that servers write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

/// Reads a point in time: Unix seconds (a fraction is cut off), RFC 3339, or RFC 3339 without an offset, which is taken as
/// UTC.
pub fn json_time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(_) => Timestamp::from_second(json_seconds(value)?).ok(),
        Value::String(text) => text.parse().ok().or_else(|| {
            let local: DateTime = text.parse().ok()?;
            Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp())
        }),
        _ => None,
    }
}

/// Reads whole seconds: a number, or a string that holds one. A fraction is cut off.
pub fn json_seconds(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| truncate(number.as_f64()?)),
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| truncate(text.parse().ok()?))
        }
        _ => None,
    }
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
            json!("2026-02-01T00:00:00"),
            json!(1_769_904_000),
            json!(1_769_904_000.9),
        ] {
            assert_eq!(json_time(&form), Some(expected), "{form}");
        }
        for form in [json!("soon"), json!(1e300), json!(null), json!([0])] {
            assert_eq!(json_time(&form), None, "{form}");
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
