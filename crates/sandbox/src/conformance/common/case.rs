//! A case: what the server does, and what is expected of the client.

use super::delivery::Delivery;

/// The exit status expected from the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::conformance) enum ExpectedExit {
    Success,
    Failure,
    /// Both are allowed. A failure must still print what the case requires.
    Any,
}

pub(in crate::conformance) struct Case {
    pub(in crate::conformance) name: &'static str,
    /// The id of the rule that it tests.
    pub(in crate::conformance) rule: &'static str,
    /// `{other}` is replaced by another origin of the same server. The interval is 1 s, and every request is approved.
    pub(in crate::conformance) faults: &'static [&'static str],
    pub(in crate::conformance) issuer_path: &'static str,
    pub(in crate::conformance) expected_exit: ExpectedExit,
    /// The output must contain one of these, ignoring case.
    pub(in crate::conformance) output_contains_any: &'static [&'static str],
    /// The server accepts pushed authorization requests only.
    pub(in crate::conformance) require_par: bool,
    /// What the browser sends to the client, one after another.
    pub(in crate::conformance) deliveries: &'static [Delivery],
}

pub(in crate::conformance) const fn case(
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

pub(in crate::conformance) const fn must_fail(
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
