//! Every source of a credential, in order, with what came of it.

use std::path::Path;

use serde::Serialize;

use crate::actions::credential::select::{LookupResult, SOURCES, UnusableKey};
use crate::actions::{ActionError, Context, Source, Target};

/// One source that was looked at.
#[derive(Debug, Clone, Serialize)]
pub struct SourceReport {
    /// The source, as people read it.
    pub source: String,
    /// What came of it.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
}

/// What came of looking at a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is the one.
    Used,
    /// There is one, but an earlier source won.
    Shadowed,
    /// There is one, but it must not be used here.
    Refused,
    /// It has no credential and says whose to use, or that none is needed.
    Routes,
    /// There is none.
    Absent,
}

/// Every source, in order, with what came of it.
pub fn explain(context: &Context, target: &Target) -> Vec<SourceReport> {
    let mut winner: Option<String> = None;
    SOURCES
        .iter()
        .map(|look| report_source(look(context, target), &mut winner))
        .collect()
}

fn report_source(
    finding: Result<LookupResult, ActionError>,
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
                let reason = format!("{what}, but {first} comes first");
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
        Err(error) => (Source::Stored.label(), Verdict::Refused, error.to_string()),
    };
    SourceReport {
        source,
        verdict,
        reason,
    }
}

/// A key that cannot be used keeps every later source from being used.
fn report_unusable(key: &UnusableKey, winner: &mut Option<String>) -> (String, Verdict, String) {
    let ends = if winner.is_none() {
        *winner = Some(key.label.clone());
        "; no other source takes its place"
    } else {
        ""
    };
    let reason = format!("{}{ends}", key.reason);
    (key.label.clone(), Verdict::Refused, reason)
}

/// A local directory wins where no credential came before it.
fn report_local(path: &Path, winner: &mut Option<String>) -> (String, Verdict, String) {
    let source = path.display().to_string();
    let what = "this directory is local: no credential is needed";
    if let Some(first) = winner {
        return (
            source,
            Verdict::Shadowed,
            format!("{what}, but {first} comes first"),
        );
    }
    *winner = Some(source.clone());
    (source, Verdict::Used, what.to_owned())
}
