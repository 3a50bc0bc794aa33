//! docker: one argument, and JSON or an error text on stdout.

use serde_json::Value;

use super::exchange::{FoundCredential, HelperRequest, HelperResponse};

/// "No credential for this server": clients compare the text.
pub(super) const NOT_FOUND: &str = "credentials not found in native keychain";

/// The response to an empty request.
pub(super) const NO_SERVER: &str = "no credentials server URL";

/// The user name that marks an OAuth 2.0 refresh token.
pub(super) const TOKEN_USER: &str = "<token>";

/// Clients name no scheme for https.
pub(super) fn request(scheme: &str, authority: &str) -> HelperRequest {
    let server = match scheme {
        "https" => authority.to_owned(),
        other => format!("{other}://{authority}"),
    };
    HelperRequest::with_input(&["get"], server)
}

pub(super) fn read(stdout: &str, is_success: bool) -> HelperResponse {
    if !is_success {
        return HelperResponse::default();
    }
    let Ok(document) = serde_json::from_str::<Value>(stdout) else {
        return HelperResponse::fault("it is not one JSON document");
    };
    let member = |name: &str| document.get(name).and_then(Value::as_str);
    match (member("ServerURL"), member("Username"), member("Secret")) {
        (Some(_), Some(user), Some(secret)) if !secret.is_empty() => {
            HelperResponse::of(FoundCredential {
                secret: secret.to_owned(),
                user: Some(user.to_owned()),
                expires_at: None,
            })
        }
        _ => HelperResponse::fault("ServerURL, Username or Secret is missing"),
    }
}
