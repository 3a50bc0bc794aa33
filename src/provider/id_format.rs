//! The documented formats of token ids. They detect a key that was passed as an id before it is sent in a URL.

use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum IdFormat {
    /// Digits only.
    Number,
    /// 32 hexadecimal digits, with or without hyphens (RFC 9562).
    Uuid,
}

impl IdFormat {
    pub fn matches(self, text: &str) -> bool {
        match self {
            Self::Number => {
                (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
            }
            Self::Uuid => {
                let digits = text.bytes().filter(|byte| *byte != b'-');
                digits.clone().count() == 32 && digits.clone().all(|byte| byte.is_ascii_hexdigit())
            }
        }
    }

    /// Returns the plural for messages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Number => "numbers",
            Self::Uuid => "UUIDs",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_matched_against_the_documented_format() {
        for (form, text, fits) in [
            (IdFormat::Number, "17", true),
            (IdFormat::Number, "", false),
            (IdFormat::Number, "17a", false),
            (IdFormat::Number, "123456789012345678901", false),
            (IdFormat::Uuid, "968b54fe-bdf1-4ef0-b374-2c53b16b7a7e", true),
            (IdFormat::Uuid, "968b54febdf14ef0b3742c53b16b7a7e", true),
            (IdFormat::Uuid, "968b54fe", false),
            (
                IdFormat::Uuid,
                "968b54fe-bdf1-4ef0-b374-2c53b16b7a7z",
                false,
            ),
        ] {
            assert_eq!(form.matches(text), fits, "{text}");
        }
    }
}
