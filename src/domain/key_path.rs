//! The path of a value in a configuration file: `api.key`, `"a.b".key`, `servers[0].token`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A name in a table, or a position in a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    Name(String),
    Index(usize),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyPath {
    text: String,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected names separated by dots, for example `api.key`, `\"a.b\".key` or `servers[0].key`"
)]
pub struct InvalidKeyPath;

impl KeyPath {
    /// Returns at least one segment.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Returns the path as the user wrote it.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for KeyPath {
    type Err = InvalidKeyPath;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_printable = text.chars().all(|c| !c.is_control());
        let segments = is_printable.then(|| parse(text)).flatten();
        Ok(Self {
            text: text.to_owned(),
            segments: segments.ok_or(InvalidKeyPath)?,
        })
    }
}

impl TryFrom<String> for KeyPath {
    type Error = InvalidKeyPath;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<KeyPath> for String {
    fn from(path: KeyPath) -> Self {
        path.text
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

fn parse(text: &str) -> Option<Vec<Segment>> {
    let mut segments = Vec::new();
    let mut rest = text;
    loop {
        if !(segments.is_empty() && rest.starts_with('[')) {
            let (name, after) = split_name(rest)?;
            segments.push(Segment::Name(name.to_owned()));
            rest = after;
        }
        while let Some(inside) = rest.strip_prefix('[') {
            let (index, after) = inside.split_once(']')?;
            segments.push(Segment::Index(index.parse().ok()?));
            rest = after;
        }
        match rest.strip_prefix('.') {
            Some(after) => rest = after,
            None => return rest.is_empty().then_some(segments),
        }
    }
}

/// Splits a name, which may be quoted, from what follows it.
fn split_name(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let (name, rest) = if let Some(quote) = quote {
        text.get(1..)?.split_once(quote)?
    } else {
        let end = text.find(['.', '[']).unwrap_or(text.len());
        text.split_at_checked(end)?
    };
    (!name.is_empty()).then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_is_split_at_dots_outside_of_quotes() {
        let name = |text: &str| Segment::Name(text.to_owned());
        for (text, expected) in [
            ("key", vec![name("key")]),
            ("api.key", vec![name("api"), name("key")]),
            ("\"a.b\".'c[0]'", vec![name("a.b"), name("c[0]")]),
            (
                "a[0][12].b",
                vec![name("a"), Segment::Index(0), Segment::Index(12), name("b")],
            ),
            ("[1].b", vec![Segment::Index(1), name("b")]),
            ("a-b_c/d", vec![name("a-b_c/d")]),
        ] {
            assert_eq!(
                text.parse::<KeyPath>().unwrap().segments(),
                expected,
                "{text}"
            );
        }
        for wrong in [
            "", ".", "a.", ".a", "a..b", "a[", "a[x]", "a[0]b", "\"a", "\"\"", "a\nb",
        ] {
            assert!(wrong.parse::<KeyPath>().is_err(), "{wrong}");
        }
    }
}
