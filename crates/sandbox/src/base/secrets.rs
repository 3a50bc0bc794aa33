//! Generates secrets and ids. A secret appears once, in the response that creates it; the database stores its hash.

use std::fmt;

use sha2::{Digest, Sha256};

use super::error::SandboxError;

/// Part of every generated secret, so that tests can search any output for leaks. No real service uses it.
pub const CANARY: &str = "c4n4ry";

/// The same for hexadecimal secrets.
pub const CANARY_HEX: &str = "c4a4a12ec4a4";

/// The encoded header of every generated JSON Web Token, with [`CANARY`] as the key id.
pub const CANARY_JWT: &str = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImM0bjRyeSIsInR5cCI6IkpXVCJ9";

/// The start of every ID token: the algorithm and a key id that begins with [`CANARY`].
pub const CANARY_ID_TOKEN: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImM0bjRy";

const ALPHANUMERIC: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

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

/// The number of random characters in a secret: 26 characters out of 62 have 154 bits.
pub(crate) const RANDOM_LENGTH: usize = 26;

/// Returns `prefix`, the canary, and 154 random bits.
pub(crate) fn generate(prefix: &str) -> Result<Secret, SandboxError> {
    let random = random_text(ALPHANUMERIC, RANDOM_LENGTH)?;
    Ok(Secret::new(format!("{prefix}{CANARY}{random}")))
}

/// Returns a random text without the canary, for references that users see in URLs: it cannot be guessed, but it is not a secret.
pub(crate) fn reference() -> Result<String, SandboxError> {
    random_text(ALPHANUMERIC, RANDOM_LENGTH)
}

/// Returns `prefix` and 64 hexadecimal digits: the canary and 208 random bits. The first eight digits are random, so that a list
/// can show them.
pub(crate) fn generate_hex(prefix: &str) -> Result<Secret, SandboxError> {
    let mut random = [0u8; 26];
    getrandom::fill(&mut random)?;
    let (prefix_bytes, rest) = random.split_at(4);
    let (shown, rest) = (hex::encode(prefix_bytes), hex::encode(rest));
    Ok(Secret::new(format!("{prefix}{shown}{CANARY_HEX}{rest}")))
}

/// Returns `count` characters of `alphabet`, uniformly distributed.
pub(crate) fn random_text(alphabet: &[u8], count: usize) -> Result<String, SandboxError> {
    // Bytes beyond the last multiple of the alphabet's length would favour its first characters.
    let limit = 256 - 256 % alphabet.len();
    let mut text = String::with_capacity(count);
    let mut bytes = [0u8; 64];
    while text.len() < count {
        getrandom::fill(&mut bytes)?;
        let usable = bytes.iter().map(|byte| usize::from(*byte));
        let chosen = usable.filter(|byte| *byte < limit);
        text.extend(
            chosen
                .map(|byte| char::from(alphabet[byte % alphabet.len()]))
                .take(count - text.len()),
        );
    }
    Ok(text)
}

/// Returns the hash that the database stores. A lookup by hash needs no comparison of secrets in constant time.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Returns a random UUID (RFC 9562 §5.4).
pub(crate) fn uuid() -> Result<String, SandboxError> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_contain_the_canary_and_enough_randomness() {
        let one = generate("bmc_").unwrap();
        let two = generate("bmc_").unwrap();
        assert!(one.expose().starts_with("bmc_c4n4ry"));
        assert_eq!(one.expose().len(), "bmc_".len() + 32);
        assert_ne!(one, two);
    }

    #[test]
    fn hex_secrets_have_the_canary_after_the_digits_that_a_list_shows() {
        let one = generate_hex("bp_").unwrap();
        let (shown, rest) = one.expose().split_at(11);
        assert_eq!(one.expose().len(), 67);
        assert!(rest.starts_with(CANARY_HEX));
        let digits = one.expose().strip_prefix("bp_").unwrap();
        assert!(digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        assert!(!shown.contains(CANARY_HEX));
        assert_ne!(one, generate_hex("bp_").unwrap());
    }

    #[test]
    fn random_text_uses_the_whole_alphabet_and_nothing_else() {
        let text = random_text(b"XYZ", 300).unwrap();
        assert_eq!(text.len(), 300);
        assert!("XYZ".chars().all(|letter| text.contains(letter)));
        assert!(text.chars().all(|letter| "XYZ".contains(letter)));
    }

    #[test]
    fn ids_are_version_4_uuids() {
        let id = uuid().unwrap();
        assert_eq!(id.len(), 36);
        assert_eq!(&id[14..15], "4");
        assert!("89ab".contains(&id[19..20]), "{id}");
    }
}
