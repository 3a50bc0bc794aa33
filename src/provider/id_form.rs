//! What a service's token ids look like, where that is documented, so that a key in place of an id is recognized.

use serde::Deserialize;

/// The documented form of a token id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdForm {
    /// Digits alone.
    Number,
    /// 32 hexadecimal digits, with or without hyphens (RFC 9562).
    Uuid,
}

impl IdForm {
    /// Whether `text` is such an id.
    pub fn fits(self, text: &str) -> bool {
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

    /// What such ids are, in the plural.
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
    fn an_id_fits_its_form() {
        for (form, text, fits) in [
            (IdForm::Number, "17", true),
            (IdForm::Number, "", false),
            (IdForm::Number, "17a", false),
            (IdForm::Number, "123456789012345678901", false),
            (IdForm::Uuid, "968b54fe-bdf1-4ef0-b374-2c53b16b7a7e", true),
            (IdForm::Uuid, "968b54febdf14ef0b3742c53b16b7a7e", true),
            (IdForm::Uuid, "968b54fe", false),
            (IdForm::Uuid, "968b54fe-bdf1-4ef0-b374-2c53b16b7a7z", false),
        ] {
            assert_eq!(form.fits(text), fits, "{text}");
        }
    }
}
