//! Finds the position of a member in a TOML document.

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

/// Returns the position of the member at `path`, or of its nearest parent in the document.
pub(super) fn span_of(document: &Spanned<DeTable<'_>>, path: &[String]) -> Range<usize> {
    locate(document, path).name
}

/// Returns the position of the value at `path`, or of its nearest parent in the document.
pub(super) fn value_span_of(document: &Spanned<DeTable<'_>>, path: &[String]) -> Range<usize> {
    locate(document, path).value
}

struct Location {
    name: Range<usize>,
    value: Range<usize>,
}

fn locate(document: &Spanned<DeTable<'_>>, path: &[String]) -> Location {
    let start = document.span().start..document.span().start;
    let mut location = Location {
        name: start.clone(),
        value: start,
    };
    let mut value: Option<&DeValue<'_>> = None;
    for name in path {
        let table = match value {
            None => Some(document.get_ref()),
            Some(DeValue::Table(table)) => Some(table),
            Some(_) => None,
        };
        let member = table.and_then(|table| table.get_key_value(name.as_str()));
        let below = match (member, value) {
            (Some((key, value)), _) => Some((key.span(), value)),
            (None, Some(DeValue::Array(items))) => {
                let index = name.parse().ok();
                let item = index.and_then(|index: usize| items.get(index));
                item.map(|item| (item.span(), item))
            }
            _ => None,
        };
        let Some((name, below)) = below else {
            return location;
        };
        location = Location {
            name,
            value: below.span(),
        };
        value = Some(below.get_ref());
    }
    location
}
