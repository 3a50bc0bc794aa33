//! Errors of an authorization server. No variant holds a body.

use std::time::Duration;

use super::{AuthorizationError, ClientKeyError, error_code};
use crate::domain::{CommandLine, Hint, Origin, Secret, format_wait, quote_for_shell};
use crate::http::{HttpError, StatusCode};

/// The reason why an OAuth 2.0 step failed. Texts from the server are one line without control characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OauthError {
    /// The user declined (`access_denied`).
    #[error("the sign-in was declined")]
    Denied,
    /// The device code expired, by the local clock or according to the server.
    #[error("the code expired before the sign-in was approved{}", format_last_problem(last_problem.as_deref()))]
    CodeExpired {
        /// The last transient failure, unless the server responded normally since.
        last_problem: Option<String>,
    },
    /// The refresh token is expired, revoked or already used. Only this error ends a session.
    #[error("the session has expired: the server rejected its refresh token{}", format_description(description.as_deref()))]
    InvalidGrant { description: Option<String> },
    /// A 4xx, or an error code in a response with any status below 500.
    #[error(
        "the server rejected the request to {endpoint} ({}){}",
        format_reason(*status, error.as_deref()),
        format_description(description.as_deref())
    )]
    Refused {
        endpoint: String,
        status: StatusCode,
        /// The OAuth 2.0 error code, if any (RFC 6749 §5.2).
        error: Option<String>,
        description: Option<String>,
        request_id: Option<String>,
        /// Whether the body is an HTML page, which another machine may have sent.
        is_html: bool,
    },
    /// A 401 or 403 whose body is an HTML page: another machine responded instead of the authorization server.
    #[error(
        "the response from {endpoint} is an HTML page, probably of a gateway or firewall (HTTP {})",
        status.as_u16()
    )]
    GatewayPage {
        endpoint: String,
        status: StatusCode,
    },
    /// The access token must not be used, but the server has already rotated the refresh token.
    #[error("cannot use the access token from {endpoint}: {problem}")]
    UnusableAccessToken {
        endpoint: String,
        problem: String,
        /// The new refresh token.
        refresh_token: Option<Secret>,
    },
    /// The sign-in was approved, but the response with the tokens was lost.
    #[error("the sign-in was approved, but the response with the tokens was lost")]
    GrantLost(#[source] HttpError),
    /// A status that does not describe the request: 5xx, 429, or an unexpected one.
    #[error("the request to {endpoint} failed with HTTP {status}")]
    Status {
        endpoint: String,
        status: StatusCode,
        /// The delay of `Retry-After`, in seconds.
        retry_after: Option<u64>,
        request_id: Option<String>,
    },
    /// A response that is not what the RFC requires.
    #[error("cannot read the response from {endpoint}: {problem}")]
    Malformed { endpoint: String, problem: String },
    /// A required member is missing, empty or of a wrong type.
    #[error("the response from {endpoint} has no `{field}`")]
    MissingField {
        endpoint: String,
        field: &'static str,
    },
    /// A URL that must not be used or shown: neither https nor http on loopback.
    #[error(
        "the response from {endpoint} has an unsafe URL in `{field}`: it must be https, or http on loopback"
    )]
    UnsafeAddress {
        endpoint: String,
        field: &'static str,
    },
    /// The metadata lists a required endpoint with a URL that must not be used.
    #[error(
        "the metadata of {issuer} has an unusable URL in `{field}`: \"{address}\" (expected https, or http on loopback)"
    )]
    UnusableEndpoint {
        issuer: String,
        field: &'static str,
        address: String,
    },
    /// An endpoint has an origin that does not belong to the issuer: a token or a code would be sent to another server.
    #[error(
        "cannot use the authorization server `{issuer}`: its {name} endpoint is at {found}, not at {expected}"
    )]
    ForeignEndpoint {
        issuer: String,
        name: &'static str,
        /// The origin of the endpoint.
        found: String,
        /// The origin that the issuer's endpoints must have.
        expected: String,
    },
    /// The given text is not an issuer (RFC 8414 §2): not https or loopback http, or with a query or fragment.
    #[error(
        "`{issuer}` is not a valid issuer: expected an https URL (http on loopback) without query and fragment"
    )]
    NotAnIssuer { issuer: String },
    /// The metadata names another issuer and is not used (RFC 8414 §3.3).
    #[error("the server at `{expected}` reports another issuer: `{found}`")]
    IssuerMismatch { expected: String, found: String },
    /// No metadata at any well-known address.
    #[error("found no OAuth 2.0 metadata at {issuer}: {tried}")]
    NoMetadata {
        issuer: String,
        /// The addresses, and the error of each.
        tried: String,
    },
    /// The server has no device authorization endpoint.
    #[error("{issuer} does not support the device flow")]
    NoDeviceFlow {
        issuer: String,
        /// Whether the server has an authorization endpoint.
        has_browser_login: bool,
    },
    /// The server lists PKCE methods without S256 (RFC 9700 §2.1.1).
    #[error("{issuer} does not support PKCE with S256, which a browser login requires")]
    NoPkce { issuer: String },
    /// The response of the browser login was an error or is not usable.
    #[error(transparent)]
    Authorization(#[from] AuthorizationError),
    /// The metadata does not list the endpoint.
    #[error("{issuer} has no {name} endpoint")]
    NoEndpoint { issuer: String, name: &'static str },
    /// The private key of the client cannot sign.
    #[error("cannot use the private key of the client: {0}")]
    ClientKey(#[from] ClientKeyError),
    /// The userinfo response is signed or encrypted (OpenID Connect Core §5.3.2).
    #[error("the userinfo response of {issuer} is a JWT, which is not supported")]
    SignedUserinfo { issuer: String },
    /// The userinfo response must not be used (OpenID Connect Core §5.3.2).
    #[error(
        "the userinfo response of {issuer} is about another account than the session (`sub` differs from the ID token's)"
    )]
    OtherSubject { issuer: String },
    /// There was no response.
    #[error(transparent)]
    Http(#[from] HttpError),
}

impl OauthError {
    /// Returns true if a later attempt may succeed.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Http(error) => error.is_transient(),
            Self::Status { status, .. } => {
                status.is_server_error()
                    || matches!(
                        *status,
                        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
                    )
            }
            _ => false,
        }
    }

    /// Returns true if a rejected refresh means that the user must sign in again: every rejection that does not concern the
    /// client, because servers have many codes for an expired session.
    pub fn requires_login(&self) -> bool {
        match self {
            Self::Refused { error, is_html, .. } => {
                let is_client_error = error.as_deref().is_some_and(error_code::is_client_error);
                !is_client_error && !is_html
            }
            _ => false,
        }
    }

    /// Returns true if the server rejects the secret or the key of the client (RFC 6749 §5.2).
    pub fn rejects_client(&self) -> bool {
        match self {
            Self::Refused {
                error: Some(code), ..
            } => code == "invalid_client",
            Self::Refused {
                status, is_html, ..
            } => *status == StatusCode::UNAUTHORIZED && !is_html,
            _ => false,
        }
    }

    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused { status, .. }
            | Self::GatewayPage { status, .. }
            | Self::Status { status, .. } => Some(*status),
            _ => None,
        }
    }

    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused { request_id, .. } | Self::Status { request_id, .. } => {
                request_id.as_deref()
            }
            _ => None,
        }
    }

    pub fn hint(&self) -> Option<Hint> {
        match self {
            Self::IssuerMismatch { expected, found } => issuer_hint(expected, found),
            Self::Status {
                retry_after: Some(seconds),
                ..
            } => {
                let wait = format_wait(Duration::from_secs(*seconds));
                Some(format!("try again in {wait}").into())
            }
            Self::Http(error) => error.hint().map(Hint::from),
            Self::ClientKey(error) => error.hint().map(Hint::from),
            _ => None,
        }
    }
}

/// Shows the command for the reported issuer, but warns if it is on another server.
fn issuer_hint(expected: &str, found: &str) -> Option<Hint> {
    let found_origin: Origin = found.parse().ok()?;
    let command = CommandLine::from(format!("login --issuer {}", quote_for_shell(found)));
    let is_same_server = expected
        .parse()
        .is_ok_and(|expected: Origin| expected == found_origin);
    Some(if is_same_server {
        Hint::from("the issuer must match exactly, including a final slash: run ").command(command)
    } else {
        Hint::from("if the service documents this issuer, run ")
            .command(command)
            .text("; otherwise it could be an imposter")
    })
}

fn format_reason(status: StatusCode, error: Option<&str>) -> String {
    match error {
        Some(code) => format!("{code}, HTTP {}", status.as_u16()),
        None => format!("HTTP {status}"),
    }
}

fn format_description(description: Option<&str>) -> String {
    description.map_or_else(String::new, |text| format!(": {text}"))
}

fn format_last_problem(problem: Option<&str>) -> String {
    problem.map_or_else(String::new, |text| format!("; the last error was: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RepeatedOptions;

    #[test]
    fn hint_about_the_issuer_repeats_the_global_options() {
        let options = RepeatedOptions {
            profile: Some("work".parse().unwrap()),
            ..RepeatedOptions::default()
        };
        let hint = issuer_hint("https://a.example", "https://a.example/").unwrap();
        assert_eq!(
            hint.render(&options),
            "the issuer must match exactly, including a final slash: \
             run `brainmaps --profile work login --issuer 'https://a.example/'`"
        );
    }
}
