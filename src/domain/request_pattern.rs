//! Which requests a rule of a service is about: a method and a pattern of paths, compared with the patterns of recorded
//! requests.

use std::fmt;

use serde::Deserialize;

const EXPECTED: &str =
    "expected `METHOD PATH`, such as `GET /api/items/*` or `* /api/**`, with `**` only at the end";

/// A method, or `*` for each, and a path below the API base URL. A segment `*` is any one segment, `**` at the end is one or
/// more.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String")]
pub struct RequestPattern {
    /// `None` for every method.
    method: Option<String>,
    path: String,
}

impl RequestPattern {
    /// Returns `true` if every request that has `method` and the recorded pattern `path` matches. `GET` includes `HEAD`.
    pub fn covers(&self, method: &str, path: &str) -> bool {
        self.has_method(method) && covers(&segments(&self.path), &segments(path))
    }

    /// Returns `true` if one of these requests matches.
    pub fn overlaps(&self, method: &str, path: &str) -> bool {
        self.has_method(method) && overlaps(&segments(&self.path), &segments(path))
    }

    fn has_method(&self, method: &str) -> bool {
        let is_same = |own: &String| own == method || (own == "GET" && method == "HEAD");
        self.method.as_ref().is_none_or(is_same)
    }
}

impl TryFrom<String> for RequestPattern {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (method, path) = text.split_once(' ').ok_or(EXPECTED)?;
        let is_word = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
        if !path.starts_with('/') || !is_word && method != "*" || !has_valid_segments(path) {
            return Err(EXPECTED);
        }
        Ok(Self {
            method: (method != "*").then(|| method.to_owned()),
            path: path.to_owned(),
        })
    }
}

fn has_valid_segments(path: &str) -> bool {
    let segments = segments(path);
    let last = segments.len() - 1;
    let mut numbered = segments.iter().enumerate();
    numbered.all(|(index, segment)| match *segment {
        "" | "**" => index == last,
        "*" => true,
        "." | ".." => false,
        text => !text.contains(['*', '?', '#', ' ']),
    })
}

impl fmt::Display for RequestPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = self.method.as_deref().unwrap_or("*");
        write!(f, "{method} {}", self.path)
    }
}

fn segments(path: &str) -> Vec<&str> {
    path.strip_prefix('/').unwrap_or(path).split('/').collect()
}

/// Compares a rule with a recorded path: `*` of the record is any segment, which a word of the rule does not cover.
fn covers(rule: &[&str], recorded: &[&str]) -> bool {
    match (rule, recorded) {
        (["**"], recorded) => !recorded.is_empty(),
        ([], []) => true,
        (["*", rule @ ..], [segment, recorded @ ..]) => {
            !matches!(*segment, "" | "**") && covers(rule, recorded)
        }
        ([word, rule @ ..], [segment, recorded @ ..]) => {
            word == segment && *segment != "**" && covers(rule, recorded)
        }
        _ => false,
    }
}

fn overlaps(rule: &[&str], recorded: &[&str]) -> bool {
    match (rule, recorded) {
        (["**"], recorded) => !recorded.is_empty(),
        (rule, ["**"]) => !rule.is_empty(),
        ([], []) => true,
        ([word, rule @ ..], [segment, recorded @ ..]) => {
            let is_any = |one: &str, other: &str| one == "*" && !other.is_empty();
            let is_same = word == segment || is_any(word, segment) || is_any(segment, word);
            is_same && overlaps(rule, recorded)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> RequestPattern {
        RequestPattern::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn rule_covers_the_recorded_requests_that_all_match() {
        for (text, method, path, covers, overlaps) in [
            ("GET /**", "GET", "/api/x", true, true),
            ("GET /**", "HEAD", "/", true, true),
            ("GET /**", "POST", "/api/x", false, false),
            ("* /api/items", "PUT", "/api/items", true, true),
            ("* /api/items/*", "PUT", "/api/items/*", true, true),
            ("* /api/items/*", "PUT", "/api/items/search", true, true),
            ("* /api/items/search", "GET", "/api/items/*", false, true),
            ("* /api/items/**", "GET", "/api/items", false, false),
            ("* /api/items/**", "GET", "/api/items/", true, true),
            ("* /api/items/**", "GET", "/api/items/*/x", true, true),
            ("* /api/items/**", "GET", "/api/**", false, true),
            ("* /api/items/*", "GET", "/api/**", false, true),
            ("* /api/items", "GET", "/other/**", false, false),
            ("* /api/**", "GET", "/api/**", true, true),
            ("* /api/*/x", "GET", "/api/*/y", false, false),
            ("* /api/*", "GET", "/api/", false, false),
            ("* /api", "GET", "/", false, false),
        ] {
            let rule = rule(text);
            assert_eq!(rule.covers(method, path), covers, "{text}: {method} {path}");
            assert_eq!(
                rule.overlaps(method, path),
                overlaps,
                "{text}: {method} {path}"
            );
            assert_eq!(rule.to_string(), text);
        }
    }

    #[test]
    fn malformed_rules_are_rejected() {
        for text in [
            "",
            "GET",
            "/api",
            "get /api",
            "GET api",
            "GET  /api",
            "GET /a/**/b",
            "GET /a//b",
            "GET /a*",
            "GET /a/../b",
            "GET /a?b",
            " /a",
        ] {
            assert!(RequestPattern::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
