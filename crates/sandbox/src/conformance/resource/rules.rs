//! The rules of a sign-in to a resource.

use super::super::common::Rule;

pub(crate) static RULES: [Rule; 6] = [
    (
        "9728-3.1",
        "without a challenge, the metadata is requested with the well-known part between the host and the path of the resource",
    ),
    ("9728-3.3", "metadata of another resource is not used"),
    (
        "7591-2",
        "a registration has `redirect_uris` on loopback, the `application_type` native and the `token_endpoint_auth_method` none",
    ),
    (
        "7591-3.2.1",
        "the client id of the registration is the one of the authorization and the token request",
    ),
    (
        "7591-3.2.2",
        "an error of the registration ends the login and is shown to the user",
    ),
    (
        "8707-2",
        "`resource` in the authorization and the token request is the resource; the tokens are accepted",
    ),
];
