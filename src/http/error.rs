//! Errors of an exchange without a usable response. No variant holds a body, a credential or a query string.

use std::fmt;

use ::http::StatusCode;
use url::Url;

use crate::domain::sanitize_line;

/// Longer paths, in bytes, are truncated in messages: the target of a redirect may have thousands.
const MAX_PATH_LENGTH: usize = 256;

/// The fragment of a URL whose path has a secret. A fragment is not sent (RFC 9110 §7.1).
pub(super) const HIDDEN_PATH: &str = "hidden-path";

/// Returns `url` without user info, query and fragment, any of which may hold a secret.
pub fn redact_url(url: &Url) -> String {
    let origin = url.origin().ascii_serialization();
    if url.fragment() == Some(HIDDEN_PATH) {
        return format!("{origin}/…");
    }
    let path = url.path();
    match path.get(..MAX_PATH_LENGTH) {
        Some(beginning) if path.len() > MAX_PATH_LENGTH => {
            sanitize_line(&format!("{origin}{beginning}…"))
        }
        _ => sanitize_line(&format!("{origin}{path}")),
    }
}

/// The reason why no connection was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectFailure {
    /// The host exists, but nothing listens on the port.
    Refused,
    /// The host name could not be resolved.
    NameLookup,
    /// The proxy could not be reached or did not open the connection.
    Proxy,
    /// The proxy requires a user name and password, or rejected them (407).
    ProxyLogin,
    /// Any other reason, for example no route.
    Other,
}

/// The reason why a TLS connection is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsFailure {
    /// The certificate was issued by an untrusted authority.
    Issuer,
    /// The certificate is expired or not yet valid by the local clock.
    Time,
    /// The certificate is for another host name.
    Name,
    /// The server presents a CA certificate, as `openssl req -x509` creates it.
    CaAsServer,
    /// Any other reason: no common protocol version, a server without TLS.
    Other,
}

/// The phase in which an exchange timed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeoutPhase {
    /// No request was sent.
    Connecting,
    /// The request may have arrived.
    Waiting,
    /// The head of the response was received, with this status.
    Reading(StatusCode),
}

impl fmt::Display for TimeoutPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connecting => "connecting",
            Self::Waiting => "waiting for the response",
            Self::Reading(_) => "reading the response",
        })
    }
}

/// An exchange without a usable response. URLs are redacted by [`redact_url`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// No connection; nothing was sent.
    #[error("could not connect to {url}: {cause}")]
    Connect {
        url: String,
        kind: ConnectFailure,
        cause: String,
    },
    /// No trusted connection; nothing was sent.
    #[error("cannot establish a secure connection to {url}: {cause}")]
    Tls {
        url: String,
        kind: TlsFailure,
        cause: String,
    },
    #[error("timed out {stage} ({url})")]
    Timeout { url: String, stage: TimeoutPhase },
    /// The connection broke after the request was sent: the server may have acted on it.
    #[error("the connection to {url} was lost after the request was sent: {cause}")]
    Interrupted {
        url: String,
        /// The status, if the head of the response was received.
        status: Option<StatusCode>,
        cause: String,
    },
    #[error("cannot decode the response from {url} (content encoding {encoding})")]
    Encoding { url: String, encoding: String },
    /// The request body could not be read, so that the request was not sent completely.
    #[error("cannot send the body of the request to {url}: {cause}")]
    RequestBody { url: String, cause: String },
    /// The response body is longer than the limit for its kind.
    #[error("the response from {url} is larger than {} KiB", limit / 1024)]
    TooLarge {
        url: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// The server redirects, and the request must not follow.
    #[error("{url} redirects to {to}, which is not followed")]
    Redirected {
        url: String,
        /// The redacted target of the redirect.
        to: String,
    },
    /// The URL is outside the origin that the credential is bound to; nothing was sent.
    #[error("the credential is bound to {origin} and is not sent to {url}")]
    ForeignOrigin {
        url: String,
        /// The origin that the credential is bound to.
        origin: String,
    },
    /// The URL is outside the protected resource that the credential is bound to; nothing was sent.
    #[error("the credential is bound to {resource} and is not sent to {url}")]
    OutsideResource { url: String, resource: String },
    /// A public server named a URL whose host has no public address; nothing was sent.
    #[error("cannot send a request to {url}: a public server must not lead to a private address")]
    PrivateAddress { url: String },
    /// A URL that must not be used: plain http off loopback, another scheme, or with user info.
    #[error(
        "cannot send a request to {url}: only https, or http on loopback, without a user name is allowed"
    )]
    NotPermitted { url: String },
    /// The value is not shown, since it may be the credential.
    #[error(
        "the value for the header `{name}` contains characters that are not allowed in a header"
    )]
    Header { name: String },
    /// A variable holds an invalid proxy URL. The value is not shown, since it may hold a password.
    #[error("the proxy in {variable} cannot be used: {cause}")]
    Proxy { variable: String, cause: String },
    /// The file of certificates that the option or variable `named_by` gives cannot be used.
    #[error("the certificates in `{path}` ({named_by}) cannot be used: {cause}")]
    CaCert {
        /// The option or the variable.
        named_by: &'static str,
        path: String,
        cause: String,
    },
    /// The client could not be built, for example without any trusted certificate.
    #[error("cannot set up the HTTP client: {cause}")]
    Setup { cause: String },
}

impl HttpError {
    /// Returns true if a later attempt may succeed.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Connect { .. } | Self::Timeout { .. } | Self::Interrupted { .. }
        )
    }

    /// Returns true if the server may have processed the request.
    pub fn may_have_been_processed(&self) -> bool {
        match self {
            Self::Timeout { stage, .. } => *stage != TimeoutPhase::Connecting,
            Self::Interrupted { .. }
            | Self::Encoding { .. }
            | Self::RequestBody { .. }
            | Self::TooLarge { .. } => true,
            Self::Connect { .. }
            | Self::Tls { .. }
            | Self::Redirected { .. }
            | Self::ForeignOrigin { .. }
            | Self::OutsideResource { .. }
            | Self::PrivateAddress { .. }
            | Self::NotPermitted { .. }
            | Self::Header { .. }
            | Self::Proxy { .. }
            | Self::CaCert { .. }
            | Self::Setup { .. } => false,
        }
    }

    /// Returns true if a server responded, but unusably.
    pub fn is_response(&self) -> bool {
        matches!(
            self,
            Self::Redirected { .. } | Self::Encoding { .. } | Self::TooLarge { .. }
        )
    }

    /// Returns the status of a response whose body was lost.
    pub fn lost_response_status(&self) -> Option<StatusCode> {
        match self {
            Self::Interrupted { status, .. } => *status,
            Self::Timeout {
                stage: TimeoutPhase::Reading(status),
                ..
            } => Some(*status),
            _ => None,
        }
    }

    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Connect { kind, .. } => connect_hint(*kind)?,
            Self::Tls { kind, .. } => tls_hint(*kind)?,
            Self::Redirected { url, to } if differs_only_by_final_slash(url, to) => {
                "the final slash of the URL matters: use the URL exactly as in the redirect"
            }
            Self::Redirected { .. } => "use the URL that it redirects to, if you trust it",
            Self::Timeout { .. } => "the server or the network is slow; try again later",
            Self::Setup { .. } => {
                "--ca-cert and SSL_CERT_FILE can name a file of trusted certificates"
            }
            Self::Proxy { .. } => {
                "the accepted form is http://HOST:PORT or http://USER:PASSWORD@HOST:PORT (or socks5h://), with %-escapes in \
                 user and password; NO_PROXY lists hosts that need no proxy"
            }
            Self::CaCert { .. } => {
                "--ca-cert or BRAINMAPS_CA_CERT must name a PEM file with CA certificates"
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

fn connect_hint(kind: ConnectFailure) -> Option<&'static str> {
    match kind {
        ConnectFailure::Refused => {
            Some("check that the server is running and that the port is correct")
        }
        ConnectFailure::NameLookup => Some("check the host name and the network"),
        ConnectFailure::Proxy => {
            Some("check HTTPS_PROXY (or ALL_PROXY); NO_PROXY lists hosts that need no proxy")
        }
        ConnectFailure::ProxyLogin => Some(
            "set HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT, with %-escapes; the password is not retried automatically",
        ),
        ConnectFailure::Other => None,
    }
}

fn tls_hint(kind: TlsFailure) -> Option<&'static str> {
    match kind {
        TlsFailure::Issuer => Some(
            "if you trust that authority, for example your organisation's own, pass its certificate with --ca-cert FILE \
             (or BRAINMAPS_CA_CERT; SSL_CERT_FILE replaces the system's authorities)",
        ),
        TlsFailure::Time => Some(
            "check the clock of this computer; if it is right, the server needs a new certificate",
        ),
        TlsFailure::Name => {
            Some("check the host name; another server may be responding in its place")
        }
        TlsFailure::CaAsServer => Some(
            "the server needs a certificate issued by this authority, or a self-signed one without CA rights: \
             `openssl req -x509 … -addext basicConstraints=critical,CA:FALSE`",
        ),
        TlsFailure::Other => None,
    }
}

/// Returns true if two different URLs are equal without their final slash.
fn differs_only_by_final_slash(one: &str, other: &str) -> bool {
    one != other && one.trim_end_matches('/') == other.trim_end_matches('/')
}
