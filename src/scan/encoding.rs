//! Texts that contain a key in another form: UTF-16 and base64.
//!
//! A literal is searched in each of its encoded forms. In base64 it has three, one for each offset in a group of three bytes.

use super::alphabet::is_base64;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// How much of an encoded text is decoded, in characters of it: longer than a JWT with many claims.
const MAX_DECODED: usize = 12 * 1024;
/// The shortest line of base64 that continues on the next one: PEM has 64 characters, MIME 76.
const MIN_WRAPPED: usize = 60;
/// How much is decoded in front of the literal, to find the boundary of the key.
const MAX_LEAD: usize = 8;

/// One layer of encoding around a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    /// UTF-16 of either byte order.
    Utf16,
    /// Base64; the literal begins at this byte of a group of three.
    Base64(usize),
}

pub(super) const LAYERS: [Layer; 4] = [
    Layer::Utf16,
    Layer::Base64(0),
    Layer::Base64(1),
    Layer::Base64(2),
];

/// A decoded part of a text, and where the searched literal is in it.
pub(super) struct Decoded {
    pub(super) text: Vec<u8>,
    pub(super) at: usize,
}

impl Layer {
    /// Returns the bytes that every text with `literal` contains in this encoding.
    pub(super) fn encode(self, literal: &[u8]) -> Vec<u8> {
        match self {
            Self::Utf16 => {
                let mut wide: Vec<u8> = literal.iter().flat_map(|byte| [*byte, 0]).collect();
                // In the other byte order the zero belongs to the next character.
                wide.pop();
                wide
            }
            Self::Base64(offset) => encode_base64(literal, offset),
        }
    }

    /// Decodes `text` around an encoded literal at `at`.
    pub(super) fn decode(self, text: &[u8], at: usize) -> Option<Decoded> {
        match self {
            Self::Utf16 => Some(decode_utf16(text, at)),
            Self::Base64(offset) => decode_base64(text, at, offset),
        }
    }
}

/// Returns the characters that depend on `literal` only.
fn encode_base64(literal: &[u8], offset: usize) -> Vec<u8> {
    let bits = |from: usize| {
        (from..from + 6).fold(0_usize, |value, bit| {
            let is_set = literal[bit / 8] >> (7 - bit % 8) & 1;
            value << 1 | usize::from(is_set)
        })
    };
    let first = skipped_bits(offset);
    let count = (literal.len() * 8).saturating_sub(first) / 6;
    (0..count)
        .map(|index| LETTERS[bits(first + index * 6)])
        .collect()
}

/// Returns how many bits of the literal belong to a character that also depends on the byte before it.
fn skipped_bits(offset: usize) -> usize {
    (6 - offset * 8 % 6) % 6
}

/// Returns the index, within its group of four, of the first character that depends on the literal only.
fn first_character(offset: usize) -> usize {
    (offset * 8 + skipped_bits(offset)) / 6
}

fn decode_utf16(text: &[u8], at: usize) -> Decoded {
    let mut before: Vec<u8> = text[..at]
        .rchunks_exact(2)
        .take(MAX_LEAD)
        .map(|pair| pair[0])
        .collect();
    before.reverse();
    let at_decoded = before.len();
    let pairs = text[at..].chunks(2);
    let narrow = pairs.take_while(|pair| pair.get(1).is_none_or(|high| *high == 0));
    before.extend(narrow.take(MAX_DECODED).map(|pair| pair[0]));
    Decoded {
        text: before,
        at: at_decoded,
    }
}

fn decode_base64(text: &[u8], at: usize, offset: usize) -> Option<Decoded> {
    let group = at.checked_sub(first_character(offset))?;
    let before = group - group.min(MAX_LEAD);
    let before = before + (group - before) % 4;
    let lead = text[before..group]
        .iter()
        .rev()
        .take_while(|byte| is_base64(**byte))
        .count();
    let start = group - lead / 4 * 4;
    let decoded = decode_characters(text, start);
    let at = (group - start) / 4 * 3 + offset;
    (at < decoded.len()).then_some(Decoded { text: decoded, at })
}

/// Decodes from `start` to the first character that is not base64. The line breaks of wrapped text are skipped.
fn decode_characters(text: &[u8], start: usize) -> Vec<u8> {
    let mut decoded = Vec::new();
    let (mut bits, mut bit_count) = (0_u32, 0_u32);
    for (at, byte) in text.iter().enumerate().skip(start).take(MAX_DECODED) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'\r' | b'\n' if is_wrapped(&text[..at]) => continue,
            _ => break,
        };
        bits = bits << 6 | u32::from(value);
        bit_count += 6;
        if bit_count >= 8 {
            bit_count -= 8;
            decoded.push(u8::try_from(bits >> bit_count & 0xff).unwrap_or_default());
        }
        bits &= (1 << bit_count) - 1;
    }
    decoded
}

/// Returns `true` if the line before a line break is so long that the encoder wrapped it, so that the base64 continues.
fn is_wrapped(before: &[u8]) -> bool {
    let line = before.strip_suffix(b"\r").unwrap_or(before);
    let length = line
        .iter()
        .rev()
        .take(MIN_WRAPPED)
        .take_while(|byte| is_base64(**byte))
        .count();
    length == MIN_WRAPPED
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn base64_of_any_text_with_the_literal_contains_one_of_its_forms() {
        for lead in ["", "a", "ab", "abc", "key=", "API: "] {
            for literal in ["bp_", "bmc_", "eyJ"] {
                let plain = format!("{lead}{literal}0123456789");
                let encoded = STANDARD.encode(&plain);
                let offset = lead.len() % 3;
                let form = Layer::Base64(offset).encode(literal.as_bytes());
                let form = String::from_utf8(form).unwrap();
                let at = encoded.find(&form).unwrap_or_else(|| panic!("{plain}"));
                let decoded = Layer::Base64(offset)
                    .decode(encoded.as_bytes(), at)
                    .unwrap();
                assert!(
                    decoded.text[decoded.at..].starts_with(literal.as_bytes()),
                    "{plain}"
                );
                let shown = lead.len().min(3);
                let before = &decoded.text[decoded.at - shown..decoded.at];
                assert_eq!(before, &lead.as_bytes()[lead.len() - shown..], "{plain}");
            }
        }
    }

    #[test]
    fn utf16_of_both_byte_orders_is_decoded() {
        let little: Vec<u8> = "x=bp_1z\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let big: Vec<u8> = "x=bp_1z\n"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        let form = Layer::Utf16.encode(b"bp_");
        for text in [little, big] {
            let at = text
                .windows(form.len())
                .position(|part| part == form)
                .unwrap();
            let decoded = Layer::Utf16.decode(&text, at).unwrap();
            assert_eq!(&decoded.text[decoded.at..decoded.at + 5], b"bp_1z");
            assert_eq!(decoded.text[decoded.at - 1], b'=');
        }
    }
}
