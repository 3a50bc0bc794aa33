//! Recognizes values that documents and tests use in place of a key.

/// Parts of values that are written for a reader, in lower or upper case. Mixed case occurs in keys by chance.
const WORDS: &[&str] = &[
    "example",
    "placeholder",
    "redacted",
    "changeme",
    "change_me",
    "change-me",
    "your",
    "xxxx",
    "dummy",
    "insert",
    "replace",
    "sample",
    "deadbeef",
    "abcdef",
    "12345678",
    "23456789",
];

/// A random key of 16 characters has more distinct characters than this.
const MIN_DISTINCT: usize = 6;

/// Beyond this length, a random text may contain a word by chance.
const SHORT: usize = 80;

/// Returns `true` if `value`, the part of a key that should be random, obviously is not.
pub(super) fn is_placeholder(value: &str) -> bool {
    let has = |word: &str| value.contains(word) || value.contains(&word.to_ascii_uppercase());
    let has_word = value.len() <= SHORT && WORDS.iter().any(|word| has(word));
    let lower = value.to_ascii_lowercase();
    has_word || count_distinct(&lower) < MIN_DISTINCT || is_repeated(&lower) || is_sequence(&lower)
}

/// Returns `true` if `value` looks random: long enough, with digits, letters, and many different characters.
pub(super) fn is_random(value: &str, min_length: usize) -> bool {
    let has = |is_it: fn(&u8) -> bool| value.as_bytes().iter().any(is_it);
    value.len() >= min_length
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && !is_phrase(value)
        && !is_placeholder(value)
}

/// Returns `true` for short words with hyphens or underscores between them. The longest part of a UUID has 12 characters.
fn is_phrase(value: &str) -> bool {
    value.split(['-', '_']).all(|word| word.len() < 12)
}

fn count_distinct(value: &str) -> usize {
    let mut seen = [false; 256];
    value
        .bytes()
        .for_each(|byte| seen[usize::from(byte)] = true);
    seen.iter().filter(|is_seen| **is_seen).count()
}

/// Returns `true` if most of the text repeats a part of it, such as `s3crets3crets3cret`.
fn is_repeated(value: &str) -> bool {
    let bytes = value.as_bytes();
    let repeats = |period: usize| {
        let pairs = bytes.iter().zip(bytes.iter().skip(period));
        pairs.filter(|(one, other)| one == other).count()
    };
    (1..=bytes.len() / 2).any(|period| repeats(period) * 4 >= (bytes.len() - period) * 3)
}

/// Returns `true` if most characters continue a sequence: each is the successor of the one before it, or of the one two
/// places before it, as in `a1b2c3`.
fn is_sequence(value: &str) -> bool {
    let bytes = value.as_bytes();
    let count = |step: usize| {
        let pairs = bytes.iter().zip(bytes.iter().skip(step));
        pairs
            .filter(|(one, next)| u32::from(**one) + 1 == u32::from(**next))
            .count()
    };
    [1, 2]
        .into_iter()
        .any(|step| count(step) * 3 >= bytes.len() * 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_for_readers_are_placeholders() {
        for value in [
            "AKIAIOSFODNN7EXAMPLE",
            "your_api_key_goes_here_1",
            "xxxxxxxxxxxxxxxxxxxxxxxx",
            "0000000000000000000000000000000000000000000000000000000000000001",
            "0123456789abcdef0123456789abcdef",
            "s3cr3ts3cr3ts3cr3t",
            "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6",
            "qrstuvwxyz",
            "hiddenhiddenhiddenhidden12",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn random_values_are_no_placeholders() {
        for value in [
            "q7Tz0mWc4RkXb9LhV2sN8yPdJ5gFu3Ae",
            "9f3c1e7ab05d42688c0e6fd21b94a7350d8e61fc27ba4953e80f16cd729b3a54",
            "k7f3aZ81mQ0x",
            "0f8fad5b-d9cb-469f-a165-70867728950e",
        ] {
            assert!(is_random(value, 12), "{value}");
        }
        for value in [
            "thisIsACamelCaseIdentifier",
            "the-key-4-the-nightly-build",
            "short1",
        ] {
            assert!(!is_random(value, 12), "{value}");
        }
    }
}
