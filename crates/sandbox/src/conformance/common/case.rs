//! A case: the faults of the server, and the exit status and output expected of the client.

use super::delivery::Delivery;

/// The exit status expected from the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExpectedExit {
    Success,
    Failure,
    /// Both are allowed. A failure must still print what the case requires.
    Any,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// The id of the rule that it tests.
    pub(crate) rule: &'static str,
    /// `{other}` is replaced by another origin of the same server. The interval is 1 s, and every request is approved.
    pub(crate) faults: &'static [&'static str],
    pub(crate) issuer_path: &'static str,
    pub(crate) expected_exit: ExpectedExit,
    /// If not empty, the output must contain one of these, ignoring case.
    pub(crate) output_contains_any: &'static [&'static str],
    /// The server accepts pushed authorization requests only.
    pub(crate) require_par: bool,
    /// What the browser sends to the client, one after another.
    pub(crate) deliveries: &'static [Delivery],
}

pub(crate) const fn case(
    name: &'static str,
    rule: &'static str,
    faults: &'static [&'static str],
    expected_exit: ExpectedExit,
) -> Case {
    Case {
        name,
        rule,
        faults,
        issuer_path: "",
        expected_exit,
        output_contains_any: &[],
        require_par: false,
        deliveries: &[],
    }
}

pub(crate) const fn must_fail(
    name: &'static str,
    rule: &'static str,
    faults: &'static [&'static str],
    output_contains_any: &'static [&'static str],
) -> Case {
    Case {
        output_contains_any,
        ..case(name, rule, faults, ExpectedExit::Failure)
    }
}
