//! Reports every credential source in order of precedence, and why it is used or not.

use std::path::Path;

use serde::Serialize;

use crate::actions::credential::lookup::LookupResult;
use crate::actions::credential::select::SOURCES;
use crate::actions::{ActionError, ProfileSession, Source, UnusableKey};

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
    let (source, verdict, reason) = match finding {
        Ok(LookupResult::Found(selected)) => {
            let source = selected.source.label();
            let what = format!(
                "{} for {}",
                selected.credential.kind.label(),
                selected.base.origin()
            );
            if let Some(first) = winner {
                let reason = format!("{what}, but {first} takes precedence");
                (source, Verdict::Shadowed, reason)
            } else {
                *winner = Some(source.clone());
                (source, Verdict::Used, what)
            }
        }
        Ok(LookupResult::Refused { source, reason }) => (source.label(), Verdict::Refused, reason),
        Ok(LookupResult::Unusable(key)) => report_unusable(&key, winner),
        Ok(LookupResult::Routes { source, reason }) => (source, Verdict::Routes, reason),
        Ok(LookupResult::Local { path }) => report_local(&path, winner),
        Ok(LookupResult::Absent { source, reason }) => (source, Verdict::Absent, reason),
        Err(error) => (failing.label(), Verdict::Refused, error.to_string()),
    };
    SourceReport {
        source,
        verdict,
        reason,
    }
}

/// A key that cannot be used blocks every later source.
fn report_unusable(key: &UnusableKey, winner: &mut Option<String>) -> (String, Verdict, String) {
    let ends = if winner.is_none() {
        *winner = Some(key.label.clone());
        "; no other source is used instead"
    } else {
        ""
    };
    let reason = format!("{}{ends}", key.reason);
    (key.label.clone(), Verdict::Refused, reason)
}

/// A local directory blocks the later sources.
fn report_local(path: &Path, winner: &mut Option<String>) -> (String, Verdict, String) {
    let source = path.display().to_string();
    let what = "this directory is local: no credential is needed";
    if let Some(first) = winner {
        return (
            source,
            Verdict::Shadowed,
            format!("{what}, but {first} takes precedence"),
        );
    }
    *winner = Some(source.clone());
    (source, Verdict::Used, what.to_owned())
}
