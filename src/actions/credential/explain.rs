//! Reports every credential source in order of precedence, and why it is used or not.

use serde::Serialize;

use crate::actions::credential::lookup::LookupResult;
use crate::actions::credential::select::SOURCES;
use crate::actions::{ActionError, ProfileSession, Source, UnusableKey, error_line};

#[derive(Debug, Clone, Serialize)]
pub struct SourceReport {
    /// The label that users read.
    pub source: String,
    pub verdict: Verdict,
    pub reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Used,
    /// A source with higher precedence has a credential.
    Shadowed,
    /// The source has a credential that must not be used for this service.
    Refused,
    /// The source chooses the profile, or says that no credential is needed.
    Routes,
    Absent,
}

impl ProfileSession<'_> {
    pub fn explain(self) -> Vec<SourceReport> {
        let mut winner: Option<String> = None;
        SOURCES
            .iter()
            .enumerate()
            .map(|(index, look)| {
                // The identity is the last source.
                let is_last = index + 1 == SOURCES.len();
                let source = if is_last {
                    Source::Workload
                } else {
                    Source::Stored
                };
                report_source(look(self), &source, &mut winner)
            })
            .collect()
    }
}

fn report_source(
    finding: Result<LookupResult, ActionError>,
    failing: &Source,
    winner: &mut Option<String>,
) -> SourceReport {
    let report = SourceReport::new;
    match finding {
        Ok(LookupResult::Found(selected)) => {
            let source = selected.source.label();
            let what = format!(
                "{} for {}",
                selected.credential.kind.label(),
                selected.base.origin()
            );
            report_usable(source, what, winner)
        }
        Ok(LookupResult::Refused { source, reason }) => {
            report(source.label(), Verdict::Refused, reason)
        }
        Ok(LookupResult::Unusable(key)) => report_unusable(&key, winner),
        Ok(LookupResult::Routes { source, reason }) => report(source, Verdict::Routes, reason),
        Ok(LookupResult::Local { path }) => {
            // A local directory blocks the later sources.
            let what = "this directory is local: no credential is needed";
            report_usable(path.display().to_string(), what.to_owned(), winner)
        }
        Ok(LookupResult::Absent { source, reason }) => report(source, Verdict::Absent, reason),
        Err(error) => report(failing.label(), Verdict::Refused, error_line(&error)),
    }
}

/// Reports a source that is used unless an earlier one takes precedence.
fn report_usable(source: String, what: String, winner: &mut Option<String>) -> SourceReport {
    if let Some(first) = winner {
        let reason = format!("{what}, but {first} takes precedence");
        return SourceReport::new(source, Verdict::Shadowed, reason);
    }
    *winner = Some(source.clone());
    SourceReport::new(source, Verdict::Used, what)
}

/// A key that cannot be used blocks every later source.
fn report_unusable(key: &UnusableKey, winner: &mut Option<String>) -> SourceReport {
    let consequence = if winner.is_none() {
        *winner = Some(key.label.clone());
        "; no other source is used instead"
    } else {
        ""
    };
    let reason = format!("{}{consequence}", key.reason);
    SourceReport::new(key.label.clone(), Verdict::Refused, reason)
}

impl SourceReport {
    fn new(source: String, verdict: Verdict, reason: String) -> Self {
        Self {
            source,
            verdict,
            reason,
        }
    }
}
