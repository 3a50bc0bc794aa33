//! Checks a provider description and reports each error with its line and column.
//!
//! Text that is not TOML gets one diagnostic: the first error of the parser, as in cargo. Then the description is compared
//! with the schema of the format (`shape`); what that rejects is replaced by samples, so that the semantic checks, which
//! need a parsed description, report their errors too.
//!
//! A diagnostic never quotes a value: the file may hold a secret by mistake, and a CI job's log may be public.

mod calls;
mod kinds;
mod needs;
mod schema_node;
mod semantics;
mod shape;
mod spans;
mod templates;
mod value_forms;

use std::fmt;

use serde::Serialize;
use serde_json::Value;
use toml::Spanned;
use toml::de::DeTable;

use self::schema_node::Schema;
use self::shape::{Shape, Violation};
use self::spans::{Findings, path_from, span_of, value_span_of};
use super::Descriptor;
use crate::files::{InvalidToml, position};

/// An error in a description.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Diagnostic {
    /// Counted from 1. A missing member is reported at the table that lacks it.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// The member, for example `tokens.create.call`; empty for the file as a whole.
    pub at: String,
    pub message: String,
}

impl Diagnostic {
    /// Returns `true` if the text is not TOML, so that the error concerns no member.
    pub fn is_syntax_error(&self) -> bool {
        self.message.starts_with(crate::files::SYNTAX_ERROR)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.line, self.column)?;
        if !self.at.is_empty() {
            write!(f, "{}: ", self.at)?;
        }
        f.write_str(&self.message)
    }
}

impl Diagnostic {
    /// Reports a description that is invalid for an unknown reason.
    fn of_whole() -> Self {
        Self {
            line: 1,
            column: 1,
            at: String::new(),
            message: "invalid description".to_owned(),
        }
    }

    /// Reports an error at `member` of a description that is valid TOML.
    pub fn at_member(text: &str, member: &str, message: String) -> Self {
        let span = DeTable::parse(text).map(|document| span_of(&document, &path_from(member)));
        let (line, column) = position(text, span.ok());
        Self {
            line,
            column,
            at: member.to_owned(),
            message,
        }
    }
}

/// Returns the errors in `text`, sorted by line. `stem` is the file name without its extension, if it has to match the id.
pub fn check(text: &str, stem: Option<&str>) -> Vec<Diagnostic> {
    let document = match DeTable::parse(text) {
        Ok(document) => document,
        Err(error) => return vec![syntax_diagnostic(text, &error)],
    };
    let mut description = match to_json(text) {
        Ok(description) => description,
        Err(error) => return vec![syntax_diagnostic(text, &error)],
    };
    let shape = Shape::compare(Schema::included(), &mut description);
    let mut findings = Findings::default();
    match serde_json::from_str(&description.to_string()) {
        Ok(service) => semantic_findings(&service, document.get_ref(), stem, &mut findings),
        // A combination of members that a type rejects although each of them is valid.
        Err(_) if shape.violations.is_empty() => return vec![Diagnostic::of_whole()],
        Err(_) => {}
    }
    findings.retain(|(path, _)| !shape.is_replaced(path));
    let at_names = findings.into_iter().map(|(path, message)| Violation {
        path,
        message,
        is_name: true,
    });
    let violations = shape.violations.into_iter().chain(at_names);
    let mut diagnostics: Vec<_> = violations
        .map(|violation| diagnostic(text, &document, violation))
        .collect();
    diagnostics.sort();
    diagnostics
}

fn semantic_findings(
    service: &Descriptor,
    document: &DeTable<'_>,
    stem: Option<&str>,
    findings: &mut Findings,
) {
    semantics::check(service, document, stem, findings);
    calls::check(service, findings);
    templates::check(service, document, findings);
    kinds::check(service, document, findings);
}

/// Parses a description.
///
/// # Errors
/// [`InvalidToml`] with the first error.
pub(in crate::provider) fn parse_description(text: &str) -> Result<Descriptor, InvalidToml> {
    let json = to_json(text).map_err(|error| InvalidToml::new(text, &error))?;
    // The built-in descriptions are JSON text as well: one parser for both makes the program smaller.
    serde_json::from_str(&json.to_string()).map_err(|_| {
        let first = check(text, None).into_iter().next();
        first.unwrap_or_else(Diagnostic::of_whole).into()
    })
}

fn to_json(text: &str) -> Result<Value, toml::de::Error> {
    let table: toml::Table = toml::from_str(text)?;
    Ok(serde_json::to_value(table).unwrap_or_default())
}

fn diagnostic(text: &str, document: &Spanned<DeTable<'_>>, violation: Violation) -> Diagnostic {
    let span = if violation.is_name {
        span_of(document, &violation.path)
    } else {
        value_span_of(document, &violation.path)
    };
    let (line, column) = position(text, Some(span));
    Diagnostic {
        line,
        column,
        at: violation.path.join("."),
        message: violation.message,
    }
}

fn syntax_diagnostic(text: &str, error: &toml::de::Error) -> Diagnostic {
    let InvalidToml {
        line,
        column,
        reason,
    } = InvalidToml::new(text, error);
    Diagnostic {
        line,
        column,
        at: String::new(),
        message: reason,
    }
}

impl From<Diagnostic> for InvalidToml {
    fn from(diagnostic: Diagnostic) -> Self {
        let Diagnostic {
            line,
            column,
            message,
            ..
        } = diagnostic;
        Self {
            line,
            column,
            reason: message,
        }
    }
}

#[cfg(test)]
mod template_tests;
#[cfg(test)]
mod tests;
