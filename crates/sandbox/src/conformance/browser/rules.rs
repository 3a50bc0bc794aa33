//! The rules of the authorization code flow.

use super::super::common::Rule;

/// The rules that can be checked by the server and the browser.
pub(crate) static RULES: [Rule; 16] = [
    (
        "8252-6",
        "the authorization request is made by a browser outside of the client",
    ),
    (
        "8252-7.3",
        "the redirect URI is http on loopback with a port, where the client listens before the browser starts",
    ),
    (
        "8252-8.3",
        "the redirect URI has a literal address; the client listens on no other interface, and closes the port after the response",
    ),
    (
        "7636-4.1",
        "a verifier of 43 to 128 unreserved characters, new for each attempt",
    ),
    ("7636-4.2", "S256, and no weaker method after an error"),
    (
        "6749-4.1.1",
        "`response_type`, `client_id` and `redirect_uri` in the authorization request, no parameter empty or twice",
    ),
    (
        "6749-4.1.2.1",
        "an error response ends the login and is shown to the user",
    ),
    (
        "6749-4.1.3",
        "`redirect_uri` of the authorization request in the token request; a code is sent once, and the tokens are accepted",
    ),
    (
        "6749-5.1",
        "unknown members and parameters are ignored, and `expires_in` is optional",
    ),
    (
        "6749-10.12",
        "`state` cannot be guessed, is new for each attempt, and is compared",
    ),
    (
        "8414-3.1",
        "the well-known part is between the host and the path of the issuer",
    ),
    ("8414-3.3", "metadata of another issuer is not used"),
    (
        "9126-5",
        "the request is pushed if the metadata requires it, and the URL then has `client_id` and `request_uri` only",
    ),
    (
        "9207-2.4a",
        "a response with the `iss` of another server is rejected, compared character by character",
    ),
    (
        "9207-2.4b",
        "a response without an announced `iss` is rejected, and no text of a rejected response is shown",
    ),
    (
        "9700-4.4",
        "the code and the verifier go to the issuer's token endpoint: to no other origin, redirects included",
    ),
];
