//! Finds the values in JSON text, and where a member can be added.

use std::fmt;
use std::ops::Range;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::document::{Container, Document, Kind, Leaf, NewValue, line_of};
use super::text_lines::quoted_string;
use super::{ConfigValueError, MAX_DEPTH};
use crate::domain::Segment;

/// The members of an object in the order of the text, also those whose name occurs twice.
struct Members<'t>(Vec<(String, &'t RawValue)>);

struct MembersVisitor;

impl<'t> Visitor<'t> for MembersVisitor {
    type Value = Members<'t>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

impl<'de: 't, 't> Deserialize<'de> for Members<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

pub(super) fn parse(text: &str) -> Result<Document, ConfigValueError> {
    let mut document = Document::default();
    let body = text.trim_ascii();
    if body.is_empty() {
        return Ok(document);
    }
    let checked = serde_json::from_str::<IgnoredAny>(text);
    checked.map_err(|error| ConfigValueError::Malformed { line: error.line() })?;
    let start = text.len() - text.trim_ascii_start().len();
    let reader = Reader { text };
    reader.read(start..start + body.len(), &[], &mut document)?;
    Ok(document)
}

struct Reader<'t> {
    text: &'t str,
}

impl Reader<'_> {
    /// Adds the values in the bytes at `span`.
    fn read(
        &self,
        span: Range<usize>,
        path: &[Segment],
        document: &mut Document,
    ) -> Result<(), ConfigValueError> {
        if path.len() > MAX_DEPTH {
            return Err(ConfigValueError::TooDeep);
        }
        let source = &self.text[span.clone()];
        let malformed = |_| ConfigValueError::Malformed {
            line: line_of(self.text, span.start),
        };
        let is_object = source.starts_with('{');
        if !is_object && !source.starts_with('[') {
            document.leaves.push(leaf(source, span, path));
            return Ok(());
        }
        let children: Vec<(Segment, &RawValue)> = if is_object {
            let Members(members) = serde_json::from_str(source).map_err(malformed)?;
            let named = members.into_iter();
            named.map(|(name, it)| (Segment::Name(name), it)).collect()
        } else {
            let items: Vec<&RawValue> = serde_json::from_str(source).map_err(malformed)?;
            let indexed = items.into_iter().enumerate();
            indexed.map(|(at, it)| (Segment::Index(at), it)).collect()
        };
        document.containers.push(Container {
            path: path.to_vec(),
            span: span.clone(),
            obstacle: None,
        });
        if children.is_empty() && !path.is_empty() {
            document.leaves.push(leaf(source, span.clone(), path));
        }
        self.read_children(children, path, document)
    }

    fn read_children(
        &self,
        children: Vec<(Segment, &RawValue)>,
        path: &[Segment],
        document: &mut Document,
    ) -> Result<(), ConfigValueError> {
        let mut names = std::collections::BTreeSet::new();
        for (segment, value) in children {
            let start = value.get().as_ptr().addr() - self.text.as_ptr().addr();
            if !names.insert(segment.clone()) {
                let line = line_of(self.text, start);
                return Err(ConfigValueError::DuplicateKey { line });
            }
            let path = [path, &[segment]].concat();
            self.read(start..start + value.get().len(), &path, document)?;
        }
        Ok(())
    }
}

fn leaf(source: &str, span: Range<usize>, path: &[Segment]) -> Leaf {
    let (kind, value) = match source.as_bytes().first() {
        Some(b'"') => (Kind::Text, serde_json::from_str(source).unwrap_or_default()),
        Some(b'{') => (Kind::Empty, "{}".to_owned()),
        Some(b'[') => (Kind::Empty, "[]".to_owned()),
        _ if source == "null" => (Kind::Null, String::new()),
        _ => (Kind::Other, source.to_owned()),
    };
    Leaf {
        path: path.to_vec(),
        kind,
        value,
        span,
        obstacle: None,
    }
}

/// Adds a member to the innermost object on the path.
pub(super) fn additions(text: &str, document: &Document, new: NewValue<'_>) -> Vec<String> {
    if text.trim_ascii().is_empty() {
        let member = nested(new.path, new.value, "  ");
        return member
            .map(|member| format!("{member}\n"))
            .into_iter()
            .collect();
    }
    let on_path = document.containers.iter();
    let on_path = on_path.filter(|it| new.path.starts_with(&it.path));
    let Some(parent) = on_path.max_by_key(|it| it.path.len()) else {
        return Vec::new();
    };
    let Some((Segment::Name(name), below)) = new.path[parent.path.len()..].split_first() else {
        return Vec::new();
    };
    let Some(value) = nested(below, new.value, "") else {
        return Vec::new();
    };
    let inside = &text[parent.span.start + 1..parent.span.end - 1];
    let indent = &inside[..inside.len() - inside.trim_ascii_start().len()];
    let (separator, indent) = match (inside.trim_ascii().is_empty(), indent) {
        (true, _) => ("", " "),
        (false, indent) => (",", indent),
    };
    let at = parent.span.start + 1 + inside.trim_ascii_end().len();
    let space = if separator.is_empty() && inside.is_empty() {
        " "
    } else {
        ""
    };
    let member = format!("{separator}{indent}{}: {value}{space}", quoted_string(name));
    vec![format!("{}{member}{}", &text[..at], &text[at..])]
}

/// Returns the objects of `path` around the value; `None` if it has an index.
fn nested(path: &[Segment], value: &str, indent: &str) -> Option<String> {
    let (first, rest) = match path.split_first() {
        Some((Segment::Name(name), rest)) => (name, rest),
        Some(_) => return None,
        None => return Some(quoted_string(value)),
    };
    let inner = nested(rest, value, "")?;
    let (before, after) = if indent.is_empty() {
        (" ".to_owned(), " ")
    } else {
        (format!("\n{indent}"), "\n")
    };
    Some(format!(
        "{{{before}{}: {inner}{after}}}",
        quoted_string(first)
    ))
}
