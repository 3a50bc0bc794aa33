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

    /// Evaluates the rules that need all cases.
    pub(super) fn evaluate_across_cases(self, all: &[&Observation]) -> Vec<Finding> {
        match self {
            Self::Device => device::across_cases(all),
            Self::Browser => browser::across_cases(all),
            Self::Resource => resource::across_cases(all),
            Self::Workload => workload::across_cases(all),
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
