//! Parses a description past members that its types reject, and past missing ones, so that one error does not hide the
//! others.

use toml::Spanned;
use toml::de::DeTable;
use toml::{Table, Value};

use super::spans::{Path, path_at, span_of, value_span_of};
use super::{Diagnostic, syntax_diagnostic};
use crate::files::{InvalidToml, position};
use crate::provider::Descriptor;

/// Texts that one of the types accepts: a pointer, a call, a name, a URL, a kind of credential, an argument, a day.
const TEXTS: [&str; 8] = [
    "/x",
    "GET /x",
    "GET /x/{id}",
    "x",
    "https://x.invalid",
    "session_token",
    "name",
    "2026-01-31",
];

/// How many changed characters make a missing member the one that an unknown member means.
const MAX_TYPOS: usize = 2;

/// More wrong values than one description has.
const MAX_ERRORS: usize = 32;

/// A description, as far as it can be parsed.
#[derive(Default)]
pub(super) struct Parsed {
    /// `None` if an error remains that nothing replaces.
    pub(super) service: Option<Descriptor>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The members with a placeholder, and those that were removed.
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
        if !parsed.is_reported(&error) {
            let diagnostic = parsed.diagnostic(text, document, &error);
            parsed.diagnostics.push(diagnostic);
        }
        let Some((repaired, path)) = error.repair(&table) else {
            return parsed;
        };
        let Ok(text) = toml::to_string(&repaired) else {
            return parsed;
        };
        (table, current) = (repaired, text);
        parsed.replaced.push(path);
    }
    parsed
}

impl Parsed {
    fn diagnostic(
        &self,
        text: &str,
        document: &Spanned<DeTable<'_>>,
        error: &TypeError,
    ) -> Diagnostic {
        if self.replaced.is_empty() {
            return syntax_diagnostic(text, &error.error, error.path.join("."));
        }
        let span = if error.reason.starts_with("unknown member") {
            span_of(document, &error.path)
        } else {
            value_span_of(document, &error.path)
        };
        let (line, column) = position(text, Some(span));
        Diagnostic {
            line,
            column,
            at: error.path.join("."),
            message: error.reason.clone(),
        }
    }

    /// Returns true if the missing member was removed, or is there under a similar name: that is reported already.
    fn is_reported(&self, error: &TypeError) -> bool {
        let Some(member) = error.missing_member() else {
            return false;
        };
        let mut replaced = self.replaced.iter().filter_map(|path| path.split_last());
        replaced.any(|(name, above)| {
            above == error.path && strsim::damerau_levenshtein(name, member) <= MAX_TYPOS
        })
    }
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

    /// Returns `table` without the rejected member, or with a placeholder for the missing one, and its path.
    fn repair(&self, table: &Table) -> Option<(Table, Path)> {
        let Some(member) = self.missing_member() else {
            let mut repaired = table.clone();
            remove(&mut repaired, &self.path)?;
            return Some((repaired, self.path.clone()));
        };
        let path = [self.path.as_slice(), &[member.to_owned()]].concat();
        self.with_placeholder(table, path)
    }

    fn missing_member(&self) -> Option<&str> {
        let (_, rest) = self.reason.split_once("missing field `")?;
        rest.strip_suffix('`')
    }

    /// Returns `table` with a placeholder at `path` that its type accepts.
    fn with_placeholder(&self, table: &Table, path: Path) -> Option<(Table, Path)> {
        let repaired = placeholders().find_map(|placeholder| {
            let mut repaired = table.clone();
            let (name, above) = path.split_last()?;
            table_at(&mut repaired, above)?.insert(name.clone(), placeholder);
            let next = Self::find(&toml::to_string(&repaired).ok()?, &mut None);
            let is_fixed = next.is_none_or(|next| {
                let is_below = next.path.starts_with(&path);
                let is_same = next.path == self.path && next.reason == self.reason;
                // A type that reads several shapes reports the error where the value begins.
                let is_above = path.starts_with(&next.path) && next.missing_member().is_none();
                !is_below && !is_same && !is_above
            });
            is_fixed.then_some(repaired)
        });
        repaired.map(|repaired| (repaired, path))
    }
}

/// Returns values that types accept in place of a missing one.
fn placeholders() -> impl Iterator<Item = Value> {
    let texts = TEXTS.iter().map(|text| Value::String((*text).to_owned()));
    let others = [
        Value::Integer(1),
        Value::Boolean(true),
        Value::Array(Vec::new()),
        Value::Table(Table::new()),
    ];
    texts.chain(others)
}

/// Removes the member or the item of a list at `path`.
fn remove(table: &mut Table, path: &[String]) -> Option<()> {
    let (name, above) = path.split_last()?;
    if let Some(table) = table_at(table, above) {
        return table.remove(name).map(drop);
    }
    let items = value_at(table, above)?.as_array_mut()?;
    let index = name.parse().ok().filter(|index| *index < items.len())?;
    items.remove(index);
    Some(())
}

fn table_at<'t>(table: &'t mut Table, path: &[String]) -> Option<&'t mut Table> {
    if path.is_empty() {
        return Some(table);
    }
    value_at(table, path)?.as_table_mut()
}

fn value_at<'t>(table: &'t mut Table, path: &[String]) -> Option<&'t mut Value> {
    let (first, rest) = path.split_first()?;
    rest.iter()
        .try_fold(table.get_mut(first)?, |value, name| match value {
            Value::Table(table) => table.get_mut(name),
            Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?),
            _ => None,
        })
}
