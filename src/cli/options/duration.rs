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

/// Parses a duration of the protocol, where a number without a unit is seconds as in its messages.
#[cfg(feature = "sandbox")]
pub(crate) fn parse_or_seconds(text: &str) -> Result<SignedDuration, String> {
    let is_number = text.ends_with(|c: char| c.is_ascii_digit());
    let seconds = is_number.then(|| format!("{text}s"));
    parse(seconds.as_deref().unwrap_or(text))
}

/// Parses the lifetime of a token, which is more than zero.
pub(crate) fn parse_lifetime(text: &str) -> Result<SignedDuration, String> {
    let lifetime = parse(text)?;
    if lifetime.is_positive() && lifetime <= MAX_LIFETIME {
        return Ok(lifetime);
    }
    Err("expected a lifetime, such as 90d, 2w or 12h".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(parse("5m"), Ok(SignedDuration::from_mins(5)));
        assert_eq!(parse("0"), Ok(SignedDuration::ZERO));
        assert_eq!(parse_lifetime("2w"), parse("14d"));
        for bad in ["", "90", "m", "5x", "-5m", "99999999999999999w", "1.5h"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        for bad in ["90", "0d", "400000d"] {
            assert!(parse_lifetime(bad).is_err(), "{bad}");
        }
    }

    #[cfg(feature = "sandbox")]
    #[test]
    fn number_is_seconds_where_the_protocol_has_seconds() {
        let seconds = Ok(SignedDuration::from_secs(90));
        assert_eq!(parse_or_seconds("90"), seconds);
        assert_eq!(parse_or_seconds("90s"), seconds);
        assert!(parse_or_seconds("").is_err());
    }

    #[cfg(feature = "sandbox")]
    #[test]
    fn positive_duration_is_more_than_zero() {
        assert!(parse_positive("0s").is_err() && parse_positive("1s").is_ok());
    }
}
