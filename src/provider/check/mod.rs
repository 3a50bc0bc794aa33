//! Checks a provider description and reports each error with its line and column.
//!
//! Text that is not TOML, or that does not fit the types of [`Descriptor`], gets one diagnostic: the first error of the
//! parser, as in cargo. The semantic checks need a parsed description and report all of their errors at once.
//!
//! A diagnostic never quotes a value: the file may hold a secret by mistake, and a CI job's log may be public.

mod calls;
mod semantics;
mod spans;

use serde::Serialize;
use toml::de::DeTable;

use self::spans::{Findings, path_at, path_from, span_of};
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
        Err(error) => return vec![syntax_diagnostic(text, &error, String::new())],
    };
    let service = match toml::from_str::<Descriptor>(text) {
        Ok(service) => service,
        Err(error) => {
            let path = error
                .span()
                .and_then(|span| path_at(document.get_ref(), &span));
            let at = path.unwrap_or_default().join(".");
            return vec![syntax_diagnostic(text, &error, at)];
        }
    };
    let mut findings = Findings::default();
    semantics::check(&service, document.get_ref(), stem, &mut findings);
    calls::check(&service, &mut findings);
    let diagnostics = findings.into_iter().map(|(path, message)| {
        let (line, column) = position(text, Some(span_of(&document, &path)));
        Diagnostic {
            line,
            column,
            at: path.join("."),
            message,
        }
    });
    let mut diagnostics: Vec<Diagnostic> = diagnostics.collect();
    diagnostics.sort();
    diagnostics
}

fn syntax_diagnostic(text: &str, error: &toml::de::Error, at: String) -> Diagnostic {
    let InvalidToml {
        line,
        column,
        reason,
    } = InvalidToml::new(text, error);
    Diagnostic {
        line,
        column,
        at,
        message: reason,
    }
}

#[cfg(test)]
mod tests;
