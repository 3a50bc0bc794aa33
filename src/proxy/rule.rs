//! The rules of `--allow`: which requests are passed on.

use std::fmt;
use std::str::FromStr;

use hyper::Method;

use super::path::RequestPath;
use crate::domain::matches_with_stars;

const EXPECTED: &str = "expected 'METHOD PATH', such as 'GET /api/**' or '* /api/items/*'";

/// A method and a pattern of paths below the base URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowRule {
    text: String,
    /// `None` for every method.
    method: Option<Method>,
    segments: Vec<SegmentPattern>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum SegmentPattern {
    /// `**`: any number of segments.
    Any,
    /// Precedes a `**` at the end, which needs at least one segment: one that may be empty.
    One,
    /// `*` matches any text inside the segment.
    Glob(Vec<u8>),
}

impl AllowRule {
    /// Returns `true` if the rule permits the request, however the server reads its path. `GET` permits `HEAD` too.
    pub fn permits(&self, method: &Method, path: &RequestPath) -> bool {
        let is_method =
            |rule: &Method| rule == method || (*rule == Method::GET && *method == Method::HEAD);
        let is_any = |pattern: &SegmentPattern| *pattern == SegmentPattern::Any;
        let matches = |segments: &Vec<Vec<u8>>| {
            matches_with_stars(&self.segments, segments, is_any, |pattern, segment| {
                matches_segment(pattern, segment)
            })
        };
        self.method.as_ref().is_none_or(is_method) && path.segment_readings().iter().all(matches)
    }
}

impl FromStr for AllowRule {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut words = text.split_whitespace();
        let (Some(method), Some(pattern), None) = (words.next(), words.next(), words.next()) else {
            return Err(EXPECTED);
        };
        let method = match method {
            "*" => None,
            name if name.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                Some(Method::from_bytes(name.as_bytes()).map_err(|_| EXPECTED)?)
            }
            _ => return Err("expected a method in upper case, or * for every method"),
        };
        Ok(Self {
            text: format!("{} {pattern}", method.as_ref().map_or("*", Method::as_str)),
            method,
            segments: parse_pattern(pattern)?,
        })
    }
}

impl fmt::Display for AllowRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn parse_pattern(pattern: &str) -> Result<Vec<SegmentPattern>, &'static str> {
    if !pattern.starts_with('/') {
        return Err("expected a path that starts with /, below the API base URL");
    }
    if RequestPath::parse(pattern, None).is_err() {
        return Err("expected a path without query, dot segments and empty segments");
    }
    let segments = pattern.split('/').skip(1).map(|name| match name {
        "**" => Ok(SegmentPattern::Any),
        name if name.contains("**") => Err("expected ** as a whole segment"),
        name => Ok(SegmentPattern::Glob(name.as_bytes().to_vec())),
    });
    let mut segments: Vec<_> = segments.collect::<Result<_, _>>()?;
    if segments.last() == Some(&SegmentPattern::Any) {
        segments.insert(segments.len() - 1, SegmentPattern::One);
    }
    Ok(segments)
}

fn matches_segment(pattern: &SegmentPattern, segment: &[u8]) -> bool {
    match pattern {
        SegmentPattern::Any | SegmentPattern::One => true,
        // A `*` that is the whole segment needs at least one character.
        SegmentPattern::Glob(glob) if glob == b"*" => !segment.is_empty(),
        SegmentPattern::Glob(glob) => matches_with_stars(glob, segment, |it| *it == b'*', u8::eq),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permits(rule: &str, method: &str, path: &str) -> bool {
        let rule: AllowRule = rule.parse().unwrap();
        let path = RequestPath::parse(path, None).unwrap();
        rule.permits(&method.parse().unwrap(), &path)
    }

    #[test]
    fn rules_permit_what_their_pattern_matches() {
        for (rule, method, path) in [
            ("GET /api/**", "GET", "/api/"),
            ("GET /api/**", "HEAD", "/api/a/b/c"),
            ("GET /**", "GET", ""),
            ("GET /**", "GET", "/x"),
            ("* /api/x", "DELETE", "/api/x"),
            ("GET /api/*", "GET", "/api/x"),
            ("GET /api/*/items", "GET", "/api/7/items"),
            ("GET /api/**/items", "GET", "/api/items"),
            ("GET /api/**/items", "GET", "/api/a/b/items"),
            ("GET /**/a/**/b", "GET", "/a/x/a/y/b"),
            ("GET /f/report-*.csv", "GET", "/f/report-.csv"),
            ("GET /f/*a*b*", "GET", "/f/xaxbx"),
            ("POST /mcp", "POST", "/mcp"),
            ("GET /p/**", "GET", "/p/group%2Fproject"),
        ] {
            assert!(permits(rule, method, path), "{rule}: {method} {path}");
        }
    }

    #[test]
    fn rules_do_not_permit_anything_else() {
        for (rule, method, path) in [
            ("GET /api/**", "POST", "/api/x"),
            ("GET /api/**", "GET", "/api"),
            ("GET /api/**", "GET", "/apix/y"),
            ("GET /api/**", "GET", "/API/x"),
            ("GET /api/*", "GET", "/api/"),
            ("GET /api/*", "GET", "/api/x/y"),
            ("GET /api/*", "GET", "/api/x/"),
            ("GET /api/x", "GET", "/api/x/"),
            ("GET /api/x", "GET", "/api/%78"),
            ("GET /api/x", "GET", "/api/x;a=b"),
            ("POST /api/x", "HEAD", "/api/x"),
            ("GET /api/*/items", "GET", "/api/items"),
            ("GET /p/*", "GET", "/p/group%2Fproject"),
            ("GET /p/*", "GET", "/p/group%252Fproject"),
            ("GET /p/*", "GET", "/p/group%5Cproject"),
            ("GET /f/*a*b", "GET", "/f/xbxa"),
            ("GET /**/a", "GET", "/a/b"),
        ] {
            assert!(!permits(rule, method, path), "{rule}: {method} {path}");
        }
    }

    #[test]
    fn long_patterns_and_paths_are_compared_quickly() {
        let rule = format!("GET /{}x", "**/a*a*a*a/".repeat(50));
        let path = format!("/{}y", "aaaaaaaa/".repeat(500));
        assert!(!permits(&rule, "GET", &path));
    }

    #[test]
    fn malformed_rules_are_rejected() {
        for rule in [
            "",
            "GET",
            "/api/**",
            "GET api",
            "get /api",
            "GET /a /b",
            "GET /a?b",
            "GET /a/../b",
            "GET /a//b",
            "GET /a**",
            "GET /a/***",
            "GET https://a.b/",
            "G\u{e9}T /",
        ] {
            assert!(rule.parse::<AllowRule>().is_err(), "{rule}");
        }
        let rule: AllowRule = "GET   /api/**".parse().unwrap();
        assert_eq!(rule.to_string(), "GET /api/**");
    }
}
