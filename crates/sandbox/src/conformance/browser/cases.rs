//! The cases of the authorization code flow.

use super::super::common::{Address, Case, Delivery, Edit, ExpectedExit, case, must_fail};
use super::{FORGED_CODE, FORGED_TEXT};

/// The response of the server.
const RESPONSE: Delivery = response(&[]);

const FORGED: Edit = Edit::Set("code", FORGED_CODE);
const OTHER_ISSUER: Edit = Edit::Set("iss", "https://issuer.invalid");

const fn response(edits: &'static [Edit]) -> Delivery {
    Delivery {
        edits,
        address: Address::Host,
    }
}

/// A case whose only response is the server's.
const fn must_succeed(
    name: &'static str,
    rule: &'static str,
    faults: &'static [&'static str],
) -> Case {
    with(&[RESPONSE], case(name, rule, faults, ExpectedExit::Success))
}

const fn with(deliveries: &'static [Delivery], case: Case) -> Case {
    Case { deliveries, ..case }
}

/// A case with responses after which the client must fail, and print one of these texts.
const fn must_reject(
    name: &'static str,
    rule: &'static str,
    deliveries: &'static [Delivery],
    output_contains_any: &'static [&'static str],
) -> Case {
    with(deliveries, must_fail(name, rule, &[], output_contains_any))
}

/// A case with responses that the client may ignore while it waits for a valid one, or that may end the login.
const fn may_ignore(
    name: &'static str,
    rule: &'static str,
    deliveries: &'static [Delivery],
) -> Case {
    with(deliveries, case(name, rule, &[], ExpectedExit::Any))
}

/// The slowest first, so that they run in parallel with the others.
pub(crate) static CASES: [Case; 21] = [
    must_succeed("a slow token response", "8252-8.3", &["code=delay:4s"]),
    may_ignore(
        "another state",
        "6749-10.12",
        &[response(&[Edit::Set("state", "x"), FORGED]), RESPONSE],
    ),
    may_ignore(
        "no state",
        "6749-10.12",
        &[response(&[Edit::Without("state"), FORGED]), RESPONSE],
    ),
    must_succeed("no faults", "6749-4.1.3", &[]),
    with(
        &[
            Delivery {
                edits: &[],
                address: Address::Other,
            },
            RESPONSE,
        ],
        case("another interface", "8252-8.3", &[], ExpectedExit::Success),
    ),
    with(
        &[response(&[Edit::Set("x_extra", "1")])],
        case(
            "unknown members, and no lifetime",
            "6749-5.1",
            &[
                "code=set:x_extra={\"a\":1}",
                "metadata=set:x_extra=[1]",
                "code=without:expires_in",
            ],
            ExpectedExit::Success,
        ),
    ),
    must_reject(
        "declined",
        "6749-4.1.2.1",
        &[response(&[
            Edit::Without("code"),
            Edit::Set("error", "access_denied"),
        ])],
        &["denied", "declined", "refused", "rejected"],
    ),
    must_reject(
        "an unknown error",
        "6749-4.1.2.1",
        &[response(&[
            Edit::Without("code"),
            Edit::Set("error", "teapot"),
        ])],
        &["teapot"],
    ),
    must_reject(
        "a refused challenge",
        "7636-4.2",
        &[response(&[
            Edit::Without("code"),
            Edit::Set("error", "invalid_request"),
        ])],
        &[],
    ),
    must_reject(
        "another issuer",
        "9207-2.4a",
        &[response(&[OTHER_ISSUER, FORGED])],
        &[],
    ),
    must_reject(
        "the issuer with a slash",
        "9207-2.4a",
        &[response(&[Edit::Append("iss", "/"), FORGED])],
        &[],
    ),
    must_reject(
        "no issuer",
        "9207-2.4b",
        &[response(&[Edit::Without("iss"), FORGED])],
        &[],
    ),
    must_reject(
        "an error of another issuer",
        "9207-2.4b",
        &[response(&[
            Edit::Without("code"),
            OTHER_ISSUER,
            Edit::Set("error", "server_error"),
            Edit::Set("error_description", FORGED_TEXT),
        ])],
        &[],
    ),
    with(
        &[RESPONSE],
        must_fail(
            "a rejected code",
            "6749-4.1.3",
            &["code=error:invalid_grant"],
            &[],
        ),
    ),
    with(
        &[RESPONSE],
        must_fail("a lost token response", "6749-4.1.3", &["code*1=lost"], &[]),
    ),
    with(
        &[RESPONSE],
        must_fail(
            "a redirect to another origin",
            "9700-4.4",
            &["code=redirect:{other}"],
            &[],
        ),
    ),
    with(
        &[RESPONSE],
        case(
            "a token endpoint of another origin",
            "9700-4.4",
            &["metadata=set:token_endpoint={other}"],
            ExpectedExit::Any,
        ),
    ),
    Case {
        require_par: true,
        ..must_succeed("pushed requests only", "9126-5", &[])
    },
    with(
        &[RESPONSE],
        must_fail(
            "metadata of another issuer",
            "8414-3.3",
            &["metadata=set:issuer=https://issuer.invalid"],
            &[],
        ),
    ),
    Case {
        issuer_path: "/basic-memory",
        ..must_succeed("an issuer with a path", "8414-3.1", &[])
    },
    must_succeed(
        "no scope in the response",
        "6749-5.1",
        &["code=without:scope"],
    ),
];
