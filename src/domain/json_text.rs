//! Parses JSON as servers and editors write it.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";
const UTF16_LE_MARK: &[u8] = b"\xFF\xFE";
const UTF16_BE_MARK: &[u8] = b"\xFE\xFF";

/// Parses JSON that may start with a byte order mark (RFC 8259 §8.1 permits ignoring it), may be UTF-16 with such a mark,
/// or may be in Latin-1 whatever its declared charset is: structure and tokens are ASCII in all of them.
///
/// # Errors
/// The syntax error of the parser.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<T> {
    let bytes = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
    match decode_text(bytes) {
        Cow::Borrowed(text) => serde_json::from_str(trim_padding(text)),
        Cow::Owned(text) => serde_json::from_str(trim_padding(&Zeroizing::new(text))),
    }
}

/// Some servers send the whole buffer, with the zeros after the text.
fn trim_padding(text: &str) -> &str {
    text.trim_end_matches(|c: char| c == '\0' || c.is_ascii_whitespace())
}

fn decode_text(bytes: &[u8]) -> Cow<'_, str> {
    if let Some(units) = bytes.strip_prefix(UTF16_LE_MARK) {
        return decode_utf16(units, u16::from_le_bytes).into();
    }
    if let Some(units) = bytes.strip_prefix(UTF16_BE_MARK) {
        return decode_utf16(units, u16::from_be_bytes).into();
    }
    match str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => bytes
            .iter()
            .copied()
            .map(char::from)
            .collect::<String>()
            .into(),
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks::<2>().0.iter().copied().map(unit);
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn json_is_read_in_any_encoding() {
        let text = r#"{"a":"é"}"#;
        let utf16 =
            |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        let rows = [
            text.as_bytes().to_vec(),
            [UTF8_MARK, text.as_bytes()].concat(),
            [UTF16_LE_MARK, &utf16(u16::to_le_bytes)].concat(),
            [UTF16_BE_MARK, &utf16(u16::to_be_bytes)].concat(),
            b"{\"a\":\"\xE9\"}".to_vec(),
            [text.as_bytes(), b"\n\0\0"].concat(),
        ];
        for bytes in rows {
            assert_eq!(
                parse_json::<Value>(&bytes).unwrap(),
                json!({"a": "é"}),
                "{bytes:?}"
            );
        }
        for bytes in [
            &b""[..],
            UTF8_MARK,
            b"\xFF\xFE{",
            b"{\"a\":",
            b"\xEF\xBB\xBF\xEF\xBB\xBF{}",
        ] {
            assert!(parse_json::<Value>(bytes).is_err(), "{bytes:?}");
        }
    }
}
