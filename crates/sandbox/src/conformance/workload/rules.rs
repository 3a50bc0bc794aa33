//! The rules of a token exchange.

use super::super::common::Rule;

pub(crate) static RULES: [Rule; 8] = [
    (
        "8693-2.1",
        "a form with `grant_type`, `subject_token` and `subject_token_type`, no parameter empty or twice; the tokens are accepted",
    ),
    (
        "8693-2.2.1",
        "a token of the type `N_A` is not used as an access token",
    ),
    (
        "8693-2.2.2",
        "an error ends the login and is shown to the user",
    ),
    (
        "8693-5",
        "neither the subject token nor the access token is shown",
    ),
    (
        "6749-5.1",
        "unknown members are ignored, and `expires_in` is optional",
    ),
    (
        "8414-3.1",
        "the well-known part is between the host and the path of the issuer",
    ),
    ("8414-3.3", "metadata of another issuer is not used"),
    (
        "9700-4.9",
        "no subject token follows a redirect to another origin",
    ),
];
