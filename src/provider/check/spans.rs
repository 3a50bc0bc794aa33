//! A TOML document as a tree with places: finding, taking out, putting in.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The way from the root to a member; a place in an array is its number.
pub(super) type Path = Vec<String>;

/// A path as people read it.
pub(super) fn display_path(path: &[String]) -> String {
    path.join(".")
}

/// The line that `place` begins on, from 1.
pub(super) fn line_at(text: &str, place: Option<Range<usize>>) -> usize {
    let start = place.map_or(0, |place| place.start).min(text.len());
    text.get(..start).unwrap_or(text).matches('\n').count() + 1
}

/// The deepest member whose name or value stands at `place`.
pub(super) fn path_at(table: &DeTable<'_>, place: &Range<usize>) -> Option<Path> {
    table.iter().find_map(|(key, value)| {
        let below = path_within(value.get_ref(), place);
        let here = key.span() == *place || value.span() == *place;
        let name = key.get_ref().to_string();
        below
            .or_else(|| here.then(Path::new))
            .map(|rest| [vec![name], rest].concat())
    })
}

fn path_within(value: &DeValue<'_>, place: &Range<usize>) -> Option<Path> {
    match value {
        DeValue::Table(table) => path_at(table, place),
        DeValue::Array(items) => items.iter().enumerate().find_map(|(number, item)| {
            let below = path_within(item.get_ref(), place);
            below
                .or_else(|| (item.span() == *place).then(Path::new))
                .map(|rest| [vec![number.to_string()], rest].concat())
        }),
        _ => None,
    }
}

/// Where `path` stands, or the nearest of its parents that is there.
pub(super) fn span_of(document: &Spanned<DeTable<'_>>, path: &[String]) -> Range<usize> {
    let mut place = document.span().start..document.span().start;
    let Some((first, rest)) = path.split_first() else {
        return place;
    };
    let Some((key, mut value)) = document.get_ref().get_key_value(first.as_str()) else {
        return place;
    };
    place = key.span();
    for name in rest {
        let next = match value.get_ref() {
            DeValue::Table(table) => table
                .get_key_value(name.as_str())
                .map(|(key, value)| (key.span(), value)),
            DeValue::Array(items) => name
                .parse()
                .ok()
                .and_then(|number: usize| items.get(number))
                .map(|item| (item.span(), item)),
            _ => None,
        };
        let Some(next) = next else { return place };
        (place, value) = next;
    }
    place
}

/// The table at `path`.
pub(super) fn table_at<'t, 'i>(
    table: &'t mut DeTable<'i>,
    path: &[String],
) -> Option<&'t mut DeTable<'i>> {
    if path.is_empty() {
        return Some(table);
    }
    match value_at(table, path)? {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

/// The value at `path`.
pub(super) fn value_at<'t, 'i>(
    table: &'t mut DeTable<'i>,
    path: &[String],
) -> Option<&'t mut DeValue<'i>> {
    let (first, rest) = path.split_first()?;
    let mut value = table.get_mut(first.as_str())?.get_mut();
    for name in rest {
        let next = match value {
            DeValue::Table(table) => table.get_mut(name.as_str())?,
            DeValue::Array(items) => items.get_mut(name.parse::<usize>().ok()?)?,
            _ => return None,
        };
        value = next.get_mut();
    }
    Some(value)
}

/// Puts `value` in place of what stands at `path`.
pub(super) fn set<'i>(table: &mut DeTable<'i>, path: &[String], value: DeValue<'i>) {
    if let Some(place) = value_at(table, path) {
        *place = value;
    }
}

/// Takes the member at `path` out; whether it was there.
pub(super) fn take(table: &mut DeTable<'_>, path: &[String]) -> bool {
    let Some((last, parents)) = path.split_last() else {
        return false;
    };
    if parents.is_empty() {
        return table.remove(last.as_str()).is_some();
    }
    match value_at(table, parents) {
        Some(DeValue::Table(table)) => table.remove(last.as_str()).is_some(),
        Some(DeValue::Array(items)) => {
            let before = items.len();
            let number = last.parse().unwrap_or(before);
            let all = std::mem::replace(items, std::iter::empty().collect());
            let kept = all.into_iter().enumerate();
            *items = kept
                .filter(|(at, _)| *at != number)
                .map(|(_, item)| item)
                .collect();
            items.len() < before
        }
        _ => false,
    }
}

/// Puts `value` into `table` as `name`, with a place that no text has.
pub(super) fn put<'i>(table: &mut DeTable<'i>, name: &str, value: DeValue<'i>, place: usize) {
    let key: Cow<'i, str> = Cow::Owned(name.to_owned());
    let nowhere = usize::MAX..usize::MAX;
    table.insert(
        Spanned::new(nowhere, key),
        Spanned::new(place..place, value),
    );
}
