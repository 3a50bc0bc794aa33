//! The flows whose clients are checked.

use std::fmt;
use std::str::FromStr;

use super::common::{Case, Finding, Observation, Rule};
use super::{browser, device, resource, workload};

/// How a client signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientFlow {
    /// The device flow (RFC 8628)
    Device,
    /// An authorization code by a redirect to loopback (RFC 6749, 7636, 8252)
    Browser,
    /// A sign-in to a resource whose server the client discovers (RFC 9728, 7591, 8707)
    Resource,
    /// The exchange of a token that a platform issued to a workload (RFC 8693)
    Workload,
}

impl ClientFlow {
    /// All flows.
    pub const ALL: [Self; 4] = [Self::Device, Self::Browser, Self::Resource, Self::Workload];

    /// Returns its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Browser => "browser",
            Self::Resource => "resource",
            Self::Workload => "workload",
        }
    }

    pub(super) fn cases(self) -> &'static [Case] {
        match self {
            Self::Device => &device::CASES,
            Self::Browser => &browser::CASES,
            Self::Resource => &resource::CASES,
            Self::Workload => &workload::CASES,
        }
    }

    pub(super) fn rules(self) -> &'static [Rule] {
        match self {
            Self::Device => &device::RULES,
            Self::Browser => &browser::RULES,
            Self::Resource => &resource::RULES,
            Self::Workload => &workload::RULES,
        }
    }

    /// Evaluates all rules that one case can show.
    pub(super) fn evaluate(self, case: &Case, observation: &Observation) -> Vec<Finding> {
        match self {
            Self::Device => device::evaluate(case, observation),
            Self::Browser => browser::evaluate(case, observation),
            Self::Resource => resource::evaluate(case, observation),
            Self::Workload => workload::evaluate(case, observation),
        }
    }

    /// Evaluates the rules that need all cases. A client that requested no token in any case breaks the rule about that request.
    pub(super) fn evaluate_across_cases(self, all: &[&Observation]) -> Vec<Finding> {
        let mut findings = match self {
            Self::Device => device::across_cases(all),
            Self::Browser => browser::across_cases(all),
            Self::Resource | Self::Workload => Vec::new(),
        };
        let has_token_request = all.iter().any(|it| it.token_requests().next().is_some());
        if findings.is_empty() && !has_token_request {
            let (rule, values) = self.token_request();
            let why = format!(
                "the client did not sign in: no token request arrived; does the command use {values}?"
            );
            findings.push(Finding::broken(rule, &why));
        }
        findings
    }

    /// Returns the rule about the token request, and the values that a client needs for it.
    fn token_request(self) -> (&'static str, &'static str) {
        match self {
            Self::Device => ("8628-3.4", "{issuer} and {client_id}"),
            Self::Browser => ("6749-4.1.3", "{issuer} and {client_id}"),
            Self::Resource => ("8707-2", "{resource}"),
            Self::Workload => ("8693-2.1", "{issuer}, {client_id} and {subject_token_file}"),
        }
    }
}

impl fmt::Display for ClientFlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ClientFlow {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|it| it.name() == name);
        found.ok_or("expected device, browser, resource or workload")
    }
}

#[cfg(test)]
mod tests {
    use super::super::common::{Report, Verdict};
    use super::*;

    /// Evaluates a client that makes these requests and exits in every case that has no faults.
    fn report(flow: ClientFlow, status: i32, paths: &[&str]) -> Report {
        let seen = Observation::of_requests(status, paths);
        let without_faults = flow.cases().iter().filter(|it| it.faults.is_empty());
        let mut findings: Vec<Finding> = without_faults
            .flat_map(|case| flow.evaluate(case, &seen))
            .collect();
        findings.extend(flow.evaluate_across_cases(&[&seen]));
        Report::of(flow.rules(), &findings)
    }

    #[test]
    fn client_without_a_token_request_passes_no_rule_and_does_not_succeed() {
        for flow in ClientFlow::ALL {
            for (status, paths) in [(0, &["/resource"][..]), (0, &[]), (1, &[])] {
                let report = report(flow, status, paths);
                assert_eq!(report.passed, 0, "{flow} {status}: {:?}", report.rows);
                assert!(report.failed > 0, "{flow} {status}: {:?}", report.rows);
            }
        }
    }

    #[test]
    fn client_that_never_signs_in_breaks_only_the_rule_about_the_token_request() {
        for (flow, id) in [
            (ClientFlow::Resource, "8707-2"),
            (ClientFlow::Workload, "8693-2.1"),
        ] {
            let report = report(flow, 0, &["/resource"]);
            let broken = report.rows.iter().filter(|it| it.result == Verdict::Fail);
            let broken: Vec<_> = broken.map(|it| (it.id, it.why.join(" "))).collect();
            assert_eq!(broken.len(), 1, "{broken:?}");
            assert_eq!(broken[0].0, id);
            assert!(broken[0].1.contains("did not sign in"), "{broken:?}");
        }
    }
}
