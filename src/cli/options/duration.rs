//! Durations as arguments: `90s`, `5m`, `2h`, `14d`, `2w`.

use jiff::SignedDuration;

/// Parses a whole number with a unit. Without a unit it is seconds.
pub(crate) fn parse(text: &str) -> Result<SignedDuration, String> {
    let invalid = || "expected a duration, such as 90s, 5m, 2h, 14d or 2w".to_owned();
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: i64 = number.parse().map_err(|_| invalid())?;
    let seconds = match unit {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return Err(invalid()),
    };
    number
        .checked_mul(seconds)
        .map(SignedDuration::from_secs)
        .ok_or_else(invalid)
}

/// Parses a duration of whole days, at least one.
pub(crate) fn parse_days(text: &str) -> Result<u32, String> {
    let span = parse(text)?;
    let (days, rest) = (span.as_secs() / 86_400, span.as_secs() % 86_400);
    u32::try_from(days)
        .ok()
        .filter(|days| *days > 0 && rest == 0)
        .ok_or_else(|| {
            "expected whole days, such as 90d or 2w (a number without a unit is seconds)".to_owned()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_parse_with_and_without_a_unit() {
        assert_eq!(parse("5m"), Ok(SignedDuration::from_mins(5)));
        assert_eq!(parse("90"), Ok(SignedDuration::from_secs(90)));
        assert_eq!(parse_days("2w"), Ok(14));
        assert_eq!(parse_days("172800"), Ok(2));
        assert!(parse_days("90").unwrap_err().contains("without a unit"));
        for bad in ["", "m", "5x", "-5m", "99999999999999999w", "1.5h"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        for bad in ["36h", "0d", "5m"] {
            assert!(parse_days(bad).is_err(), "{bad}");
        }
    }
}
