//! What was observed in a case, and the findings about it.

use std::collections::BTreeSet;
use std::time::Instant;

use serde_json::Value;

use super::cases::Case;
use super::recorder::Exchange;
use super::rules::{Finding, Verdict};

/// What was observed in one case.
pub(super) struct Observation {
    pub(super) exchanges: Vec<Exchange>,
    /// stdout and stderr, interleaved.
    pub(super) output: String,
    /// The exit code; `None` if the client had to be killed.
    pub(super) status: Option<i32>,
    pub(super) ended_at: Instant,
    /// Whether the client reached the first fault.
    pub(super) reached_fault: bool,
}

/// Collects the findings of one case.
pub(super) struct Evaluation<'a> {
    pub(super) case: &'a Case,
    pub(super) observation: &'a Observation,
    pub(super) findings: Vec<Finding>,
}

impl Evaluation<'_> {
    fn add(&mut self, rule: &'static str, verdict: Verdict, why: &str) {
        let why = format!("{}: {why}", self.case.name);
        self.findings.push(Finding { rule, verdict, why });
    }

    pub(super) fn pass(&mut self, rule: &'static str) {
        self.add(rule, Verdict::Pass, "");
    }

    pub(super) fn fail(&mut self, rule: &'static str, why: &str) {
        self.add(rule, Verdict::Fail, why);
    }

    pub(super) fn inconclusive(&mut self, rule: &'static str, why: &str) {
        self.add(rule, Verdict::Inconclusive, why);
    }

    /// Passes if `kept`, else fails with `why`.
    pub(super) fn check(&mut self, rule: &'static str, kept: bool, why: &str) {
        if kept {
            self.pass(rule);
        } else {
            self.fail(rule, why);
        }
    }
}

impl Observation {
    /// Returns the requests to the device authorization endpoint.
    pub(super) fn device_requests(&self) -> impl Iterator<Item = &Exchange> {
        let path = "/oauth2/device_authorization";
        self.exchanges
            .iter()
            .filter(move |it| it.path.ends_with(path))
    }

    /// Returns the requests to the token endpoint, except refreshes.
    pub(super) fn polls(&self) -> impl Iterator<Item = &Exchange> {
        let tokens = self
            .exchanges
            .iter()
            .filter(|it| it.path.ends_with("/oauth2/token"));
        tokens.filter(|it| it.field("grant_type") != Some("refresh_token"))
    }

    /// Returns the first device authorization response that contains a code.
    pub(super) fn device_response(&self) -> Option<&Value> {
        let responses = self.device_requests().map(|it| &it.response);
        responses
            .into_iter()
            .find(|it| it["user_code"].is_string() || it["device_code"].is_string())
    }
}

impl Exchange {
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Returns true for a POST with a form in which no parameter is repeated or empty (RFC 6749 §3.2).
    pub(super) fn is_valid_form(&self) -> bool {
        let names: BTreeSet<&str> = self.fields.iter().map(|(it, _)| it.as_str()).collect();
        self.method == "POST"
            && self
                .content_type
                .starts_with("application/x-www-form-urlencoded")
            && names.len() == self.fields.len()
            && self.fields.iter().all(|(_, value)| !value.is_empty())
    }
}
