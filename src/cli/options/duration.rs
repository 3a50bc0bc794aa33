//! Durations as arguments: `90s`, `5m`, `2h`, `14d`, `2w`.

use jiff::SignedDuration;

pub(crate) use crate::domain::parse_duration as parse;

/// Parses a duration that is more than zero.
#[cfg(feature = "sandbox")]
pub(crate) fn parse_positive(text: &str) -> Result<SignedDuration, String> {
    let duration = parse(text)?;
    if duration.is_zero() {
        return Err("expected more than zero".to_owned());
    }
    Ok(duration)
}

/// The longest lifetime that every form of a time can express.
const MAX_LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 365 * 1000);

/// Parses the lifetime of a token: a unit, and more than zero.
pub(crate) fn parse_lifetime(text: &str) -> Result<SignedDuration, String> {
    let lifetime = parse(text)?;
    let has_unit = text.ends_with(|c: char| c.is_ascii_alphabetic());
    if has_unit && lifetime.is_positive() && lifetime <= MAX_LIFETIME {
        return Ok(lifetime);
    }
    Err("expected a lifetime, such as 90d, 2w or 12h".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_parse_with_and_without_a_unit() {
        assert_eq!(parse("5m"), Ok(SignedDuration::from_mins(5)));
        assert_eq!(parse("90"), Ok(SignedDuration::from_secs(90)));
        assert_eq!(parse_lifetime("2w"), parse("14d"));
        for bad in ["", "m", "5x", "-5m", "99999999999999999w", "1.5h"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        for bad in ["90", "0d", "400000d"] {
            assert!(parse_lifetime(bad).is_err(), "{bad}");
        }
    }

    #[cfg(feature = "sandbox")]
    #[test]
    fn positive_duration_is_more_than_zero() {
        assert!(parse_positive("0s").is_err() && parse_positive("1s").is_ok());
    }
}
