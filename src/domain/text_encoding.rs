//! Decodes text files as editors and shells of several systems write them.

use zeroize::Zeroizing;

pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Converts UTF-16 to UTF-8 and removes a byte order mark. Keeps the bytes of any other encoding, so that an invalid
/// byte in one line harms no other line.
///
/// PowerShell and Notepad write UTF-16. Without a byte order mark, a zero byte beside the first character shows it.
pub fn decode_text(mut bytes: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    if let Some(decode) = find_utf16(&bytes) {
        return decode_utf16(&bytes, decode);
    }
    remove_byte_order_mark(&mut bytes);
    bytes
}

/// Returns `true` if [`decode_text`] converts `bytes` from UTF-16.
pub fn is_utf16(bytes: &[u8]) -> bool {
    find_utf16(bytes).is_some()
}

/// Returns `true` for UTF-32, which no reader of env files supports. Read as UTF-16, it seems to set no variable.
pub fn is_utf32(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xFF, 0xFE, 0, 0, ..]
            | [0, 0, 0xFE, 0xFF, ..]
            | [1..=0xFF, 0, 0, 0, ..]
            | [0, 0, 0, 1..=0xFF, ..]
    )
}

/// Converts UTF-16 with a byte order mark to UTF-8. Returns `None` for any other text.
pub(super) fn decode_marked_utf16(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    find_marked_utf16(bytes).map(|decode| decode_utf16(bytes, decode))
}

/// Converts two bytes to a unit of UTF-16.
type ByteOrder = fn([u8; 2]) -> u16;

fn find_marked_utf16(bytes: &[u8]) -> Option<ByteOrder> {
    match bytes {
        [0xFF, 0xFE, ..] => Some(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => Some(u16::from_be_bytes),
        _ => None,
    }
}

fn find_utf16(bytes: &[u8]) -> Option<ByteOrder> {
    find_marked_utf16(bytes).or(match bytes {
        [1..=0xFF, 0, ..] => Some(u16::from_le_bytes),
        [0, 1..=0xFF, ..] => Some(u16::from_be_bytes),
        _ => None,
    })
}

/// Removes the byte order mark of UTF-8 from the start of `bytes`.
pub fn remove_byte_order_mark(bytes: &mut Vec<u8>) {
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
}

fn decode_utf16(bytes: &[u8], decode: ByteOrder) -> Zeroizing<Vec<u8>> {
    const MARK: u16 = 0xFEFF;
    let (pairs, _) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| decode(*pair));
    let characters = char::decode_utf16(units.skip_while(|unit| *unit == MARK));
    // Allocated once: a buffer that grows leaves copies that are not zeroized.
    let mut text = Zeroizing::new(Vec::with_capacity(pairs.len() * 3));
    for character in characters {
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_and_byte_order_marks_are_decoded_and_other_bytes_kept() {
        for (bytes, expected) in [
            (&b""[..], &b""[..]),
            (b"a", b"a"),
            (b"ab\xffc", b"ab\xffc"),
            (b"\xef\xbb\xbfab", b"ab"),
            (b"\xff\xfea\0\n\0", b"a\n"),
            (b"\xfe\xff\0a\0\n", b"a\n"),
            (b"a\0b\0", b"ab"),
            (b"\0a\0b", b"ab"),
            (
                b"\xff\xfe\xe9\0\x3d\xd8\x00\xde",
                "\u{e9}\u{1f600}".as_bytes(),
            ),
            (b"\xff\xfea\0\x3d\xd8b\0c", "a\u{fffd}b".as_bytes()),
            (b"\xff\xfe", b""),
        ] {
            let decoded = decode_text(Zeroizing::new(bytes.to_vec()));
            assert_eq!(*decoded, expected, "{bytes:?}");
        }
    }
}
