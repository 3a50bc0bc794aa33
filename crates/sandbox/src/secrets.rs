//! Everything random: secrets, ids. A secret leaves once, in the answer that mints it; at rest there is its hash.

use std::fmt::{self, Write as _};

use sha2::{Digest, Sha256};

use super::SandboxError;

/// Stands in every secret that the sandbox mints, so that a test can search for leaks: whatever shows this text shows
/// a secret. No real service uses it.
pub const CANARY: &str = "c4n4ry";

/// The same for secrets that are made of hexadecimal digits.
pub const CANARY_HEX: &str = "c4a4a12ec4a4";

/// How every JSON Web Token begins that the sandbox mints: a header with [`CANARY`] as its key's name, encoded.
pub const CANARY_JWT: &str = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImM0bjRyeSIsInR5cCI6IkpXVCJ9";

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// An issued secret. It has no `Display` and no `Serialize`, and `Debug` redacts it: [`Secret::expose`] is the only way out.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

/// 26 letters of 62 are 154 bits.
pub(super) const RANDOM_LETTERS: usize = 26;

/// A new secret: `prefix`, the canary, 154 random bits.
pub(super) fn mint(prefix: &str) -> Result<Secret, SandboxError> {
    let random = letters(LETTERS, RANDOM_LETTERS)?;
    Ok(Secret::new(format!("{prefix}{CANARY}{random}")))
}

/// A new secret of 64 hexadecimal digits behind `prefix`: the canary and 208 random bits. The first eight digits are
/// chance alone, so that a list may show them.
pub(super) fn mint_hexadecimal(prefix: &str) -> Result<Secret, SandboxError> {
    let mut random = [0u8; 26];
    getrandom::fill(&mut random)?;
    let (shown, hidden) = random.split_at(4);
    let (shown, hidden) = (hexadecimal(shown), hexadecimal(hidden));
    Ok(Secret::new(format!("{prefix}{shown}{CANARY_HEX}{hidden}")))
}

/// `count` letters of `alphabet`, each equally likely.
pub(super) fn letters(alphabet: &[u8], count: usize) -> Result<String, SandboxError> {
    // Bytes beyond the last whole multiple of the alphabet would favour its first letters.
    let fair = 256 - 256 % alphabet.len();
    let mut text = String::with_capacity(count);
    let mut bytes = [0u8; 64];
    while text.len() < count {
        getrandom::fill(&mut bytes)?;
        let usable = bytes.iter().map(|byte| usize::from(*byte));
        let chosen = usable.filter(|byte| *byte < fair);
        text.extend(
            chosen
                .map(|byte| char::from(alphabet[byte % alphabet.len()]))
                .take(count - text.len()),
        );
    }
    Ok(text)
}

/// What is kept of a secret. Looking a token up by its hash compares no secret byte by byte.
pub(super) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// A random UUID (RFC 9562 §5.4).
pub(super) fn uuid() -> Result<String, SandboxError> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hexadecimal(&bytes);
    let parts = [
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..],
    ];
    Ok(parts.join("-"))
}

/// `bytes` as lower-case hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secret_carries_the_canary_and_enough_chance() {
        let one = mint("bmc_").unwrap();
        let two = mint("bmc_").unwrap();
        assert!(one.expose().starts_with("bmc_c4n4ry"));
        assert_eq!(one.expose().len(), "bmc_".len() + 32);
        assert_ne!(one, two);
    }

    #[test]
    fn a_hexadecimal_secret_has_its_canary_behind_what_a_list_shows() {
        let one = mint_hexadecimal("bp_").unwrap();
        let (shown, rest) = one.expose().split_at(11);
        assert_eq!(one.expose().len(), 67);
        assert!(rest.starts_with(CANARY_HEX));
        let digits = one.expose().strip_prefix("bp_").unwrap();
        assert!(digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        assert!(!shown.contains(CANARY_HEX));
        assert_ne!(one, mint_hexadecimal("bp_").unwrap());
    }

    #[test]
    fn letters_come_from_the_alphabet_alone() {
        let text = letters(b"XYZ", 300).unwrap();
        assert_eq!(text.len(), 300);
        assert!("XYZ".chars().all(|letter| text.contains(letter)));
        assert!(text.chars().all(|letter| "XYZ".contains(letter)));
    }

    #[test]
    fn an_id_is_a_version_4_uuid() {
        let id = uuid().unwrap();
        assert_eq!(id.len(), 36);
        assert_eq!(&id[14..15], "4");
        assert!("89ab".contains(&id[19..20]), "{id}");
    }
}
