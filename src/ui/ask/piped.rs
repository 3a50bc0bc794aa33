//! A secret from a pipe.

use std::io::{self, Read};

use zeroize::Zeroizing;

use crate::domain::Secret;

use super::AskError;

const MAX_BYTES: u64 = 64 * 1024;

/// Reads the whole of stdin as one secret, without the white space around it.
///
/// # Errors
/// [`AskError`] when it is empty, longer than 64 KiB, more than one line, or not plain text.
pub fn stdin_secret() -> Result<Secret, AskError> {
    secret_from(io::stdin().lock())
}

fn secret_from(reader: impl Read) -> Result<Secret, AskError> {
    let room = usize::try_from(MAX_BYTES + 1).unwrap_or(usize::MAX);
    // All at once: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    reader.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(AskError::TooLong);
    }
    let text = str::from_utf8(&bytes).map_err(|_| AskError::NotText)?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(AskError::Empty);
    }
    if text.contains(['\n', '\r']) {
        return Err(AskError::SeveralLines);
    }
    if text.contains(char::is_control) {
        return Err(AskError::NotText);
    }
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_a_secret_and_anything_else_is_refused() {
        for text in ["key", "key\n", "  key\r\n\r\n", "\u{feff}key"] {
            assert_eq!(secret_from(text.as_bytes()).unwrap().expose(), "key");
        }
        assert_eq!(
            secret_from(&b"pass word"[..]).unwrap().expose(),
            "pass word"
        );
        assert!(matches!(secret_from(&b" \n"[..]), Err(AskError::Empty)));
        assert!(matches!(
            secret_from(&b"a\nb"[..]),
            Err(AskError::SeveralLines)
        ));
        assert!(matches!(
            secret_from(&b"a\x1b[0m"[..]),
            Err(AskError::NotText)
        ));
        assert!(matches!(secret_from(&b"a\0b"[..]), Err(AskError::NotText)));
        assert!(matches!(
            secret_from(&b"\xff\xfe"[..]),
            Err(AskError::NotText)
        ));
        assert!(matches!(
            secret_from(io::repeat(b'a')),
            Err(AskError::TooLong)
        ));
    }
}
