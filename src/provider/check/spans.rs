//! Finds the members of a TOML document by their position, and their positions by the path.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The names from the root to a member; an element of an array is named by its index.
pub(super) type Path = Vec<String>;

/// Semantic errors: the member, and what is wrong with it.
pub(super) type Findings = Vec<(Path, String)>;

/// Splits `tokens.create.call` into its names.
pub(super) fn path_from(text: &str) -> Path {
    text.split('.').map(str::to_owned).collect()
}

/// Returns the path of the deepest member whose name or value is at `span`.
pub(super) fn path_at(table: &DeTable<'_>, span: &Range<usize>) -> Option<Path> {
    table.iter().find_map(|(key, value)| {
        let below = path_within(value.get_ref(), span);
        let is_here = key.span() == *span || value.span() == *span;
        let name = key.get_ref().to_string();
        below
            .or_else(|| is_here.then(Path::new))
            .map(|rest| [vec![name], rest].concat())
    })
}

fn path_within(value: &DeValue<'_>, span: &Range<usize>) -> Option<Path> {
    match value {
        DeValue::Table(table) => path_at(table, span),
        DeValue::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            let below = path_within(item.get_ref(), span);
            below
                .or_else(|| (item.span() == *span).then(Path::new))
                .map(|rest| [vec![index.to_string()], rest].concat())
        }),
        _ => None,
    }
}

/// Returns the position of the member at `path`, or of its nearest parent in the document.
pub(super) fn span_of(document: &Spanned<DeTable<'_>>, path: &[String]) -> Range<usize> {
    let mut span = document.span().start..document.span().start;
    let Some((first, rest)) = path.split_first() else {
        return span;
    };
    let Some((key, mut value)) = document.get_ref().get_key_value(first.as_str()) else {
        return span;
    };
    span = key.span();
    for name in rest {
        let next = match value.get_ref() {
            DeValue::Table(table) => table
                .get_key_value(name.as_str())
                .map(|(key, value)| (key.span(), value)),
            DeValue::Array(items) => name
                .parse()
                .ok()
                .and_then(|index: usize| items.get(index))
                .map(|item| (item.span(), item)),
            _ => None,
        };
        let Some(next) = next else { return span };
        (span, value) = next;
    }
    span
}
