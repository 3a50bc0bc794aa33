//! Every mistake of a description in one go, each with its line.

mod calls;
mod repair;
mod semantics;
mod spans;

use std::ops::Range;

use serde::Serialize;
use toml::Spanned;
use toml::de::DeTable;

use spans::{Path, display_path, line_at, span_of};

/// One mistake in a description.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Diagnostic {
    /// The line, counted from 1. What is missing is told at the table where it belongs.
    pub line: usize,
    /// The member: `tokens.create.call`; empty for the file as a whole.
    pub at: String,
    /// What is wrong, and how to write it.
    pub message: String,
}

/// Every mistake in `text`, by line: what is no TOML, what no description has, and what cannot be meant. `stem` is the
/// file's name without its ending, where it has to agree with the id.
pub fn check(text: &str, stem: Option<&str>) -> Vec<Diagnostic> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut mistakes: Vec<Diagnostic> = errors
        .iter()
        .map(|error| diagnostic(text, error.span(), &[], error.message()))
        .collect();
    // What follows on a line that is no TOML says little.
    mistakes.dedup_by_key(|one| one.line);
    let broken: Vec<usize> = mistakes.iter().map(|one| one.line).collect();
    let sound = members(text, &document, stem).filter(|one| !broken.contains(&one.line));
    mistakes.extend(sound);
    mistakes.sort();
    mistakes.dedup();
    mistakes
}

/// The mistakes in what could be read as TOML.
fn members(
    text: &str,
    document: &Spanned<DeTable<'_>>,
    stem: Option<&str>,
) -> impl Iterator<Item = Diagnostic> {
    let read = repair::read(document.clone());
    let means = read
        .descriptor
        .map(|found| semantics::check_semantics(&found, document, stem));
    let touched = read.touched;
    let means: Vec<_> = means
        .unwrap_or_default()
        .into_iter()
        .filter(|(path, _)| !touched.iter().any(|other| overlaps(other, path)))
        .map(|(path, message)| diagnostic(text, Some(span_of(document, &path)), &path, &message))
        .collect();
    let read: Vec<_> = read
        .mistakes
        .into_iter()
        .map(|(place, path, message)| diagnostic(text, Some(place), &path, &message))
        .collect();
    read.into_iter().chain(means)
}

fn diagnostic(
    text: &str,
    place: Option<Range<usize>>,
    path: &[String],
    message: &str,
) -> Diagnostic {
    Diagnostic {
        line: line_at(text, place),
        at: display_path(path),
        message: message.to_owned(),
    }
}

/// Whether one lies inside the other: what a mistake left open has no meaning to judge.
fn overlaps(one: &Path, other: &Path) -> bool {
    one.iter().zip(other).all(|(one, other)| one == other)
}

#[cfg(test)]
mod tests;
