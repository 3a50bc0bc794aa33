//! Classes of bytes, and the boundaries of a key in a text.

use crate::provider::Charset;

/// Returns `true` for a character of a word: a key is neither preceded nor followed by one.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Returns `true` for a character of base64, of either alphabet of RFC 4648.
pub(super) const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Returns `true` for a character of a key whose alphabet is not documented.
pub(super) fn is_key_character(byte: u8) -> bool {
    is_word(byte) || byte == b'-'
}

pub(super) fn is_in(charset: Option<Charset>, byte: u8) -> bool {
    match charset {
        Some(Charset::Alphanumeric) => byte.is_ascii_alphanumeric(),
        Some(Charset::Hex) => byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'),
        Some(Charset::Word) => is_word(byte),
        None => is_key_character(byte),
    }
}

/// Returns the number of bytes at the start of `text` for which `is_inside` is true.
pub(super) fn run_length(text: &[u8], is_inside: impl Fn(u8) -> bool) -> usize {
    let end = text.iter().position(|byte| !is_inside(*byte));
    end.unwrap_or(text.len())
}

/// Returns `true` if a key can begin after `before`: at the start, after a character that is not part of a word, or after an
/// escape sequence such as `\n`, `\u0022`, `\x22` or `%3D`.
pub(super) fn is_boundary_before(before: &[u8]) -> bool {
    let Some(last) = before.last() else {
        return true;
    };
    !is_word(*last) || ends_with_escape(before)
}

fn ends_with_escape(text: &[u8]) -> bool {
    let ends = |start: &[u8], digits: usize| {
        let Some(at) = text.len().checked_sub(start.len() + digits) else {
            return false;
        };
        let rest = &text[at..];
        rest.starts_with(start) && rest[start.len()..].iter().all(u8::is_ascii_hexdigit)
    };
    let is_letter_escape = matches!(
        text,
        [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f' | b'v' | b'0']
    );
    is_letter_escape || ends(b"\\u", 4) || ends(b"\\x", 2) || ends(b"%", 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_end_a_word() {
        for before in [
            "", " ", "=", "\\n", "a\\t", "\\u0022", "\\x3d", "key%3D", "-",
        ] {
            assert!(is_boundary_before(before.as_bytes()), "{before}");
        }
        for before in ["n", "_", "3D", "u0022", "\\u00zz", "9"] {
            assert!(!is_boundary_before(before.as_bytes()), "{before}");
        }
    }
}
