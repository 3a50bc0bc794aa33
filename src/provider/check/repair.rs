//! Reads a description past its mistakes. The reader (serde) stops at the first one: it is noted and mended — what is
//! wrong is taken out, what is missing is filled in — until the rest can be read.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeArray, DeInteger, DeTable, DeValue, Deserializer};

use super::spans::{Path, path_at, put, set, table_at, take, value_at};
use crate::files::expectation;
use crate::provider::Descriptor;

/// Values to fill in have places from here on, one after another.
const FILLED: usize = usize::MAX - 16;

/// The place of a value that cannot be otherwise.
const LAST: usize = usize::MAX - 1;

/// More mistakes than any description has members; an end to it in any case.
const MOST_MISTAKES: usize = 1000;

/// What came of reading.
#[derive(Default)]
pub(super) struct Read {
    /// The description without its mistakes; `None` where too little is left.
    pub(super) descriptor: Option<Descriptor>,
    /// Place, member, message.
    pub(super) mistakes: Vec<(Range<usize>, Path, String)>,
    /// What was taken out or filled in.
    pub(super) touched: Vec<Path>,
}

pub(super) fn read(document: Spanned<DeTable<'_>>) -> Read {
    let whole = document.span();
    let mut table = document.into_inner();
    let mut read = Read::default();
    for _ in 0..MOST_MISTAKES {
        let error = match deserialize(&table, &whole) {
            Ok(descriptor) => {
                read.descriptor = Some(descriptor);
                break;
            }
            Err(error) => error,
        };
        let place = error.span().unwrap_or(whole.start..whole.start);
        let mended = if place.start >= FILLED {
            fill_otherwise(&mut table, &mut read, &place, error.message())
        } else {
            elements(&mut table, &mut read, &place, &whole)
                || mend(&mut table, &mut read, place, error.message())
        };
        if !mended {
            break;
        }
    }
    read
}

fn deserialize(table: &DeTable<'_>, whole: &Range<usize>) -> Result<Descriptor, toml::de::Error> {
    let trial = Spanned::new(whole.clone(), table.clone());
    Descriptor::deserialize(Deserializer::from(trial))
}

/// Notes one mistake and mends it.
fn mend(table: &mut DeTable<'_>, read: &mut Read, place: Range<usize>, message: &str) -> bool {
    let path = path_at(table, &place).unwrap_or_default();
    if let Some(name) = named(message, "missing field `") {
        let member = [path.clone(), vec![name.to_owned()]].concat();
        let Some(parent) = table_at(table, &path) else {
            return false;
        };
        put(parent, name, candidates().swap_remove(0), FILLED);
        note(read, place.start..place.start, member, message);
        return true;
    }
    if let Some(name) = named(message, "unknown field `") {
        // Some tables are read as a whole; then the place is the table's.
        let member = [path.clone(), vec![name.to_owned()]].concat();
        let is_inside = table_at(table, &path).is_some_and(|inside| inside.contains_key(name));
        let wrong = if is_inside { member } else { path };
        let taken = take(table, &wrong);
        note(read, place, wrong, message);
        return taken;
    }
    if let Some(filled) = filled_in(table, &path) {
        return fill_otherwise(table, read, &filled, message);
    }
    if let Some(variant) = variant(message) {
        return replace(table, read, place, path, (variant, message));
    }
    let taken = take(table, &path);
    note(read, place, path, message);
    taken
}

/// A word that is none of those there are: one of them takes its place. A name that is none goes with its value.
fn replace(
    table: &mut DeTable<'_>,
    read: &mut Read,
    place: Range<usize>,
    path: Path,
    (variant, message): (&str, &str),
) -> bool {
    let Some((name, parents)) = path.split_last() else {
        return false;
    };
    let is_value = is_value(table, &path, &place);
    let parent = table_at(table, parents).filter(|_| is_value);
    let mended = match parent {
        Some(parent) => {
            put(
                parent,
                name,
                DeValue::String(variant.to_owned().into()),
                LAST,
            );
            true
        }
        None => take(table, &path),
    };
    note(read, place, path, message);
    mended
}

/// The place of what was filled into the table at `path`, where that is read as a whole.
fn filled_in(table: &mut DeTable<'_>, path: &[String]) -> Option<Range<usize>> {
    if path.is_empty() {
        return None;
    }
    let inside = table_at(table, path)?;
    inside
        .values()
        .map(Spanned::span)
        .find(|place| place.start >= FILLED)
}

fn note(read: &mut Read, place: Range<usize>, path: Path, message: &str) {
    // What was taken out for a mistake of its own is missed afterwards; that is no second mistake.
    if !read.touched.contains(&path) {
        read.mistakes.push((place, path.clone(), unquoted(message)));
        read.touched.push(path);
    }
}

/// What was filled in is of the wrong type: the next one, or the table goes as a whole, in which every other mistake has
/// been told by now, since missing members are told last.
fn fill_otherwise(
    table: &mut DeTable<'_>,
    read: &mut Read,
    place: &Range<usize>,
    message: &str,
) -> bool {
    let Some(path) = path_at(table, place) else {
        return false;
    };
    let Some((name, parents)) = path.split_last() else {
        return false;
    };
    let next = place.start - FILLED + 1;
    let mut values = candidates();
    let value = match variant(message) {
        _ if place.start == LAST => None,
        Some(variant) => Some((DeValue::String(variant.to_owned().into()), LAST)),
        None if next < values.len() => Some((values.swap_remove(next), FILLED + next)),
        None => None,
    };
    if let Some((value, place)) = value {
        let Some(parent) = table_at(table, parents) else {
            return false;
        };
        put(parent, name, value, place);
        return true;
    }
    read.touched.push(parents.to_vec());
    take(table, parents)
}

/// Of the elements of a list, those that are wrong: the reader names the list alone.
fn elements(
    table: &mut DeTable<'_>,
    read: &mut Read,
    place: &Range<usize>,
    whole: &Range<usize>,
) -> bool {
    let Some(path) = path_at(table, place) else {
        return false;
    };
    let Some(DeValue::Array(items)) = value_at(table, &path).cloned() else {
        return false;
    };
    if !is_value(table, &path, place) {
        return false;
    }
    let (mut right, mut is_mended) = (DeArray::default(), false);
    for (number, item) in items.into_iter().enumerate() {
        let alone = std::iter::once(item.clone()).collect();
        set(table, &path, DeValue::Array(alone));
        match deserialize(table, whole) {
            Err(error) if error.span().as_ref() == Some(place) => {
                let member = [path.clone(), vec![number.to_string()]].concat();
                note(read, item.span(), member, error.message());
                is_mended = true;
            }
            _ => right.push(item),
        }
    }
    set(table, &path, DeValue::Array(right));
    is_mended
}

/// Whether `place` is that of the value at `path`, and not of its name.
fn is_value(table: &mut DeTable<'_>, path: &[String], place: &Range<usize>) -> bool {
    let Some((name, parents)) = path.split_last() else {
        return false;
    };
    let value = table_at(table, parents).and_then(|parent| parent.get(name.as_str()));
    value.is_some_and(|value| value.span() == *place)
}

/// One of them is right for most members.
fn candidates() -> Vec<DeValue<'static>> {
    vec![
        DeValue::String("x".into()),
        DeValue::String("GET /x".into()),
        DeValue::String("/x".into()),
        DeValue::Integer(DeInteger::default()),
        DeValue::Array(DeArray::default()),
        DeValue::Table(DeTable::new()),
    ]
}

/// Returns the message without the value that it quotes: a description may hold a secret by mistake, and a CI job's log
/// may be public.
pub(super) fn unquoted(message: &str) -> String {
    if let Some(expectation) = expectation(message) {
        return expectation;
    }
    if !message.starts_with('`') {
        return message.to_owned();
    }
    // The value may contain anything, so the last place counts.
    match message.rsplit_once("` is ") {
        Some((_, rest)) => format!("the value is {rest}"),
        None => "invalid value".to_owned(),
    }
}

/// The name in a message of serde's such as "missing field `call`".
fn named<'m>(message: &'m str, begins: &str) -> Option<&'m str> {
    message.strip_prefix(begins)?.split('`').next()
}

/// The first of the words that a message of serde's says are allowed.
fn variant(message: &str) -> Option<&str> {
    let (_, allowed) = message
        .strip_prefix("unknown variant `")?
        .split_once("expected ")?;
    allowed.split('`').nth(1)
}
