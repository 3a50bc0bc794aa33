//! A secret text that cannot be printed or serialized by accident.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A token, key, password or code verifier.
///
/// It has no `Display` and no `Serialize`; `Debug` shows a fingerprint; equality takes constant time; the memory is
/// wiped on drop. Only [`Secret::expose`] returns the text.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The length of a fingerprint that distinguishes two secrets in messages.
    pub const SHORT_FINGERPRINT: usize = 8;

    /// The length of a fingerprint that identifies a secret in reports, baselines and the audit log.
    pub const REPORT_FINGERPRINT: usize = 16;

    /// The length of a fingerprint that identifies a secret in a journal.
    pub const LONG_FINGERPRINT: usize = 32;

    /// Trims white space at both ends: a pasted or piped secret often has some.
    pub fn new(text: impl Into<String>) -> Self {
        let text = Zeroizing::new(text.into());
        if text.trim().len() == text.len() {
            return Self(text);
        }
        Self(Zeroizing::new(text.trim().to_owned()))
    }

    /// Keeps white space, for whole files that hold secrets.
    pub fn verbatim(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Returns the text. Every call site lets the secret leave the program: in a request header, in a file with mode 0600,
    /// or on standard output because the user asked for it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the first `len` hexadecimal digits of the SHA-256, which do not help to guess the secret.
    pub fn fingerprint(&self, len: usize) -> String {
        let mut digits = hex::encode(Sha256::digest(self.0.as_bytes()));
        digits.truncate(len);
        digits
    }

    /// Returns the SHA-256 of `salt` and the secret in hexadecimal digits, which only files with the same salt share.
    pub fn salted_hash(&self, salt: &str) -> String {
        let salted = Sha256::new().chain_update(salt);
        hex::encode(salted.chain_update(self.0.as_bytes()).finalize())
    }

    /// Returns `true` if `fingerprint` is the long fingerprint of this secret.
    pub fn has_fingerprint(&self, fingerprint: &str) -> bool {
        self.fingerprint(Self::LONG_FINGERPRINT) == fingerprint
    }

    /// Returns `true` if a header can carry the secret: visible ASCII only (RFC 6749 Appendix A.12, RFC 6750 §2.1).
    pub fn is_visible_ascii(&self) -> bool {
        !self.0.is_empty() && self.0.bytes().all(|byte| byte.is_ascii_graphic())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Secret(sha256:{}…)",
            self.fingerprint(Self::SHORT_FINGERPRINT)
        )
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
