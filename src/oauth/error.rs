//! What an authorization server's refusal, silence or nonsense means. No variant holds a body.

use std::time::Duration;

use crate::domain::format_wait;
use crate::http::{HttpError, StatusCode};

/// Why an OAuth2 step did not succeed. Texts of the server are one line, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OauthError {
    /// The user declined (`access_denied`).
    #[error("the sign-in was declined")]
    Denied,
    /// The device code ran out, by our clock or the server's word.
    #[error("the code expired before the sign-in was approved{}", because(last_problem.as_deref()))]
    CodeExpired {
        /// The last real trouble while waiting, if the server had not answered properly since.
        last_problem: Option<String>,
    },
    /// The refresh token is dead: expired, revoked, or used already. The one error that ends a session.
    #[error("the session has ended: the server no longer accepts its refresh token{}", said(description.as_deref()))]
    InvalidGrant {
        /// The server's own words.
        description: Option<String>,
    },
    /// The server refused with a 4xx, or with an error code in an answer of any status below 500.
    #[error("{endpoint} refused: {}{}", reason(*status, error.as_deref()), said(description.as_deref()))]
    Refused {
        /// The endpoint.
        endpoint: String,
        /// The status.
        status: StatusCode,
        /// The OAuth2 error code, where there is one (RFC 6749 §5.2).
        error: Option<String>,
        /// The server's own words.
        description: Option<String>,
        /// The server's number for the exchange.
        request_id: Option<String>,
    },
    /// A status that says nothing about the request: 5xx, 429, or one that has no business here.
    #[error("{endpoint} answered {status}")]
    Status {
        /// The endpoint.
        endpoint: String,
        /// The status.
        status: StatusCode,
        /// When to come back, in seconds.
        retry_after: Option<u64>,
        /// The server's number for the exchange.
        request_id: Option<String>,
    },
    /// An answer that is not what the RFC says.
    #[error("the answer of {endpoint} makes no sense: {what}")]
    Malformed {
        /// The endpoint.
        endpoint: String,
        /// What is wrong with it.
        what: String,
    },
    /// A required member is missing, empty or of a wrong type.
    #[error("the answer of {endpoint} lacks `{field}`")]
    MissingField {
        /// The endpoint.
        endpoint: String,
        /// The member.
        field: &'static str,
    },
    /// An address in an answer that is never talked to or shown: neither https nor http on loopback.
    #[error("the answer of {endpoint} names an address for `{field}` that is not safe to use")]
    UnsafeAddress {
        /// The endpoint.
        endpoint: String,
        /// The member.
        field: &'static str,
    },
    /// An endpoint is at an origin that does not belong to the issuer: a token or a code would go to another server.
    #[error(
        "cannot use the authorization server `{issuer}`: its {what} endpoint is at {found}, not at {expected}"
    )]
    ForeignEndpoint {
        /// The issuer.
        issuer: String,
        /// The endpoint's name.
        what: &'static str,
        /// Its origin.
        found: String,
        /// The origin at which the issuer's endpoints have to be.
        expected: String,
    },
    /// The text given as issuer is none (RFC 8414 §2): not https or loopback http, or with a query or fragment.
    #[error(
        "`{issuer}` is no issuer: it must be an https URL (http on loopback) without query and fragment"
    )]
    NotAnIssuer {
        /// What was given.
        issuer: String,
    },
    /// The metadata belongs to somebody else and is not used (RFC 8414 §3.3).
    #[error("the server found at `{asked}` says that its issuer is `{found}`")]
    IssuerMismatch {
        /// What was asked.
        asked: String,
        /// What the server said.
        found: String,
    },
    /// No metadata at either well-known place.
    #[error("no OAuth2 server is described at {issuer}: {tried}")]
    NoMetadata {
        /// What was asked.
        issuer: String,
        /// Both addresses, and what came from each.
        tried: String,
    },
    /// The server has no device authorization endpoint.
    #[error("{issuer} offers no device sign-in")]
    NoDeviceFlow {
        /// The server.
        issuer: String,
    },
    /// The server has no such endpoint, by its metadata.
    #[error("{issuer} has no {what} endpoint")]
    NoEndpoint {
        /// The server.
        issuer: String,
        /// The endpoint's name.
        what: &'static str,
    },
    /// There was no answer.
    #[error(transparent)]
    Http(#[from] HttpError),
}

impl OauthError {
    /// Whether trying later may help.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Http(error) => error.is_transient(),
            Self::Status { status, .. } => {
                status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
            }
            _ => false,
        }
    }

    /// The HTTP status behind it.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused { status, .. } | Self::Status { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// The server's number for the exchange.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused { request_id, .. } | Self::Status { request_id, .. } => {
                request_id.as_deref()
            }
            _ => None,
        }
    }

    /// What the user can do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::IssuerMismatch { asked, found }
                if asked.trim_end_matches('/') == found.trim_end_matches('/') =>
            {
                Some(format!("a final slash counts: the exact issuer is {found}"))
            }
            Self::IssuerMismatch { .. } => Some(
                "use the issuer that the service documents; another one could be an imposter"
                    .to_owned(),
            ),
            Self::Status {
                retry_after: Some(seconds),
                ..
            } => Some(format!(
                "try again in {}",
                format_wait(Duration::from_secs(*seconds))
            )),
            Self::Http(error) => error.hint(),
            _ => None,
        }
    }
}

fn reason(status: StatusCode, error: Option<&str>) -> String {
    match error {
        Some(code) => format!("{code} (HTTP {})", status.as_u16()),
        None => format!("HTTP {status}"),
    }
}

fn said(description: Option<&str>) -> String {
    description.map_or_else(String::new, |text| format!(": {text}"))
}

fn because(problem: Option<&str>) -> String {
    problem.map_or_else(String::new, |text| {
        format!("; the last problem was: {text}")
    })
}
