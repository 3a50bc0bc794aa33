//! User codes (RFC 8628 §6.1): shown in the terminal, typed into the page.

use std::fmt;

use crate::base::{SandboxError, secrets};

/// Consonants, so that no words appear, without similar letters. 20^8 codes are 34 bits; guessing is limited to 10 a minute
/// (RFC 8628 §5.1).
const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const LENGTH: usize = 8;

/// Eight letters, displayed as `XXXX-XXXX`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UserCode(String);

impl UserCode {
    pub(super) fn generate() -> Result<Self, SandboxError> {
        Ok(Self(secrets::random_text(ALPHABET, LENGTH)?))
    }

    /// Parses user input, ignoring case, hyphens and spaces. Returns `None` if it cannot be a code.
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        let code: String = typed
            .chars()
            .filter(|letter| {
                !letter.is_whitespace() && !"-\u{2010}\u{2011}\u{2013}".contains(*letter)
            })
            .map(|letter| letter.to_ascii_uppercase())
            .collect();
        let is_valid =
            code.len() == LENGTH && code.bytes().all(|letter| ALPHABET.contains(&letter));
        is_valid.then_some(Self(code))
    }

    /// Returns the letters without a hyphen, as stored.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (left, right) = self.0.split_at(LENGTH / 2);
        write!(f, "{left}-{right}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parsing_ignores_case_hyphens_and_spaces() {
        for typed in ["WDJB-MJHT", "wdjbmjht", " WDJB MJHT\n", "w-d-j-b-m-j-h-t"] {
            let code = UserCode::parse(typed);
            assert_eq!(
                code.map(|code| code.to_string()).as_deref(),
                Some("WDJB-MJHT")
            );
        }
    }

    #[test]
    fn invalid_codes_are_rejected() {
        for typed in [
            "",
            "WDJB-MJH",
            "WDJB-MJHTT",
            "AEIO-UAEI",
            "WDJB_MJHT",
            "ẞẞẞẞ",
        ] {
            assert_eq!(UserCode::parse(typed), None, "{typed}");
        }
    }
}
