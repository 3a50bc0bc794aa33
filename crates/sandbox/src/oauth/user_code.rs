//! The code that a person reads in the terminal and types into the page (RFC 8628 §6.1).

use std::fmt;

use crate::{SandboxError, secrets};

/// Consonants without look-alikes and without words: 20^8 codes, 34 bits, guessed at 10 a minute (RFC 8628 §5.1).
const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const LENGTH: usize = 8;

/// Eight letters, shown as `XXXX-XXXX`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UserCode(String);

impl UserCode {
    pub(super) fn generate() -> Result<Self, SandboxError> {
        Ok(Self(secrets::random_text(ALPHABET, LENGTH)?))
    }

    /// What a person typed: case, hyphens and spaces do not matter. `None` when it cannot be a code.
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        let code: String = typed
            .chars()
            .filter(|letter| {
                !letter.is_whitespace() && !"-\u{2010}\u{2011}\u{2013}".contains(*letter)
            })
            .map(|letter| letter.to_ascii_uppercase())
            .collect();
        let fits = code.len() == LENGTH && code.bytes().all(|letter| ALPHABET.contains(&letter));
        fits.then_some(Self(code))
    }

    /// The letters alone, as they are kept.
    pub(crate) fn letters(&self) -> &str {
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
    fn case_hyphens_and_spaces_do_not_matter() {
        for typed in ["WDJB-MJHT", "wdjbmjht", " WDJB MJHT\n", "w-d-j-b-m-j-h-t"] {
            let code = UserCode::parse(typed);
            assert_eq!(
                code.map(|code| code.to_string()).as_deref(),
                Some("WDJB-MJHT")
            );
        }
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
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
