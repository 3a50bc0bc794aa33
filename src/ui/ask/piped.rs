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

/// Reads the whole of stdin as one password: only the end of the line is not part of it.
///
/// # Errors
/// As [`stdin_secret`].
pub fn stdin_password() -> Result<Secret, AskError> {
    password_from(io::stdin().lock())
}

fn secret_from(reader: impl Read) -> Result<Secret, AskError> {
    line_from(reader, |text| {
        Secret::new(text.trim_start_matches('\u{feff}').trim())
    })
}

fn password_from(reader: impl Read) -> Result<Secret, AskError> {
    line_from(reader, |text| {
        let line = text.strip_suffix('\n').unwrap_or(text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        Secret::verbatim(line.to_owned())
    })
}

fn line_from(reader: impl Read, part: impl Fn(&str) -> Secret) -> Result<Secret, AskError> {
    let room = usize::try_from(MAX_BYTES + 1).unwrap_or(usize::MAX);
    // All at once: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    reader.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(AskError::TooLong);
    }
    let text = str::from_utf8(&bytes).map_err(|_| AskError::NotText)?;
    let secret = part(text);
    let text = secret.expose();
    if text.is_empty() {
        return Err(AskError::Empty);
    }
    if text.contains(['\n', '\r']) {
        return Err(AskError::SeveralLines);
    }
    if text.contains(char::is_control) {
        return Err(AskError::NotText);
    }
    Ok(secret)
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

    #[test]
    fn a_password_keeps_its_spaces_and_loses_only_the_end_of_the_line() {
        for (piped, password) in [
            ("pass word", "pass word"),
            (" pass \n", " pass "),
            ("pass\r\n", "pass"),
            (" ", " "),
        ] {
            let read = password_from(piped.as_bytes()).unwrap();
            assert_eq!(read.expose(), password, "{piped:?}");
        }
        assert!(matches!(password_from(&b"\n"[..]), Err(AskError::Empty)));
        assert!(matches!(
            password_from(&b"a\n\n"[..]),
            Err(AskError::SeveralLines)
        ));
    }
}
