//! The cases of the device flow.

use super::super::common::{Case, ExpectedExit, case, must_fail};

/// The slowest first, so that they run in parallel with the others.
pub(crate) static CASES: [Case; 22] = [
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
    // A client that backs off from the announced interval polls faster than before.
    case(
        "slow_down, then a broken connection",
        "8628-3.5b",
        &["poll*1=slow_down", "poll*1=reset_after"],
        ExpectedExit::Any,
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
    case(
        "an expiring code",
        "8628-3.5e",
        &["device=set:expires_in=4", "poll=pending"],
        ExpectedExit::Failure,
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
    // Servers without it exist, and the end of polling is then the server's.
    Case {
        expected_exit: ExpectedExit::Any,
        ..must_fail(
            "no expires_in",
            "8628-3.2b",
            &["device=without:expires_in"],
            &["expires_in"],
        )
    },
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
            "device=set:x_extra={\"a\":1}",
            "metadata=set:x_extra=[1]",
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
