//! The cases of a sign-in to a resource.

use super::super::common::{Address, Case, Delivery, ExpectedExit, case, must_fail};

/// The response of the server.
const RESPONSE: &[Delivery] = &[Delivery {
    edits: &[],
    address: Address::Host,
}];

const fn in_browser(case: Case) -> Case {
    Case {
        deliveries: RESPONSE,
        ..case
    }
}

pub(crate) static CASES: [Case; 4] = [
    in_browser(case("no faults", "8707-2", &[], ExpectedExit::Success)),
    in_browser(case(
        "no challenge",
        "9728-3.1",
        &["/resource*1=json:401"],
        ExpectedExit::Success,
    )),
    in_browser(must_fail(
        "metadata of another resource",
        "9728-3.3",
        &["/.well-known/oauth-protected-resource/resource=set:resource=https://resource.invalid/"],
        &[],
    )),
    in_browser(must_fail(
        "a refused registration",
        "7591-3.2.2",
        &["/oauth2/register=error:invalid_client_metadata"],
        &["invalid_client_metadata"],
    )),
];
