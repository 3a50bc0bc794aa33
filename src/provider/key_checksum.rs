//! Checksums at the end of keys, which detect text that only looks like a key, without a request.

use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum KeyChecksum {
    /// The last 6 characters are the CRC-32 of the characters between them and the prefix, in base 62 (0-9, A-Z, a-z).
    #[serde(rename = "crc32-base62-6")]
    Crc32Base62,
}

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LENGTH: usize = 6;

impl KeyChecksum {
    /// Returns `true` if `rest`, the key without its prefix, ends with its checksum.
    pub fn matches(self, rest: &str) -> bool {
        let Self::Crc32Base62 = self;
        let at = rest.len().checked_sub(LENGTH);
        let parts = at.and_then(|at| rest.split_at_checked(at));
        parts.is_some_and(|(body, sum)| base62(crc32(body.as_bytes())) == sum)
    }
}

fn base62(mut number: u32) -> String {
    let mut digits = [DIGITS[0]; LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

/// CRC-32 as in Ethernet and gzip (RFC 1952 §8), bit by bit: keys are short.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32| {
        let polynomial = if sum & 1 == 1 { 0xEDB8_8320 } else { 0 };
        (sum >> 1) ^ polynomial
    };
    let sum = bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| step(sum))
    });
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc_32_has_the_documented_check_value() {
        // The check value of the catalogue of CRC algorithms.
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(base62(0), "000000");
    }

    #[test]
    fn changed_key_does_not_match_its_checksum() {
        let checksum = KeyChecksum::Crc32Base62;
        for (rest, expected) in [
            ("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", true),
            ("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18", false),
            ("aQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", false),
            ("0mLq17", false),
            ("000000", true),
            ("Lq17", false),
            ("ééé", false),
            ("", false),
        ] {
            assert_eq!(checksum.matches(rest), expected, "{rest}");
        }
    }
}
