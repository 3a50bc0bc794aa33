//! The cases of a token exchange.

use super::super::common::{Case, ExpectedExit, case, must_fail};

const fn must_succeed(
    name: &'static str,
    rule: &'static str,
    faults: &'static [&'static str],
) -> Case {
    case(name, rule, faults, ExpectedExit::Success)
}

pub(crate) static CASES: [Case; 8] = [
    must_succeed("no faults", "8693-2.1", &[]),
    must_succeed(
        "unknown members, and no lifetime",
        "6749-5.1",
        &[
            "token=set:x_extra={\"a\":1}",
            "metadata=set:x_extra=[1]",
            "token=without:expires_in",
        ],
    ),
    must_fail(
        "another token type",
        "8693-2.2.1",
        &["token=set:token_type=N_A"],
        &[],
    ),
    must_fail(
        "an invalid target",
        "8693-2.2.2",
        &["token=error:invalid_target"],
        &["invalid_target"],
    ),
    must_fail(
        "a rejected subject token",
        "8693-2.2.2",
        &["token=error:invalid_grant"],
        &["invalid_grant"],
    ),
    must_fail(
        "a redirect to another origin",
        "9700-4.9",
        &["token=redirect:{other}"],
        &[],
    ),
    must_fail(
        "metadata of another issuer",
        "8414-3.3",
        &["metadata=set:issuer=https://issuer.invalid"],
        &[],
    ),
    Case {
        issuer_path: "/basic-memory",
        ..must_succeed("an issuer with a path", "8414-3.1", &[])
    },
];
