//! Which credential is used, and what stands before the stored sign-in: a variable or an `.env` that somebody forgot.

use jiff::SignedDuration;

use super::{Check, Finding};
use crate::actions::credential::refresh::is_refreshable;
use crate::actions::{
    Context, Source, SourceReport, Target, Verdict, explain, require_usable_sources,
};
use crate::domain::Freshness;

pub(super) fn check(context: &Context, target: &Target) -> Vec<Check> {
    // Every command that needs a credential ends with this.
    if let Err(error) = require_usable_sources(context, target) {
        return vec![Finding::Failure(error).into_check("credential")];
    }
    let stored = Source::Stored.label();
    let candidates = explain(context, target);
    let refused = |it: &&SourceReport| it.verdict == Verdict::Refused && it.source != stored;
    let mut findings: Vec<Finding> = candidates
        .iter()
        .filter(refused)
        .map(unused_warning)
        .collect();
    let used = candidates.iter().find(|it| it.verdict == Verdict::Used);
    let of_login = candidates.iter().find(|it| it.source == stored);
    findings.push(match (used, of_login) {
        (Some(used), _) if used.source == stored => check_stored_session(context, target),
        (Some(used), Some(login)) if login.verdict == Verdict::Shadowed => Finding::warning(
            format!("{} goes before {stored}", used.source),
            "remove it where the sign-in is to be used; `brainmaps credential explain` shows all sources",
        ),
        (Some(used), _) => Finding::Ok(format!("{} is used: {}", used.source, used.reason)),
        (None, Some(login)) if login.verdict == Verdict::Refused => Finding::warning(
            format!("{stored} is not used: {}", login.reason),
            "run `brainmaps login`, or `brainmaps credential explain` to see all sources",
        ),
        (None, _) => no_credential_warning(target),
    });
    let named = findings
        .into_iter()
        .map(|finding| finding.into_check("credential"));
    named.collect()
}

fn unused_warning(refused: &SourceReport) -> Finding {
    Finding::warning(
        format!("{} is not used: {}", refused.source, refused.reason),
        "mend it or remove it",
    )
}

fn check_stored_session(context: &Context, target: &Target) -> Finding {
    let used = "the stored sign-in is used";
    let stored = context
        .vault
        .read_current(&target.name, target.profile.storage);
    let Some(stored) = stored.ok().flatten() else {
        return Finding::Ok(used.to_owned());
    };
    let freshness = stored
        .expiry
        .freshness_at(context.clock_reading_for(&stored), SignedDuration::ZERO);
    if freshness == Freshness::Expired && !is_refreshable(&target.descriptor, &stored) {
        return Finding::warning(
            "the stored sign-in is over, and cannot be renewed",
            "run `brainmaps login`",
        );
    }
    Finding::Ok(format!("{used}, for {}", stored.origin))
}

fn no_credential_warning(target: &Target) -> Finding {
    let variable = target.descriptor.environment.api_key.as_deref();
    let or = variable.map_or_else(String::new, |name| format!(", or set {name}"));
    Finding::warning(
        format!("there is none for profile `{}`", target.name),
        format!("run `brainmaps login`{or}"),
    )
}
