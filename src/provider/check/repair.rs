//! Parses a description past values that its types reject, so that one wrong value does not hide the other errors.

use toml::Spanned;
use toml::de::DeTable;
use toml::{Table, Value};

use super::spans::{Path, path_at, value_span_of};
use super::{Diagnostic, syntax_diagnostic};
use crate::files::{InvalidToml, position};
use crate::provider::Descriptor;

/// Values that one of the types accepts instead of a rejected text: a name, a URL, a call, a pointer.
const PLACEHOLDERS: [&str; 5] = ["x", "https://x.invalid", "GET /x", "GET /x/{id}", "/x"];

/// More wrong values than one description has.
const MAX_ERRORS: usize = 32;

/// A description, as far as it can be parsed.
#[derive(Default)]
pub(super) struct Parsed {
    /// `None` if an error remains that no placeholder replaces.
    pub(super) service: Option<Descriptor>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The members with a placeholder.
    replaced: Vec<Path>,
}

impl Parsed {
    /// Returns true if a placeholder may be the reason of an error at `path`.
    pub(super) fn is_replaced(&self, path: &[String]) -> bool {
        let mut replaced = self.replaced.iter();
        replaced.any(|other| other.starts_with(path) || path.starts_with(other))
    }
}

/// Parses `text`, which is the TOML `document`.
pub(super) fn parse(text: &str, document: &Spanned<DeTable<'_>>) -> Parsed {
    let mut parsed = Parsed::default();
    let Ok(mut table) = toml::from_str::<Table>(text) else {
        return parsed;
    };
    let mut current = text.to_owned();
    while parsed.diagnostics.len() < MAX_ERRORS {
        let Some(error) = TypeError::find(&current, &mut parsed.service) else {
            return parsed;
        };
        let diagnostic = if parsed.diagnostics.is_empty() {
            syntax_diagnostic(text, &error.error, error.path.join("."))
        } else {
            let (line, column) = position(text, Some(value_span_of(document, &error.path)));
            Diagnostic {
                line,
                column,
                at: error.path.join("."),
                message: error.reason.clone(),
            }
        };
        parsed.diagnostics.push(diagnostic);
        let Some(repaired) = error.replace(&table) else {
            return parsed;
        };
        let Ok(text) = toml::to_string(&repaired) else {
            return parsed;
        };
        (table, current) = (repaired, text);
        parsed.replaced.push(error.path);
    }
    parsed
}

/// An error of a type of the description.
struct TypeError {
    path: Path,
    reason: String,
    error: toml::de::Error,
}

impl TypeError {
    /// Parses `text` into `service`, or returns its first error.
    fn find(text: &str, service: &mut Option<Descriptor>) -> Option<Self> {
        let error = match toml::from_str::<Descriptor>(text) {
            Ok(parsed) => {
                *service = Some(parsed);
                return None;
            }
            Err(error) => error,
        };
        let document = DeTable::parse(text).ok()?;
        let path = error
            .span()
            .and_then(|span| path_at(document.get_ref(), &span));
        Some(Self {
            path: path.unwrap_or_default(),
            reason: InvalidToml::new(text, &error).reason,
            error,
        })
    }

    /// Returns `table` with a placeholder at the path, if the error is about the text there.
    fn replace(&self, table: &Table) -> Option<Table> {
        if !self.reason.starts_with("expected ") {
            return None;
        }
        PLACEHOLDERS.iter().find_map(|placeholder| {
            let mut repaired = table.clone();
            let text = text_at(&mut repaired, &self.path)?;
            (*placeholder).clone_into(text);
            let next = Self::find(&toml::to_string(&repaired).ok()?, &mut None);
            let is_fixed = next.is_none_or(|next| !self.path.starts_with(&next.path));
            is_fixed.then_some(repaired)
        })
    }
}

fn text_at<'t>(table: &'t mut Table, path: &[String]) -> Option<&'t mut String> {
    let (first, rest) = path.split_first()?;
    let value = rest
        .iter()
        .try_fold(table.get_mut(first)?, |value, name| match value {
            Value::Table(table) => table.get_mut(name),
            Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?),
            _ => None,
        })?;
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}
