//! The rules of the device flow.

use super::super::common::Rule;

/// The rules that can be checked from the server's side or from the client's output.
pub(crate) static RULES: [Rule; 19] = [
    (
        "8628-3.1a",
        "a POST with a form and `client_id` to the device endpoint, no parameter empty or twice",
    ),
    (
        "8628-3.1b",
        "one device request per start: none after a rejection or expiry",
    ),
    (
        "8628-3.2a",
        "5 s between polls if no interval is given; the complete URI is optional",
    ),
    (
        "8628-3.2b",
        "a response without a required member is an error that names the member; `expires_in` may be missing",
    ),
    (
        "8628-3.3",
        "the user code and the plain verification URI are shown, also beside a complete URI",
    ),
    (
        "8628-3.4",
        "`grant_type`, `device_code` and `client_id` in every poll; the tokens are accepted",
    ),
    ("8628-3.5a", "at least the interval between two polls"),
    (
        "8628-3.5b",
        "`slow_down` adds 5 s for this and all later polls, each time",
    ),
    ("8628-3.5c", "less frequent polls after a broken connection"),
    (
        "8628-3.5d",
        "any other error ends polling and is shown to the user",
    ),
    (
        "8628-3.5e",
        "polling ends when `expires_in` has passed, and not before",
    ),
    ("8628-5.6", "`device_code` is never shown"),
    (
        "7636-4.1",
        "a verifier of 43 to 128 unreserved characters, new for each attempt",
    ),
    ("7636-4.2", "S256, and no weaker method after a rejection"),
    (
        "8414-3.1",
        "the well-known part is between the host and the path of the issuer",
    ),
    ("8414-3.3", "metadata of another issuer is not used"),
    (
        "6749-5.1",
        "unknown members are ignored, and `expires_in` is optional",
    ),
    (
        "9110-10.2.3",
        "`Retry-After` is honoured, in seconds and as a date",
    ),
    (
        "9700-4.9",
        "no code and no verifier follows a redirect to another origin",
    ),
];
