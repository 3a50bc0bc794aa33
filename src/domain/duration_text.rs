//! Durations as text: `90s`, `5m`, `2h`, `14d`, `2w`, in arguments and in settings.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

const DAY: i64 = 86_400;

/// Parses a whole number with a unit. Only `0` needs none: users expect days of one command and seconds of another.
///
/// # Errors
/// The expected form.
pub fn parse_duration(text: &str) -> Result<SignedDuration, String> {
    let invalid = || "expected a duration with a unit, such as 90s, 5m, 2h, 14d or 2w".to_owned();
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: i64 = number.parse().map_err(|_| invalid())?;
    let seconds = match unit {
        "" if number == 0 => 1,
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => DAY,
        "w" => 7 * DAY,
        _ => return Err(invalid()),
    };
    number
        .checked_mul(seconds)
        .map(SignedDuration::from_secs)
        .ok_or_else(invalid)
}

/// A duration in a settings file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DurationText(pub SignedDuration);

impl TryFrom<String> for DurationText {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        parse_duration(&text).map(Self)
    }
}

impl From<DurationText> for String {
    fn from(DurationText(duration): DurationText) -> Self {
        let seconds = duration.as_secs();
        if seconds % DAY == 0 {
            return format!("{}d", seconds / DAY);
        }
        format!("{seconds}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duration_in_a_file_is_written_as_it_is_read() {
        for (read, written) in [
            ("90d", "90d"),
            ("2w", "14d"),
            ("36h", "129600s"),
            ("0", "0d"),
        ] {
            let parsed = DurationText::try_from(read.to_owned()).unwrap();
            let text = String::from(parsed);
            assert_eq!(text, written);
            assert_eq!(DurationText::try_from(text), Ok(parsed));
        }
        for invalid in ["soon", "180"] {
            assert!(DurationText::try_from(invalid.to_owned()).is_err());
        }
    }
}
