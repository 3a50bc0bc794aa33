//! Checks a provider description and reports each error with its line and column.
//!
//! Text that is not TOML gets one diagnostic: the first error of the parser, as in cargo. A member that
//! its type rejects is removed after it is reported, and a missing one is added (`repair`), so that the other errors are
//! reported too. The semantic checks need a parsed description and report all of their errors at once.
//!
//! A diagnostic never quotes a value: the file may hold a secret by mistake, and a CI job's log may be public.

mod calls;
mod repair;
mod semantics;
mod spans;
mod templates;

use std::fmt;

use serde::Serialize;
use toml::de::DeTable;

use self::spans::{Findings, path_from, span_of};
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
    let mut parsed = repair::parse(text, &document);
    let mut findings = Findings::default();
    if let Some(service) = &parsed.service {
        semantics::check(service, document.get_ref(), stem, &mut findings);
        calls::check(service, &mut findings);
        templates::check(service, document.get_ref(), &mut findings);
    }
    findings.retain(|(path, _)| !parsed.is_replaced(path));
    let mut diagnostics = std::mem::take(&mut parsed.diagnostics);
    diagnostics.extend(findings.into_iter().map(|(path, message)| {
        let (line, column) = position(text, Some(span_of(&document, &path)));
        Diagnostic {
            line,
            column,
            at: path.join("."),
            message,
        }
    }));
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
mod template_tests;
#[cfg(test)]
mod tests;
