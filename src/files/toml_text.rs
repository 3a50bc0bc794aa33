//! Parses TOML. Errors contain the position and what was expected there, but nothing of the text: the file may be a
//! symbolic link to one with a secret, and the log of a CI job may be public.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::de::{DeTable, Error};

/// Text that is not TOML, or does not have the expected structure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct InvalidToml {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// Contains nothing of the text.
    pub reason: String,
}

/// How the reason begins if the text is not TOML.
pub(crate) const SYNTAX_ERROR: &str = "invalid TOML";

/// Parses a value from TOML.
///
/// # Errors
/// [`InvalidToml`] with the position.
pub(crate) fn parse_toml<T: DeserializeOwned>(text: &str) -> Result<T, InvalidToml> {
    toml::from_str(text).map_err(|error| InvalidToml::new(text, &error))
}

impl InvalidToml {
    /// Converts an error that the TOML parser or a type of this program returned for `text`.
    pub fn new(text: &str, error: &Error) -> Self {
        let (line, column) = position(text, error.span());
        let reason = if DeTable::parse(text).is_err() {
            // The parser's own messages are constants.
            format!("{SYNTAX_ERROR}: {}", error.message())
        } else {
            expectation(error.message()).unwrap_or_else(|| "invalid value".to_owned())
        };
        Self {
            line,
            column,
            reason,
        }
    }
}

/// Returns the line and the column of the start of `span`, counted from 1.
pub(crate) fn position(text: &str, span: Option<Range<usize>>) -> (usize, usize) {
    let start = span.map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count();
    (before.matches('\n').count() + 1, column + 1)
}

/// Returns serde's message without the quoted text, which is before the last `expected`. Returns `None` for an
/// unknown message, which may quote the text. The messages of this program's own types start with `expected` and
/// quote nothing.
fn expectation(message: &str) -> Option<String> {
    let quotes_nothing = ["missing field `", "duplicate field `", "expected "];
    if quotes_nothing.iter().any(|it| message.starts_with(it)) {
        return Some(message.to_owned());
    }
    let (what, _) = message.split_once(['`', ':'])?;
    let what = match what {
        "unknown field " => "unknown member",
        "unknown variant " => "unknown value",
        "invalid type" => "value of the wrong type",
        "invalid length" => "value of the wrong length",
        "invalid value" => "invalid value",
        _ => return None,
    };
    let expected = message.rsplit_once(", expected ");
    Some(expected.map_or_else(
        || what.to_owned(),
        |(_, expected)| {
            // The name of a Rust type does not help users.
            let is_struct = expected.starts_with("struct ");
            format!(
                "{what}, expected {}",
                if is_struct { "a table" } else { expected }
            )
        },
    ))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only its type counts")]
        number: u16,
        #[expect(dead_code, reason = "only its type counts")]
        name: crate::domain::ProfileName,
        #[expect(dead_code, reason = "only its type counts")]
        kind: Kind,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        One,
        Two,
    }

    fn error(text: &str) -> String {
        parse_toml::<Sample>(text).unwrap_err().to_string()
    }

    #[test]
    fn error_contains_the_position_and_expectation() {
        for (text, expected) in [
            ("number = 1", "line 1, column 1: missing field `"),
            (
                "number = 1\nname = 5",
                "line 2, column 8: value of the wrong type",
            ),
            (
                "\n  x = 5",
                "line 2, column 3: unknown member, expected one of `number`",
            ),
            (
                "number = 70000",
                "line 1, column 10: invalid value, expected u16",
            ),
            (
                "kind = \"three\"",
                "line 1, column 8: unknown value, expected `one` or `two`",
            ),
            ("name = \"a b\"", "line 1, column 8: expected 1 to 64 of"),
            (
                "DB = hunter2",
                "line 1, column 6: invalid TOML: string values must be quoted",
            ),
        ] {
            let shown = error(text);
            assert!(shown.starts_with(expected), "{text}: {shown}");
        }
    }

    #[test]
    fn error_contains_nothing_of_the_text() {
        const SECRET: &str = "hunter2";
        for text in [
            "PASSWORD=hunter2-very-secret",
            "machine x login y password hunter2",
            "{\"token\": \"hunter2\"}",
            "-----BEGIN KEY-----\nhunter2\n",
            "number = \"hunter2\"",
            "name = \"hunter2 x\"",
            "name = \"hunter\\u0032 x\"",
            "kind = \"hunter2\"",
            "kind = \"hunter2`, expected `hunter2\"",
            "hunter2 = 1",
            "\"hunter2, expected hunter2\" = 1",
            "hunter2 = 1\nhunter2 = 2",
            "[hunter2",
            "hunter2.a = 1\nhunter2 = 1\nhunter2.b = 1",
            "number = hunter2",
            "number = 2024-13-45Thunter2",
            "name = [\"hunter2\"]",
            "kind = { hunter2 = 1 }",
        ] {
            let shown = error(text);
            assert!(!shown.contains(SECRET), "{text}: {shown}");
        }
    }
}
