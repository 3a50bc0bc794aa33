//! A value that must not be shown: it cannot print or serialize itself.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A secret text: token, key, password, verifier.
///
/// It has no `Display` and no `Serialize`; `Debug` shows a fingerprint; equality takes constant time; the memory is
/// wiped on drop. [`Secret::expose`] is the only door.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes ownership of `text`; surrounding white space is not part of a secret and is dropped.
    pub fn new(text: impl Into<String>) -> Self {
        let text = Zeroizing::new(text.into());
        if text.trim().len() == text.len() {
            return Self(text);
        }
        Self(Zeroizing::new(text.trim().to_owned()))
    }

    /// Takes ownership of `text` as it is, for whole files that hold secrets.
    pub fn verbatim(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The secret itself. Every call is a place where it may leave: a request header, a file at 0600, or stdout on
    /// the user's explicit wish.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The first 8 hexadecimal digits of the SHA-256, enough to tell two secrets apart and useless otherwise.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(self.0.as_bytes());
        let [a, b, c, d] = [digest[0], digest[1], digest[2], digest[3]];
        format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
    }

    /// Whether it can stand in a header: visible ASCII and nothing else (RFC 6749 Appendix A.12, RFC 6750 §2.1).
    pub fn is_visible_ascii(&self) -> bool {
        !self.0.is_empty() && self.0.bytes().all(|byte| byte.is_ascii_graphic())
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret(sha256:{}…)", self.fingerprint())
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_a_fingerprint_instead_of_the_secret() {
        let shown = format!("{:?}", Secret::new("hunter2"));
        assert!(!shown.contains("hunter2"));
        assert!(shown.contains("f52fbd32"), "{shown}");
    }

    #[test]
    fn trailing_newline_is_trimmed() {
        assert_eq!(Secret::new("key\r\n").expose(), "key");
    }
}
