//! What was observed in a case, and the findings about it.

use std::collections::BTreeSet;
use std::time::Instant;

use serde_json::Value;

use super::case::Case;
use super::delivery::Visit;
use super::recorder::Exchange;
use super::report::{Finding, Verdict};

/// Where the metadata of protected resources is (RFC 9728 §3.1).
pub(crate) const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource";

/// What was observed in one case.
pub(crate) struct Observation {
    pub(crate) exchanges: Vec<Exchange>,
    /// stdout and stderr, interleaved.
    pub(crate) output: String,
    /// The exit code; `None` if the client had to be killed.
    pub(crate) status: Option<i32>,
    pub(crate) ended_at: Instant,
    /// Whether a request of the client matched the first fault; true in a case without faults.
    pub(crate) has_reached_fault: bool,
    /// What the browser did; nothing in the device flow.
    pub(crate) visit: Visit,
    /// The resource to sign in to, and the token of the workload, in the flows with one.
    pub(crate) resource: Option<String>,
    pub(crate) subject_token: Option<String>,
}

/// Collects the findings of one case.
pub(crate) struct Evaluation<'a> {
    pub(crate) case: &'a Case,
    pub(crate) observation: &'a Observation,
    pub(crate) findings: Vec<Finding>,
}

impl<'a> Evaluation<'a> {
    pub(crate) fn new(case: &'a Case, observation: &'a Observation) -> Self {
        Self {
            case,
            observation,
            findings: Vec::new(),
        }
    }

    fn add(&mut self, rule: &'static str, verdict: Verdict, why: &str) {
        let why = format!("{}: {why}", self.case.name);
        self.findings.push(Finding { rule, verdict, why });
    }

    pub(crate) fn pass(&mut self, rule: &'static str) {
        self.add(rule, Verdict::Pass, "");
    }

    pub(crate) fn fail(&mut self, rule: &'static str, why: &str) {
        self.add(rule, Verdict::Fail, why);
    }

    pub(crate) fn inconclusive(&mut self, rule: &'static str, why: &str) {
        self.add(rule, Verdict::Inconclusive, why);
    }

    /// Adds a pass if the rule is followed, else a failure with `why`.
    pub(crate) fn check(&mut self, rule: &'static str, is_followed: bool, why: &str) {
        if is_followed {
            self.pass(rule);
        } else {
            self.fail(rule, why);
        }
    }
}

impl Observation {
    /// Returns the requests to the device authorization endpoint.
    pub(crate) fn device_requests(&self) -> impl Iterator<Item = &Exchange> {
        let path = "/oauth2/device_authorization";
        self.exchanges
            .iter()
            .filter(move |it| it.path.ends_with(path))
    }

    pub(crate) fn metadata_requests(&self) -> impl Iterator<Item = &Exchange> {
        let all = self.exchanges.iter();
        all.filter(|it| it.path.contains("/.well-known/"))
    }

    /// Returns the requests for the metadata of a protected resource (RFC 9728).
    pub(crate) fn resource_metadata_requests(&self) -> impl Iterator<Item = &Exchange> {
        let all = self.exchanges.iter();
        all.filter(|it| it.path.starts_with(RESOURCE_METADATA))
    }

    /// Returns the requests for a device or an authorization code, however they are sent.
    pub(crate) fn authorization_requests(&self) -> impl Iterator<Item = &Exchange> {
        let names = ["device_authorization", "par", "authorize"];
        let all = self.exchanges.iter();
        all.filter(move |it| {
            let name = it.path.rsplit_once("/oauth2/").map(|(_, name)| name);
            names.iter().any(|expected| name == Some(expected)) && it.field("request_uri").is_none()
        })
    }

    /// Returns the PKCE challenge.
    pub(crate) fn challenge(&self) -> Option<&str> {
        let mut requests = self.authorization_requests();
        requests.find_map(|it| it.field("code_challenge"))
    }

    /// Returns the requests to the token endpoint, except refreshes. In the device flow, these are the polls.
    pub(crate) fn token_requests(&self) -> impl Iterator<Item = &Exchange> {
        let requests = self
            .exchanges
            .iter()
            .filter(|it| it.path.ends_with("/oauth2/token"));
        requests.filter(|it| it.field("grant_type") != Some("refresh_token"))
    }

    /// Returns true if the client received an access token.
    pub(crate) fn has_token(&self) -> bool {
        self.token_requests()
            .any(|it| it.response["access_token"].is_string())
    }

    /// Returns true if the client accepted a connection of the browser.
    pub(crate) fn has_delivery(&self) -> bool {
        self.visit.delivered.contains(&true)
    }

    /// Returns true if a code or a verifier was sent to `{other}` of a fault.
    pub(crate) fn sends_code_elsewhere(&self) -> bool {
        let secrets = ["device_code", "code", "code_verifier", "subject_token"];
        let mut elsewhere = self.exchanges.iter().filter(|it| it.path == "/elsewhere");
        elsewhere.any(|it| secrets.iter().any(|name| it.field(name).is_some()))
    }

    /// Returns the first device authorization response that contains a code.
    pub(crate) fn device_response(&self) -> Option<&Value> {
        let responses = self.device_requests().map(|it| &it.response);
        responses
            .into_iter()
            .find(|it| it["user_code"].is_string() || it["device_code"].is_string())
    }
}

impl Exchange {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let field = self.fields.iter().find(|(it, _)| it == name);
        field.map(|(_, value)| value.as_str())
    }

    /// Returns true for a POST with a form in which no parameter is repeated or empty (RFC 6749 §3.2).
    pub(crate) fn is_valid_form(&self) -> bool {
        self.method == "POST"
            && self
                .content_type
                .starts_with("application/x-www-form-urlencoded")
            && self.has_valid_fields()
    }

    /// Returns true if no parameter is repeated or empty (RFC 6749 §3.1).
    pub(crate) fn has_valid_fields(&self) -> bool {
        let names: BTreeSet<&str> = self.fields.iter().map(|(it, _)| it.as_str()).collect();
        names.len() == self.fields.len() && self.fields.iter().all(|(_, value)| !value.is_empty())
    }

    /// Returns true if the client is named, in the form or by HTTP Basic (RFC 6749 §3.2.1).
    pub(crate) fn names_client(&self) -> bool {
        self.field("client_id").is_some() || self.has_basic
    }
}

#[cfg(test)]
impl Observation {
    /// Returns the observation of a client that exits after GET requests to these paths.
    pub(crate) fn of_requests(status: i32, paths: &[&str]) -> Self {
        let exchange = |path: &&str| Exchange {
            at: Instant::now(),
            method: "GET".to_owned(),
            path: (*path).to_owned(),
            content_type: String::new(),
            user_agent: String::new(),
            has_basic: false,
            body: Value::Null,
            fields: Vec::new(),
            status: 200,
            response: Value::Null,
        };
        Self {
            exchanges: paths.iter().map(exchange).collect(),
            output: String::new(),
            status: Some(status),
            ended_at: Instant::now(),
            has_reached_fault: true,
            visit: Visit::default(),
            resource: Some("http://localhost:8000/resource".to_owned()),
            subject_token: Some("subject-token".to_owned()),
        }
    }
}
