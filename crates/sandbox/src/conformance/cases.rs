//! The cases: faults to inject and the exit expected from the client.

/// The exit status expected from the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExpectedExit {
    Success,
    Failure,
    Any,
}

pub(super) struct Case {
    pub(super) name: &'static str,
    /// The id of the rule that it tests.
    pub(super) rule: &'static str,
    /// `{other}` is replaced by another origin of the same server. The interval is 1 s, and every request is approved.
    pub(super) faults: &'static [&'static str],
    pub(super) issuer_path: &'static str,
    pub(super) expected_exit: ExpectedExit,
    /// The output must contain one of these, ignoring case.
    pub(super) output_contains_any: &'static [&'static str],
}

const fn case(
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
    }
}

const fn must_fail(
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

/// The slowest first, so that they run in parallel with the others.
pub(super) static CASES: [Case; 21] = [
    case(
        "slow_down twice",
        "8628-3.5b",
        &["poll*2=slow_down"],
        ExpectedExit::Success,
    ),
    case(
        "slow_down, then pending",
        "8628-3.5b",
        &["poll*1=slow_down", "poll*1=pending"],
        ExpectedExit::Success,
    ),
    case(
        "no interval",
        "8628-3.2a",
        &["device=without:interval", "poll*1=pending"],
        ExpectedExit::Success,
    ),
    case(
        "Retry-After",
        "9110-10.2.3",
        &["poll*1=retry_after:3", "poll*1=retry_date:5,503"],
        ExpectedExit::Any,
    ),
    case(
        "two broken connections",
        "8628-3.5c",
        &["poll*2=reset_after"],
        ExpectedExit::Any,
    ),
    must_fail(
        "an expiring code",
        "8628-3.5e",
        &["device=set:expires_in=4", "poll=pending"],
        &[
            "expire",
            "timed out",
            "timeout",
            "too late",
            "in time",
            "run out",
            "ran out",
        ],
    ),
    case(
        "no faults",
        "8628-3.4",
        &["poll*2=pending"],
        ExpectedExit::Success,
    ),
    case(
        "no complete URI",
        "8628-3.2a",
        &["device=without:verification_uri_complete"],
        ExpectedExit::Success,
    ),
    must_fail(
        "no device_code",
        "8628-3.2b",
        &["device=without:device_code"],
        &["device_code"],
    ),
    must_fail(
        "no user_code",
        "8628-3.2b",
        &["device=without:user_code"],
        &["user_code"],
    ),
    must_fail(
        "no verification_uri",
        "8628-3.2b",
        &[
            "device=without:verification_uri",
            "device=without:verification_uri_complete",
        ],
        &["verification_uri"],
    ),
    must_fail(
        "no expires_in",
        "8628-3.2b",
        &["device=without:expires_in"],
        &["expires_in"],
    ),
    must_fail(
        "declined",
        "8628-3.5d",
        &["poll=error:access_denied"],
        &["denied", "declined", "refused", "rejected"],
    ),
    must_fail(
        "expired at the server",
        "8628-3.5d",
        &["poll=error:expired_token"],
        &["expire"],
    ),
    must_fail(
        "an unknown error",
        "8628-3.5d",
        &["poll=error:teapot"],
        &["teapot"],
    ),
    must_fail("an error page", "8628-3.5d", &["poll=html:400"], &[]),
    case(
        "a refused challenge",
        "7636-4.2",
        &["device=error:invalid_request"],
        ExpectedExit::Failure,
    ),
    case(
        "another issuer",
        "8414-3.3",
        &["metadata=set:issuer=https://issuer.invalid"],
        ExpectedExit::Failure,
    ),
    Case {
        issuer_path: "/basic-memory",
        ..case(
            "an issuer with a path",
            "8414-3.1",
            &[],
            ExpectedExit::Success,
        )
    },
    case(
        "unknown members, and no lifetime",
        "6749-5.1",
        &[
            "metadata=set:x_extra=[1]",
            "device=set:x_extra={\"a\":1}",
            "poll=set:x_extra={\"a\":1}",
            "poll=without:expires_in",
        ],
        ExpectedExit::Success,
    ),
    case(
        "redirect to another origin",
        "9700-4.9",
        &["poll=redirect:{other}"],
        ExpectedExit::Failure,
    ),
];
