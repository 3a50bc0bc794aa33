//! Reads a secret from stdin.

use std::io::{self, Read};

use zeroize::Zeroizing;

use crate::domain::Secret;

use super::PromptError;

const MAX_BYTES: u64 = 64 * 1024;

/// Reads all of stdin as one secret and trims white space.
pub fn stdin_secret() -> Result<Secret, PromptError> {
    secret_from(io::stdin().lock())
}

/// Reads all of stdin as one password and removes only the line end.
pub fn stdin_password() -> Result<Secret, PromptError> {
    password_from(io::stdin().lock())
}

/// Reads all of stdin as secrets, one a line. Keeps white space within the lines.
pub fn stdin_lines() -> Result<Vec<Secret>, PromptError> {
    lines_from(io::stdin().lock())
}

fn lines_from(reader: impl Read) -> Result<Vec<Secret>, PromptError> {
    let bytes = read_all(reader)?;
    let text = str::from_utf8(&bytes).map_err(|_| PromptError::NotText)?;
    let lines = text.lines().map(|line| Secret::verbatim(line.to_owned()));
    let lines: Vec<Secret> = lines.filter(|line| !line.is_empty()).collect();
    let has_control = |line: &Secret| line.expose().contains(char::is_control);
    if lines.iter().any(has_control) {
        return Err(PromptError::NotText);
    }
    Ok(lines)
}

fn secret_from(reader: impl Read) -> Result<Secret, PromptError> {
    line_from(reader, |text| {
        Secret::new(text.trim_start_matches('\u{feff}').trim())
    })
}

fn password_from(reader: impl Read) -> Result<Secret, PromptError> {
    line_from(reader, |text| {
        let line = text.strip_suffix('\n').unwrap_or(text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        Secret::verbatim(line.to_owned())
    })
}

fn read_all(reader: impl Read) -> Result<Zeroizing<Vec<u8>>, PromptError> {
    let capacity = usize::try_from(MAX_BYTES + 1).unwrap_or(usize::MAX);
    // A buffer that grows would leave copies of the secret in memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    reader.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(PromptError::TooLong);
    }
    Ok(bytes)
}

fn line_from(reader: impl Read, extract: impl Fn(&str) -> Secret) -> Result<Secret, PromptError> {
    let bytes = read_all(reader)?;
    let text = str::from_utf8(&bytes).map_err(|_| PromptError::NotText)?;
    let secret = extract(text);
    let text = secret.expose();
    if text.is_empty() {
        return Err(PromptError::Empty);
    }
    if text.contains(['\n', '\r']) {
        return Err(PromptError::SeveralLines);
    }
    if text.contains(char::is_control) {
        return Err(PromptError::NotText);
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_is_exactly_one_line() {
        for text in ["key", "key\n", "  key\r\n\r\n", "\u{feff}key"] {
            assert_eq!(secret_from(text.as_bytes()).unwrap().expose(), "key");
        }
        assert_eq!(
            secret_from(&b"pass word"[..]).unwrap().expose(),
            "pass word"
        );
        assert!(matches!(secret_from(&b" \n"[..]), Err(PromptError::Empty)));
        assert!(matches!(
            secret_from(&b"a\nb"[..]),
            Err(PromptError::SeveralLines)
        ));
        assert!(matches!(
            secret_from(&b"a\x1b[0m"[..]),
            Err(PromptError::NotText)
        ));
        assert!(matches!(
            secret_from(&b"a\0b"[..]),
            Err(PromptError::NotText)
        ));
        assert!(matches!(
            secret_from(&b"\xff\xfe"[..]),
            Err(PromptError::NotText)
        ));
        assert!(matches!(
            secret_from(io::repeat(b'a')),
            Err(PromptError::TooLong)
        ));
    }

    #[test]
    fn each_line_is_one_secret() {
        let lines = |text: &str| lines_from(text.as_bytes());
        for (piped, expected) in [
            ("pass word\n123456\n", vec!["pass word", "123456"]),
            (" a \r\nb", vec![" a ", "b"]),
            ("\n\n", vec![]),
        ] {
            let read = lines(piped).unwrap();
            let read: Vec<&str> = read.iter().map(Secret::expose).collect();
            assert_eq!(read, expected, "{piped:?}");
        }
        assert!(matches!(lines("a\x1bb\n"), Err(PromptError::NotText)));
    }

    #[test]
    fn password_keeps_its_spaces() {
        for (piped, password) in [
            ("pass word", "pass word"),
            (" pass \n", " pass "),
            ("pass\r\n", "pass"),
            (" ", " "),
        ] {
            let read = password_from(piped.as_bytes()).unwrap();
            assert_eq!(read.expose(), password, "{piped:?}");
        }
        assert!(matches!(password_from(&b"\n"[..]), Err(PromptError::Empty)));
        assert!(matches!(
            password_from(&b"a\n\n"[..]),
            Err(PromptError::SeveralLines)
        ));
    }
}
