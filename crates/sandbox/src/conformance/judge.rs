//! What was seen, judged. Pure: no clock, no process, no wire.

use std::collections::BTreeSet;
use std::time::Instant;

use serde_json::Value;

use super::cases::{Case, End};
use super::rows::{Finding, Verdict};
use super::witness::Exchange;
use super::{polling, requests};

/// What is seen in one case.
pub(super) struct Seen {
    pub(super) exchanges: Vec<Exchange>,
    /// stdout and stderr, as they came.
    pub(super) output: String,
    /// How it ended; `None` where it had to be stopped.
    pub(super) status: Option<i32>,
    /// When it ended.
    pub(super) ended: Instant,
    /// Whether the client came as far as the first fault.
    pub(super) met: bool,
}

/// The findings of one case, as they are made.
pub(super) struct Bench<'a> {
    pub(super) case: &'a Case,
    pub(super) seen: &'a Seen,
    findings: Vec<Finding>,
}

/// All that one case tells.
pub(super) fn case(case: &Case, seen: &Seen) -> Vec<Finding> {
    let mut bench = Bench {
        case,
        seen,
        findings: Vec::new(),
    };
    ending(&mut bench);
    requests::device(&mut bench);
    requests::polls(&mut bench);
    requests::proof(&mut bench);
    requests::discovery(&mut bench);
    requests::redirected(&mut bench);
    polling::pace(&mut bench);
    polling::stop(&mut bench);
    polling::trouble(&mut bench);
    polling::lifetime(&mut bench);
    shown(&mut bench);
    bench.findings
}

/// What only all cases together tell.
pub(super) fn together<'a>(all: impl Iterator<Item = &'a Seen>) -> Vec<Finding> {
    let finding = |row, why: &str| Finding {
        row,
        verdict: Verdict::Fail,
        why: why.to_owned(),
    };
    let (mut findings, mut verifiers, mut asked) = (Vec::new(), BTreeSet::new(), false);
    for seen in all {
        asked |= seen.devices().next().is_some();
        let verifier = seen.polls().find_map(|poll| poll.field("code_verifier"));
        if verifier.is_some_and(|it| !verifiers.insert(it)) {
            findings.push(finding("7636-4.1", "two attempts had the same verifier"));
        }
    }
    if !asked {
        let why = "no device request ever came: does the command use {issuer} and {client_id}?";
        findings.push(finding("8628-3.1a", why));
    }
    findings
}

/// Whether it ended, and as it should.
fn ending(bench: &mut Bench<'_>) {
    let (case, seen) = (bench.case, bench.seen);
    let Some(status) = seen.status else {
        return bench.fail(case.row, "it did not end by itself and had to be stopped");
    };
    let no_challenge = !seen
        .devices()
        .any(|it| it.field("code_challenge").is_some());
    if !seen.met || (case.row.starts_with("7636") && no_challenge) {
        return bench.unjudged(case.row, "the client did not come so far");
    }
    let output = seen.output.to_lowercase();
    let silent = !case.says.is_empty() && !case.says.iter().any(|word| output.contains(word));
    match (case.end, status) {
        (End::Either, _) => {}
        (End::Signed, 0) => bench.pass(case.row),
        (End::Signed, _) => bench.fail(case.row, &format!("it ended with {status}")),
        (End::Refused, 0) => bench.fail(case.row, "it ended with 0, as if all were well"),
        (End::Refused, _) if silent => {
            bench.fail(case.row, &format!("it did not say `{}`", case.says[0]));
        }
        (End::Refused, _) => bench.pass(case.row),
    }
}

/// What a person sees (RFC 8628 §3.3, §5.6).
fn shown(bench: &mut Bench<'_>) {
    let seen = bench.seen;
    let Some(answer) = seen.device_answer() else {
        return;
    };
    let text = |name: &str| answer[name].as_str().unwrap_or_default();
    if !text("device_code").is_empty() {
        let secret = seen.output.contains(text("device_code"));
        bench.check("8628-5.6", !secret, "it printed the device code");
    }
    if seen.polls().next().is_none() {
        return;
    }
    // Inside the complete URI the code is not shown for comparison.
    let complete = text("verification_uri_complete");
    let output = match complete {
        "" => seen.output.clone(),
        complete => seen.output.replace(complete, " "),
    };
    let code = bare(&output).contains(&bare(text("user_code")));
    bench.check("8628-3.3", code, "the user code was not shown");
    let uri = output.contains(text("verification_uri"));
    bench.check("8628-3.3", uri, "the plain verification URI was not shown");
}

/// Letters and digits alone: people are shown codes in groups.
fn bare(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

impl Bench<'_> {
    fn find(&mut self, row: &'static str, verdict: Verdict, why: &str) {
        let why = format!("{}: {why}", self.case.name);
        self.findings.push(Finding { row, verdict, why });
    }

    pub(super) fn pass(&mut self, row: &'static str) {
        self.find(row, Verdict::Pass, "");
    }

    pub(super) fn fail(&mut self, row: &'static str, why: &str) {
        self.find(row, Verdict::Fail, why);
    }

    pub(super) fn unjudged(&mut self, row: &'static str, why: &str) {
        self.find(row, Verdict::Unjudged, why);
    }

    /// Passes where `kept`, else fails for this reason.
    pub(super) fn check(&mut self, row: &'static str, kept: bool, why: &str) {
        if kept {
            self.pass(row);
        } else {
            self.fail(row, why);
        }
    }
}

impl Seen {
    /// The requests to the device authorization endpoint.
    pub(super) fn devices(&self) -> impl Iterator<Item = &Exchange> {
        let path = "/oauth2/device_authorization";
        self.exchanges
            .iter()
            .filter(move |it| it.path.ends_with(path))
    }

    /// The requests to the token endpoint, but for refreshes.
    pub(super) fn polls(&self) -> impl Iterator<Item = &Exchange> {
        let tokens = self
            .exchanges
            .iter()
            .filter(|it| it.path.ends_with("/oauth2/token"));
        tokens.filter(|it| it.field("grant_type") != Some("refresh_token"))
    }

    /// The first answer of the device authorization endpoint that has anything to show.
    pub(super) fn device_answer(&self) -> Option<&Value> {
        let answers = self.devices().map(|it| &it.answer);
        answers
            .into_iter()
            .find(|it| it["user_code"].is_string() || it["device_code"].is_string())
    }
}

impl Exchange {
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether it is a POST with a form whose every parameter comes once and holds something (RFC 6749 §3.2).
    pub(super) fn is_proper_form(&self) -> bool {
        let names: BTreeSet<&str> = self.fields.iter().map(|(it, _)| it.as_str()).collect();
        self.method == "POST"
            && self
                .content_type
                .starts_with("application/x-www-form-urlencoded")
            && names.len() == self.fields.len()
            && self.fields.iter().all(|(_, value)| !value.is_empty())
    }
}
