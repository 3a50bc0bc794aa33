//! Parses JSON as servers and editors write it.

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::text_encoding::{BYTE_ORDER_MARK, decode_marked_utf16};

/// Parses JSON that may start with a byte order mark (RFC 8259 §8.1 permits ignoring it), may be UTF-16 with such a mark,
/// or may be in Latin-1 whatever its declared charset is: structure and tokens are ASCII in all of them.
///
/// # Errors
/// The syntax error of the parser.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> serde_json::Result<T> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let decoded = decode_marked_utf16(bytes).or_else(|| decode_latin1(bytes));
    let text = decoded.as_ref().map_or(bytes, |decoded| decoded.as_slice());
    serde_json::from_slice(trim_padding(text))
}

/// Some servers send the whole buffer, with the zeros after the text.
fn trim_padding(text: &[u8]) -> &[u8] {
    let is_padding = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
    let end = text.iter().rposition(|byte| !is_padding(byte));
    end.map_or(&[], |end| &text[..=end])
}

/// Returns `None` for UTF-8.
fn decode_latin1(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if str::from_utf8(bytes).is_ok() {
        return None;
    }
    // Allocated once: a buffer that grows leaves copies that are not zeroized.
    let mut text = Zeroizing::new(Vec::with_capacity(bytes.len() * 2));
    for byte in bytes {
        text.extend_from_slice(char::from(*byte).encode_utf8(&mut [0; 4]).as_bytes());
    }
    Some(text)
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
            [BYTE_ORDER_MARK, text.as_bytes()].concat(),
            [&b"\xFF\xFE"[..], &utf16(u16::to_le_bytes)].concat(),
            [&b"\xFE\xFF"[..], &utf16(u16::to_be_bytes)].concat(),
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
            BYTE_ORDER_MARK,
            b"\xFF\xFE{",
            b"{\"a\":",
            b"\xEF\xBB\xBF\xEF\xBB\xBF{}",
        ] {
            assert!(parse_json::<Value>(bytes).is_err(), "{bytes:?}");
        }
    }
}
