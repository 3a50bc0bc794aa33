//! Replaces a single value in the text of a configuration file and keeps every other byte.
//!
//! The text is parsed, the bytes of the value are replaced, and the result is parsed again: unless the two differ in exactly
//! this value, nothing is changed. Text that readers interpret differently is refused.

mod document;
mod ini;
mod json;
mod properties;
#[cfg(test)]
mod tests;
mod text_lines;
mod toml;
mod yaml;

use self::document::{Document, Kind, Leaf, NewValue};
use crate::domain::{ConfigFormat, KeyPath, Segment};

const BYTE_ORDER_MARK: char = '\u{feff}';
/// Deeper documents are refused.
const MAX_DEPTH: usize = 100;

/// Why a value cannot be read or replaced. No variant contains a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigValueError {
    #[error("line {line} is malformed")]
    Malformed { line: usize },
    #[error("a key in line {line} occurs twice")]
    DuplicateKey { line: usize },
    #[error("the file is nested too deeply")]
    TooDeep,
    #[error("the file has several documents")]
    SeveralDocuments,
    /// The path leads to a table or a list.
    #[error("`{key}` is not a single value")]
    NotAValue { key: String },
    /// A part of the path leads to a value.
    #[error("`{key}` does not exist: a part of it is a value or a list")]
    NotATable { key: String },
    #[error("line {line} has {construct}, which cannot be replaced")]
    Unsupported {
        line: usize,
        construct: &'static str,
    },
    #[error("`{key}` does not exist and cannot be added")]
    CannotAdd { key: String },
    #[error("the secret cannot be written in this format")]
    Unwritable,
    /// A layout that this editor does not support.
    #[error("replacing `{key}` would change something else")]
    OtherChange { key: String },
}

/// Where a value is in a file of a format.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ValuePath<'a> {
    pub(crate) format: ConfigFormat,
    pub(crate) key: &'a KeyPath,
}

/// Returns the value in `text`; `None` if it does not exist or is empty.
///
/// # Errors
/// [`ConfigValueError`] if the text cannot be parsed, or the value could not be replaced.
pub(crate) fn get(text: &str, path: ValuePath<'_>) -> Result<Option<String>, ConfigValueError> {
    let (_, body) = split_mark(text);
    let document = parse(path.format, body)?;
    let Some(leaf) = find(&document, path, body)? else {
        return Ok(None);
    };
    Ok((leaf.kind != Kind::Null && !leaf.value.is_empty()).then(|| leaf.value.clone()))
}

/// Returns `text` with `value` at `path`. Adds the key if that is simple.
///
/// # Errors
/// As [`get`], and if the key cannot be added or the value cannot be written.
pub(crate) fn set(
    text: &str,
    path: ValuePath<'_>,
    value: &str,
) -> Result<String, ConfigValueError> {
    if value.chars().any(char::is_control) {
        return Err(ConfigValueError::Unwritable);
    }
    let (mark, body) = split_mark(text);
    let before = parse(path.format, body)?;
    let wanted = path_of(path);
    let new = NewValue {
        path: &wanted,
        value,
    };
    let candidates = match find(&before, path, body)? {
        Some(leaf) => {
            let quoted = quote(path.format, &body[leaf.span.clone()], value);
            let quoted = quoted.ok_or(ConfigValueError::Unwritable)?;
            let (head, tail) = (&body[..leaf.span.start], &body[leaf.span.end..]);
            vec![format!("{head}{quoted}{tail}")]
        }
        None => additions(path.format, body, &before, new),
    };
    let is_addition = !before.leaves.iter().any(|leaf| leaf.path == wanted);
    let is_right = |edited: &String| {
        let after = parse(path.format, edited);
        after.is_ok_and(|after| document::differ_only_in(&before, &after, new))
    };
    let key = || path.key.to_string();
    let edited = candidates.into_iter().find(is_right);
    let edited = edited.ok_or_else(|| {
        if is_addition {
            ConfigValueError::CannotAdd { key: key() }
        } else {
            ConfigValueError::OtherChange { key: key() }
        }
    });
    Ok(format!("{mark}{}", edited?))
}

fn split_mark(text: &str) -> (&str, &str) {
    let body = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    text.split_at(text.len() - body.len())
}

fn parse(format: ConfigFormat, text: &str) -> Result<Document, ConfigValueError> {
    match format {
        ConfigFormat::Yaml => yaml::parse(text),
        ConfigFormat::Toml => toml::parse(text),
        ConfigFormat::Json => json::parse(text),
        ConfigFormat::Ini => ini::parse(text),
        ConfigFormat::Properties => Ok(properties::parse(text)),
    }
}

/// Returns the bytes that replace `present`, in its style if possible.
fn quote(format: ConfigFormat, present: &str, value: &str) -> Option<String> {
    match format {
        ConfigFormat::Yaml => Some(yaml::quote(present, value)),
        ConfigFormat::Toml => Some(toml::quote(present, value)),
        ConfigFormat::Json => Some(text_lines::quoted_string(value)),
        ConfigFormat::Ini => Some(value.to_owned()),
        ConfigFormat::Properties => properties::escape(value),
    }
}

/// Returns the texts with a further key that may be right.
fn additions(
    format: ConfigFormat,
    text: &str,
    document: &Document,
    new: NewValue<'_>,
) -> Vec<String> {
    match format {
        ConfigFormat::Yaml => yaml::additions(text, document, new),
        ConfigFormat::Toml => toml::additions(text, document, new),
        ConfigFormat::Json => json::additions(text, document, new),
        ConfigFormat::Ini => ini::additions(text, document, new),
        ConfigFormat::Properties => properties::additions(text, new),
    }
}

/// Returns the segments of the path in the format: names in `.properties` files and names of INI sections contain dots.
fn path_of(path: ValuePath<'_>) -> Vec<Segment> {
    match path.format {
        ConfigFormat::Properties => properties::path_of(path.key),
        ConfigFormat::Ini => ini::path_of(path.key),
        _ => path.key.segments().to_vec(),
    }
}

/// Returns the value at `path`; `None` if it can be added.
fn find<'d>(
    document: &'d Document,
    path: ValuePath<'_>,
    text: &str,
) -> Result<Option<&'d Leaf>, ConfigValueError> {
    let wanted = path_of(path);
    let key = || path.key.to_string();
    let unsupported = |at: usize, construct| ConfigValueError::Unsupported {
        line: document::line_of(text, at),
        construct,
    };
    for leaf in &document.leaves {
        if leaf.path == wanted {
            return match leaf.obstacle {
                _ if leaf.kind == Kind::Empty => Err(ConfigValueError::NotAValue { key: key() }),
                Some(construct) => Err(unsupported(leaf.span.start, construct)),
                None => Ok(Some(leaf)),
            };
        }
        if leaf.path.starts_with(&wanted) {
            return Err(ConfigValueError::NotAValue { key: key() });
        }
        if wanted.starts_with(&leaf.path) && leaf.kind != Kind::Empty {
            return match leaf.obstacle {
                Some(construct) => Err(unsupported(leaf.span.start, construct)),
                None => Err(ConfigValueError::NotATable { key: key() }),
            };
        }
    }
    let mut containers = document.containers.iter();
    let refused = containers.find(|it| wanted.starts_with(&it.path) && it.obstacle.is_some());
    match refused.and_then(|it| Some((it.span.start, it.obstacle?))) {
        Some((at, construct)) => Err(unsupported(at, construct)),
        None => Ok(None),
    }
}
