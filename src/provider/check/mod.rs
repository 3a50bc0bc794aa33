//! Every mistake of a description in one go, each with its line.

mod calls;
mod document;
mod meaning;
mod repair;

use serde::Serialize;
use toml::de::DeTable;

use document::{Path, line, shown, span};

/// One mistake in a description.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Mistake {
    /// The line, counted from 1. What is missing is told at the table where it belongs.
    pub line: usize,
    /// The member: `tokens.create.call`; empty for the file as a whole.
    pub at: String,
    /// What is wrong, and how to write it.
    pub message: String,
}

/// Every mistake in `text`, by line: what is no TOML, what no description has, and what cannot be meant. `stem` is the
/// file's name without its ending, where it has to agree with the id.
pub fn check(text: &str, stem: Option<&str>) -> Vec<Mistake> {
    let (document, unreadable) = DeTable::parse_recoverable(text);
    let mut mistakes: Vec<Mistake> = unreadable
        .iter()
        .map(|error| Mistake {
            line: line(text, error.span()),
            at: String::new(),
            message: error.message().to_owned(),
        })
        .collect();
    let read = repair::read(document.clone());
    mistakes.extend(
        read.mistakes
            .into_iter()
            .map(|(place, path, message)| Mistake {
                line: line(text, Some(place)),
                at: shown(&path),
                message,
            }),
    );
    let means = read
        .descriptor
        .map(|found| meaning::mistakes(&found, &document, stem));
    let touched = |path: &Path| read.touched.iter().any(|other| overlap(other, path));
    for (path, message) in means.unwrap_or_default() {
        if !touched(&path) {
            mistakes.push(Mistake {
                line: line(text, Some(span(&document, &path))),
                at: shown(&path),
                message,
            });
        }
    }
    mistakes.sort();
    mistakes.dedup();
    mistakes
}

/// Whether one lies inside the other: what a mistake left open has no meaning to judge.
fn overlap(one: &Path, other: &Path) -> bool {
    one.iter().zip(other).all(|(one, other)| one == other)
}

#[cfg(test)]
mod tests;
