//! Finds the values in TOML text, and where a key can be added.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::{Container, Document, Kind, Leaf, NewValue, line_of, names_of};
use super::text_lines::{append, insert_after_line, line_end, quoted_string};
use super::{ConfigValueError, MAX_DEPTH};
use crate::domain::Segment;

pub(super) fn parse(text: &str) -> Result<Document, ConfigValueError> {
    let table = DeTable::parse(text).map_err(|error| ConfigValueError::Malformed {
        line: line_of(text, error.span().map_or(0, |span| span.start)),
    })?;
    let mut document = Document::default();
    add_table(table.get_ref(), &[], &mut document)?;
    Ok(document)
}

fn add_table(
    table: &DeTable<'_>,
    path: &[Segment],
    document: &mut Document,
) -> Result<(), ConfigValueError> {
    for (name, value) in table {
        let name = Segment::Name(name.get_ref().to_string());
        add_value(value, &[path, &[name]].concat(), document)?;
    }
    Ok(())
}

fn add_value(
    value: &Spanned<DeValue<'_>>,
    path: &[Segment],
    document: &mut Document,
) -> Result<(), ConfigValueError> {
    if path.len() > MAX_DEPTH {
        return Err(ConfigValueError::TooDeep);
    }
    let (kind, shown) = match value.get_ref() {
        DeValue::String(text) => (Kind::Text, text.to_string()),
        DeValue::Integer(number) => (Kind::Other, number.to_string()),
        DeValue::Float(number) => (Kind::Other, number.to_string()),
        DeValue::Boolean(is_true) => (Kind::Other, is_true.to_string()),
        DeValue::Datetime(time) => (Kind::Other, time.to_string()),
        DeValue::Array(items) if items.is_empty() => (Kind::Empty, "[]".to_owned()),
        DeValue::Table(table) if table.is_empty() => (Kind::Empty, "{}".to_owned()),
        DeValue::Array(items) => {
            add_container(value.span(), path, document);
            for (at, item) in items.iter().enumerate() {
                add_value(item, &[path, &[Segment::Index(at)]].concat(), document)?;
            }
            return Ok(());
        }
        DeValue::Table(table) => {
            add_container(value.span(), path, document);
            return add_table(table, path, document);
        }
    };
    document.leaves.push(Leaf {
        path: path.to_vec(),
        kind,
        value: shown,
        span: value.span(),
        obstacle: None,
    });
    Ok(())
}

fn add_container(span: Range<usize>, path: &[Segment], document: &mut Document) {
    document.containers.push(Container {
        path: path.to_vec(),
        span,
        obstacle: None,
    });
}

/// A literal string stays one if it can.
pub(super) fn quote(present: &str, value: &str) -> String {
    let is_literal = present.starts_with('\'') && !value.contains('\'');
    if is_literal {
        return format!("'{value}'");
    }
    quoted_string(value)
}

/// Adds a line below the last value of the table, or a table at the end of the file.
pub(super) fn additions(text: &str, document: &Document, new: NewValue<'_>) -> Vec<String> {
    let Some((Segment::Name(name), parent)) = new.path.split_last() else {
        return Vec::new();
    };
    let line = format!("{} = {}", key(name), quoted_string(new.value));
    let mut texts = Vec::new();
    if let Some(child) = document.last_child(parent) {
        texts.push(insert_after_line(text, child.span.end, &line));
    }
    match names_of(parent) {
        None => {}
        Some(names) if names.is_empty() => {
            texts.push(append(text, std::slice::from_ref(&line)));
            texts.push(format!("{line}{}{text}", line_end(text)));
        }
        Some(names) => {
            let names: Vec<String> = names.into_iter().map(key).collect();
            let header = format!("[{}]", names.join("."));
            let is_empty = text.trim_ascii().is_empty();
            let separator = (!is_empty).then(String::new);
            let lines: Vec<String> = separator.into_iter().chain([header, line]).collect();
            texts.push(append(text, &lines));
        }
    }
    texts
}

fn key(name: &str) -> String {
    let is_bare = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if is_bare && !name.is_empty() {
        name.to_owned()
    } else {
        quoted_string(name)
    }
}
