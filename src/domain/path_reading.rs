//! The ways in which a server could read a path.
//!
//! Servers disagree about which paths are equal: some decode `%2f` or `%2e` first, some once more, some end a segment at
//! `;`, some replace characters by similar ones. A path that could mean another one to any of them is rejected.

use percent_encoding::percent_decode;

/// More rounds of decoding than any server applies.
const MAX_DECODINGS: usize = 4;

/// Why a path could mean another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmbiguousPath {
    /// An incomplete percent-encoding, or `%uXXXX`.
    Encoding,
    /// More rounds of encoding than are checked.
    Nested,
    NotText,
    Control,
    DotSegment,
}

/// Checks a path as it is sent.
///
/// # Errors
/// [`AmbiguousPath`] if a server could read a segment of it as `.` or `..`.
pub fn check_path(path: &str) -> Result<(), AmbiguousPath> {
    if has_incomplete_encoding(path) {
        return Err(AmbiguousPath::Encoding);
    }
    let readings = path_readings(path);
    for reading in &readings {
        check_reading(reading)?;
    }
    let last = readings.last().map_or(path.as_bytes(), Vec::as_slice);
    if percent_decode(last).ne(last.iter().copied()) {
        return Err(AmbiguousPath::Nested);
    }
    Ok(())
}

/// Returns the path as it is, and after each round of decoding that changes it.
pub fn path_readings(path: &str) -> Vec<Vec<u8>> {
    let mut found = vec![path.as_bytes().to_vec()];
    for _ in 0..MAX_DECODINGS {
        let Some(last) = found.last() else {
            break;
        };
        let decoded: Vec<u8> = percent_decode(last).collect();
        if decoded == *last {
            break;
        }
        found.push(decoded);
    }
    found
}

fn has_incomplete_encoding(path: &str) -> bool {
    let mut after = path.split('%').skip(1).map(str::as_bytes);
    after.any(|text| !matches!(text, [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit()))
}

fn check_reading(reading: &[u8]) -> Result<(), AmbiguousPath> {
    // Some servers decode an overlong form of `.` or `/`.
    let text = str::from_utf8(reading).map_err(|_| AmbiguousPath::NotText)?;
    if text.chars().any(char::is_control) {
        return Err(AmbiguousPath::Control);
    }
    if has_utf16_encoding(text) {
        return Err(AmbiguousPath::Encoding);
    }
    let plain: String = text.chars().map(compatible_ascii).collect();
    let mut segments = plain.split(['/', '\\']);
    if segments.any(is_dot_segment) {
        return Err(AmbiguousPath::DotSegment);
    }
    Ok(())
}

/// Returns true for `%u002e`, which Microsoft IIS decodes.
fn has_utf16_encoding(text: &str) -> bool {
    let mut after = text.split('%').skip(1).map(str::as_bytes);
    after.any(|rest| {
        let digits = rest.strip_prefix(b"u").or_else(|| rest.strip_prefix(b"U"));
        let digits = digits.and_then(|digits| digits.get(..4));
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// Returns the separator that Unicode's compatibility normalization (NFKC) makes of a character.
fn compatible_ascii(character: char) -> char {
    match character {
        '\u{2024}' | '\u{2025}' | '\u{2026}' | '\u{fe52}' | '\u{ff0e}' => '.',
        '\u{ff0f}' => '/',
        '\u{fe68}' | '\u{ff3c}' => '\\',
        '\u{fe54}' | '\u{ff1b}' => ';',
        other => other,
    }
}

/// Returns true for a segment of dots. Windows ignores spaces at the end, and some Java servers what follows a semicolon:
/// `..;x` is `..` there.
fn is_dot_segment(segment: &str) -> bool {
    let name = segment.split(';').next().unwrap_or_default().trim();
    !name.is_empty() && name.chars().all(|it| it == '.' || it.is_whitespace())
}
