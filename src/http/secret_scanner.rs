//! Finds secrets in a stream, also where a secret is split between chunks.

use bytes::Bytes;
use memchr::memmem::Finder;
use zeroize::Zeroizing;

use super::echoed_forms::echoed_forms;
use super::redact_echo::{MASK, MIN_LENGTH_IN_SUCCESS};
use crate::domain::Secret;

/// Replaces secrets in a stream of chunks. Bytes that may be the beginning of a secret are held back until the next chunk;
/// all others are returned at once, so that event streams are not delayed.
///
/// It finds a secret as it is, percent-encoded, and in JSON. It finds none in a compressed stream.
pub struct SecretScanner {
    forms: Vec<Form>,
    held_back: Zeroizing<Vec<u8>>,
    has_found: bool,
}

struct Form {
    text: Zeroizing<Vec<u8>>,
    finder: Finder<'static>,
}

impl SecretScanner {
    /// Creates a scanner. Secrets shorter than eight bytes match by chance and are ignored.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut texts: Vec<String> = Vec::new();
        for secret in secrets {
            if secret.expose().len() >= MIN_LENGTH_IN_SUCCESS {
                texts.extend(echoed_forms(secret));
            }
        }
        texts.sort_by(|one, other| other.len().cmp(&one.len()).then(one.cmp(other)));
        texts.dedup();
        Self {
            forms: texts.into_iter().map(Form::new).collect(),
            held_back: Zeroizing::default(),
            has_found: false,
        }
    }

    /// Returns true if a secret was found so far.
    pub fn has_found(&self) -> bool {
        self.has_found
    }

    /// Adds the next chunk and returns the bytes that can be passed on, with `[secret]` in the place of each secret.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the caller must not use the chunk, which may hold a secret"
    )]
    pub fn scan(&mut self, chunk: Bytes) -> Bytes {
        if self.held_back.is_empty() && self.next_match(&chunk).is_none() {
            let safe_length = self.safe_length(&chunk);
            self.held_back.extend_from_slice(&chunk[safe_length..]);
            return chunk.slice(..safe_length);
        }
        let mut data = std::mem::take(&mut self.held_back);
        data.extend_from_slice(&chunk);
        let mut clean = Vec::with_capacity(data.len());
        let mut rest: &[u8] = &data;
        while let Some((at, length)) = self.next_match(rest) {
            self.has_found = true;
            clean.extend_from_slice(&rest[..at]);
            clean.extend_from_slice(MASK.as_bytes());
            rest = &rest[at + length..];
        }
        let safe_length = self.safe_length(rest);
        clean.extend_from_slice(&rest[..safe_length]);
        self.held_back.extend_from_slice(&rest[safe_length..]);
        clean.into()
    }

    /// Returns the bytes that were held back, at the end of the stream.
    pub fn finish(&mut self) -> Bytes {
        Bytes::copy_from_slice(&std::mem::take(&mut self.held_back))
    }

    /// Returns position and length of the first secret, the longest of those that start there.
    fn next_match(&self, data: &[u8]) -> Option<(usize, usize)> {
        let found = self.forms.iter();
        let found = found.filter_map(|form| Some((form.finder.find(data)?, form.text.len())));
        found.min_by_key(|(at, length)| (*at, usize::MAX - length))
    }

    /// Returns how many bytes of `data` can be passed on: without the longest end that may be the beginning of a secret.
    fn safe_length(&self, data: &[u8]) -> usize {
        let longest = self.forms.first().map_or(0, |form| form.text.len() - 1);
        let from = data.len().saturating_sub(longest);
        let begins = |end: &[u8]| self.forms.iter().any(|form| form.text.starts_with(end));
        let start = (from..data.len()).find(|at| begins(&data[*at..]));
        start.unwrap_or(data.len())
    }
}

impl Form {
    fn new(text: String) -> Self {
        let text = Zeroizing::new(text.into_bytes());
        Self {
            finder: Finder::new(text.as_slice()).into_owned(),
            text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(secret: &str, chunks: &[&str]) -> (Vec<String>, bool) {
        let mut scanner = SecretScanner::new(&[Secret::new(secret)]);
        let text = |bytes: Bytes| String::from_utf8(bytes.to_vec()).unwrap();
        let chunks = chunks.iter().map(|chunk| chunk.as_bytes().to_vec().into());
        let mut passed: Vec<String> = chunks.map(|chunk| text(scanner.scan(chunk))).collect();
        passed.push(text(scanner.finish()));
        (passed, scanner.has_found())
    }

    #[test]
    fn secret_is_found_wherever_chunks_are_split() {
        let whole = "a hunter2-key hunter2-kez hunter2-key";
        for at in 0..whole.len() {
            let (passed, has_found) = scan("hunter2-key", &[&whole[..at], &whole[at..]]);
            assert!(has_found, "{at}");
            assert_eq!(passed.concat(), "a [secret] hunter2-kez [secret]", "{at}");
        }
        let single: Vec<&str> = whole.split_inclusive(|_| true).collect();
        assert_eq!(
            scan("hunter2-key", &single).0.concat(),
            "a [secret] hunter2-kez [secret]"
        );
    }

    #[test]
    fn only_the_beginning_of_a_secret_is_held_back() {
        let (passed, has_found) = scan("hunter2-key", &["data: 1\n\n", "data: hunt", "er\n"]);
        assert_eq!(passed, ["data: 1\n\n", "data: ", "hunter\n", ""]);
        assert!(!has_found);
        assert_eq!(scan("hunter2-key", &["the hunter"]).0, ["the ", "hunter"]);
        let overlapping = scan("aabaabaac", &["aabaabaabaac"]);
        assert_eq!(overlapping.0.concat(), "aab[secret]");
    }

    #[test]
    fn encoded_secrets_are_found_and_short_ones_ignored() {
        for text in ["pass/w rd", "pass%2Fw+rd", "pass%2Fw%20rd", "pass\\/w rd"] {
            assert_eq!(scan("pass/w rd", &[text]).0.concat(), MASK, "{text}");
        }
        assert_eq!(
            scan("token", &["token"]),
            (vec!["token".into(), String::new()], false)
        );
    }
}
