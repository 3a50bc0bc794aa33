//! The path of a request below the base URL, in the one form that is checked, sent and logged.
//!
//! A path that a server could read as another path is rejected, not repaired.

use crate::domain::{AmbiguousPath, check_path, path_readings};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPath {
    #[error("the path has a character that must be percent-encoded")]
    Character,
    #[error("the path has an invalid percent-encoding")]
    Encoding,
    #[error("the path is encoded too many times")]
    Nested,
    #[error("the path is not UTF-8 text")]
    NotText,
    #[error("the path has a control character")]
    Control,
    #[error("the path has a segment \".\" or \"..\"")]
    DotSegment,
    #[error("the path has an empty segment")]
    EmptySegment,
}

impl From<AmbiguousPath> for InvalidPath {
    fn from(error: AmbiguousPath) -> Self {
        match error {
            AmbiguousPath::Encoding => Self::Encoding,
            AmbiguousPath::Nested => Self::Nested,
            AmbiguousPath::NotText => Self::NotText,
            AmbiguousPath::Control => Self::Control,
            AmbiguousPath::DotSegment => Self::DotSegment,
        }
    }
}

/// A path that is empty or starts with a slash, and the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestPath {
    path: String,
    query: Option<String>,
}

impl RequestPath {
    /// Checks `path`, which is empty or starts with a slash.
    ///
    /// # Errors
    /// [`InvalidPath`] if a server could take it for another path.
    pub fn parse(path: &str, query: Option<&str>) -> Result<Self, InvalidPath> {
        if !path.bytes().all(is_path_character) {
            return Err(InvalidPath::Character);
        }
        check_path(path)?;
        let mut readings = path_readings(path).into_iter();
        if readings.any(|reading| has_empty_segment(&reading)) {
            return Err(InvalidPath::EmptySegment);
        }
        Ok(Self {
            path: path.to_owned(),
            query: query.map(str::to_owned),
        })
    }

    /// Returns the path as it is sent, below the base URL.
    pub fn as_str(&self) -> &str {
        &self.path
    }

    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// Returns the segments as each kind of server could read them: as they are sent, and with every encoding decoded.
    pub(super) fn segment_readings(&self) -> Vec<Vec<Vec<u8>>> {
        let mut distinct: Vec<Vec<Vec<u8>>> = Vec::new();
        for reading in path_readings(&self.path) {
            let segments = split_segments(&reading).map(<[u8]>::to_vec).collect();
            if !distinct.contains(&segments) {
                distinct.push(segments);
            }
        }
        distinct
    }
}

/// RFC 3986 §3.3: `pchar`, and the slash.
fn is_path_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%/".contains(&byte)
}

/// Returns the segments. Backslashes separate them too, as on servers on Windows.
fn split_segments(reading: &[u8]) -> impl Iterator<Item = &[u8]> {
    let path = reading.strip_prefix(b"/").unwrap_or(reading);
    path.split(|byte| matches!(byte, b'/' | b'\\'))
}

/// Returns true if a segment before the last one is empty, also without what follows a semicolon.
fn has_empty_segment(reading: &[u8]) -> bool {
    let count = split_segments(reading).count();
    let mut inner = split_segments(reading).take(count.saturating_sub(1));
    inner.any(|segment| {
        let name = segment.split(|byte| *byte == b';').next();
        name.unwrap_or_default().trim_ascii().is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str) -> Result<(), InvalidPath> {
        RequestPath::parse(path, None).map(|_| ())
    }

    #[test]
    fn ordinary_paths_are_sent_unchanged() {
        for path in [
            "",
            "/",
            "/api/brains/",
            "/api/brains/12",
            "/a.b/..c/d../.well-known/x",
            "/projects/group%2Fproject",
            "/100%25/%C3%A9/a%20b",
            "/x;version=1/@me/a:b,c(d)*!$&'+=~",
        ] {
            let parsed = RequestPath::parse(path, Some("a=%2e%2e/")).unwrap();
            assert_eq!(parsed.as_str(), path);
            assert_eq!(parsed.query(), Some("a=%2e%2e/"));
        }
    }

    const REJECTED: [(&str, InvalidPath); 37] = [
        ("/..", InvalidPath::DotSegment),
        ("/a/../b", InvalidPath::DotSegment),
        ("/a/./b", InvalidPath::DotSegment),
        ("/a/%2e%2e/b", InvalidPath::DotSegment),
        ("/a/%2E./b", InvalidPath::DotSegment),
        ("/a/.%2e", InvalidPath::DotSegment),
        ("/a/%252e%252e/b", InvalidPath::DotSegment),
        ("/a/%25252e%25252e/b", InvalidPath::DotSegment),
        ("/a%2f..%2fb", InvalidPath::DotSegment),
        ("/a%2f%2e%2e%2fb", InvalidPath::DotSegment),
        ("/a%5c..%5cb", InvalidPath::DotSegment),
        ("/a/..;/b", InvalidPath::DotSegment),
        ("/a/..;x=1/b", InvalidPath::DotSegment),
        ("/a/..%3bx/b", InvalidPath::DotSegment),
        ("//evil.example/x", InvalidPath::EmptySegment),
        ("/a//b", InvalidPath::EmptySegment),
        ("/a/%2f/b", InvalidPath::EmptySegment),
        ("/a/;x/b", InvalidPath::EmptySegment),
        ("/a\\..\\b", InvalidPath::Character),
        ("/a\\b", InvalidPath::Character),
        ("/a b", InvalidPath::Character),
        ("/a\u{e9}", InvalidPath::Character),
        ("/a#b", InvalidPath::Character),
        ("/a?b", InvalidPath::Character),
        ("/a%", InvalidPath::Encoding),
        ("/a%2", InvalidPath::Encoding),
        ("/a%zz", InvalidPath::Encoding),
        ("/a/..%20/b", InvalidPath::DotSegment),
        ("/a/%c0%ae%c0%ae/b", InvalidPath::NotText),
        ("/a/..%c0%afb", InvalidPath::NotText),
        ("/a/%25252525252e/b", InvalidPath::Nested),
        ("/a/%EF%BC%8E%EF%BC%8E/b", InvalidPath::DotSegment),
        ("/a/%25u002e%25u002e/b", InvalidPath::Encoding),
        ("/a%00b", InvalidPath::Control),
        ("/a%0d%0ax", InvalidPath::Control),
        ("/a%250a", InvalidPath::Control),
        ("/a%7f", InvalidPath::Control),
    ];

    #[test]
    fn paths_that_a_server_may_read_as_another_one_are_rejected() {
        for (path, expected) in REJECTED {
            assert_eq!(check(path), Err(expected), "{path}");
        }
    }

    #[test]
    fn segments_are_read_as_sent_and_decoded() {
        let path = RequestPath::parse("/a%2Fb/c", None).unwrap();
        let readings = path.segment_readings();
        let text = |segments: &Vec<Vec<u8>>| {
            let segments = segments.iter().map(|it| String::from_utf8_lossy(it));
            segments.collect::<Vec<_>>().join(" ")
        };
        let texts: Vec<String> = readings.iter().map(text).collect();
        assert_eq!(texts, ["a%2Fb c", "a b c"]);
    }
}
