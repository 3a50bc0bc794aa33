//! What is tried: each case is a few faults and a way that a client should end.

/// How a client should end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// With 0.
    Signed,
    /// With anything else.
    Refused,
    /// As it likes.
    Either,
}

/// One case.
pub(super) struct Case {
    /// For people.
    pub(super) name: &'static str,
    /// The rule that it is about.
    pub(super) row: &'static str,
    /// What goes wrong; `{other}` is another origin of the same server. The interval is 1 s, and everything is approved.
    pub(super) faults: &'static [&'static str],
    /// The issuer's path.
    pub(super) place: &'static str,
    pub(super) end: End,
    /// Words of which the client should say one, in any case.
    pub(super) says: &'static [&'static str],
}

const fn case(
    name: &'static str,
    row: &'static str,
    faults: &'static [&'static str],
    end: End,
) -> Case {
    Case {
        name,
        row,
        faults,
        place: "",
        end,
        says: &[],
    }
}

const fn stop(
    name: &'static str,
    row: &'static str,
    faults: &'static [&'static str],
    says: &'static [&'static str],
) -> Case {
    Case {
        says,
        ..case(name, row, faults, End::Refused)
    }
}

/// The slow ones first, so that they do not wait for the others.
pub(super) static CASES: [Case; 21] = [
    case(
        "told to slow down, twice",
        "8628-3.5b",
        &["poll*2=slow_down"],
        End::Signed,
    ),
    case(
        "told to slow down, for good",
        "8628-3.5b",
        &["poll*1=slow_down", "poll*1=pending"],
        End::Signed,
    ),
    case(
        "no interval",
        "8628-3.2a",
        &["device=without:interval", "poll*1=pending"],
        End::Signed,
    ),
    case(
        "told when to come back",
        "9110-10.2.3",
        &["poll*1=retry_after:3", "poll*1=retry_date:5,503"],
        End::Either,
    ),
    case(
        "two connections that break",
        "8628-3.5c",
        &["poll*2=reset_after"],
        End::Either,
    ),
    stop(
        "a code that runs out",
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
        "as it should be",
        "8628-3.4",
        &["poll*2=pending"],
        End::Signed,
    ),
    case(
        "no complete URI",
        "8628-3.2a",
        &["device=without:verification_uri_complete"],
        End::Signed,
    ),
    stop(
        "no device_code",
        "8628-3.2b",
        &["device=without:device_code"],
        &["device_code"],
    ),
    stop(
        "no user_code",
        "8628-3.2b",
        &["device=without:user_code"],
        &["user_code"],
    ),
    stop(
        "no verification_uri",
        "8628-3.2b",
        &[
            "device=without:verification_uri",
            "device=without:verification_uri_complete",
        ],
        &["verification_uri"],
    ),
    stop(
        "no expires_in",
        "8628-3.2b",
        &["device=without:expires_in"],
        &["expires_in"],
    ),
    stop(
        "declined",
        "8628-3.5d",
        &["poll=error:access_denied"],
        &["denied", "declined", "refused", "rejected"],
    ),
    stop(
        "expired at the server",
        "8628-3.5d",
        &["poll=error:expired_token"],
        &["expire"],
    ),
    stop(
        "an unknown error",
        "8628-3.5d",
        &["poll=error:teapot"],
        &["teapot"],
    ),
    stop("an error page", "8628-3.5d", &["poll=html:400"], &[]),
    case(
        "a refused challenge",
        "7636-4.2",
        &["device=error:invalid_request"],
        End::Refused,
    ),
    case(
        "another issuer",
        "8414-3.3",
        &["metadata=set:issuer=https://issuer.invalid"],
        End::Refused,
    ),
    Case {
        place: "/basic-memory",
        ..case("an issuer with a path", "8414-3.1", &[], End::Signed)
    },
    case(
        "members that nobody knows, and no lifetime",
        "6749-5.1",
        &[
            "metadata=set:x_extra=[1]",
            "device=set:x_extra={\"a\":1}",
            "poll=set:x_extra={\"a\":1}",
            "poll=without:expires_in",
        ],
        End::Signed,
    ),
    case(
        "sent elsewhere",
        "9700-4.9",
        &["poll=redirect:{other}"],
        End::Refused,
    ),
];
