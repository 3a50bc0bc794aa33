//! Checks which credential is used, and whether a forgotten variable or `.env` takes precedence over the stored
//! session.

use jiff::SignedDuration;

use super::{Check, Finding};
use crate::actions::{ProfileSession, Source, SourceReport, Target, Verdict};
use crate::domain::{Freshness, Hint};

pub(super) fn check(session: ProfileSession<'_>) -> Vec<Check> {
    // Every command that needs a credential fails with this.
    if let Err(error) = session.require_usable_sources() {
        return vec![Finding::Failure(error).into_check("credential")];
    }
    let stored = Source::Stored.label();
    let candidates = session.explain();
    let refused = |it: &&SourceReport| it.verdict == Verdict::Refused && it.source != stored;
    let mut findings: Vec<Finding> = candidates
        .iter()
        .filter(refused)
        .map(unused_warning)
        .collect();
    let used = candidates.iter().find(|it| it.verdict == Verdict::Used);
    let of_login = candidates.iter().find(|it| it.source == stored);
    findings.push(match (used, of_login) {
        (Some(used), _) if used.source == stored => check_stored_session(session),
        (Some(used), Some(login)) if login.verdict == Verdict::Shadowed => Finding::warning(
            format!("{} takes precedence over {stored}", used.source),
            Hint::from("remove it to use the stored credential; ")
                .command("credential explain")
                .text(" shows all sources"),
        ),
        (Some(used), _) => Finding::Ok(format!("{} is used: {}", used.source, used.reason)),
        (None, Some(login)) if login.verdict == Verdict::Refused => Finding::warning(
            format!("{stored} is not used: {}", login.reason),
            Hint::run("login")
                .text(", or ")
                .command("credential explain")
                .text(" to see all sources"),
        ),
        (None, _) => no_credential_warning(session.target),
    });
    let named = findings
        .into_iter()
        .map(|finding| finding.into_check("credential"));
    named.collect()
}

fn unused_warning(refused: &SourceReport) -> Finding {
    Finding::warning(
        format!("{} is not used: {}", refused.source, refused.reason),
        "fix or remove it",
    )
}

fn check_stored_session(session: ProfileSession<'_>) -> Finding {
    let used = "the stored credential is used";
    let stored = session.find_stored();
    let Some(stored) = stored.ok().flatten() else {
        return Finding::Ok(used.to_owned());
    };
    let freshness = stored.expiry.freshness_at(
        session.context.clock_reading_for(&stored),
        SignedDuration::ZERO,
    );
    if freshness == Freshness::Expired && !session.can_refresh(&stored) {
        return Finding::warning(
            "the stored credential has expired and cannot be refreshed",
            Hint::run("login"),
        );
    }
    Finding::Ok(format!("{used}, for {}", stored.origin))
}

fn no_credential_warning(target: &Target) -> Finding {
    let variable = target.descriptor.environment.api_key.as_deref();
    let or = variable.map_or_else(String::new, |name| format!(", or set {name}"));
    Finding::warning(
        format!("no credential for profile \"{}\"", target.name),
        Hint::run("login").text(or),
    )
}
