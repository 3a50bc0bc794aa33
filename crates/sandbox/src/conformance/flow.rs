//! The flows whose clients are checked.

use std::fmt;
use std::str::FromStr;

use super::common::{Case, Finding, Observation, Rule};
use super::{browser, device};

/// How a client signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientFlow {
    /// The device flow (RFC 8628)
    Device,
    /// An authorization code by a redirect to loopback (RFC 6749, 7636, 8252)
    Browser,
}

impl ClientFlow {
    /// All flows.
    pub const ALL: [Self; 2] = [Self::Device, Self::Browser];

    /// Returns its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Browser => "browser",
        }
    }

    pub(super) fn cases(self) -> &'static [Case] {
        match self {
            Self::Device => &device::CASES,
            Self::Browser => &browser::CASES,
        }
    }

    pub(super) fn rules(self) -> &'static [Rule] {
        match self {
            Self::Device => &device::RULES,
            Self::Browser => &browser::RULES,
        }
    }

    /// Evaluates all rules that one case can show.
    pub(super) fn evaluate(self, case: &Case, observation: &Observation) -> Vec<Finding> {
        match self {
            Self::Device => device::evaluate(case, observation),
            Self::Browser => browser::evaluate(case, observation),
        }
    }

    /// Evaluates the rules that need all cases.
    pub(super) fn evaluate_across_cases(self, all: &[&Observation]) -> Vec<Finding> {
        match self {
            Self::Device => device::across_cases(all),
            Self::Browser => browser::across_cases(all),
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
        found.ok_or("expected device or browser")
    }
}
