//! Why there is no answer. Nothing here holds a body, a credential or a query string.

use std::fmt;

use url::Url;

use super::BODY_LIMIT;
use crate::domain::sanitize_line;

/// Of a path that is longer, in bytes, the rest is not shown: a server may redirect to one of many thousand.
const MAX_PATH_LENGTH: usize = 256;

/// `url` without user info, query and fragment, any of which may hold a secret.
pub fn redact_url(url: &Url) -> String {
    let origin = url.origin().ascii_serialization();
    let path = url.path();
    match path.get(..MAX_PATH_LENGTH) {
        Some(beginning) if path.len() > MAX_PATH_LENGTH => {
            sanitize_line(&format!("{origin}{beginning}…"))
        }
        _ => sanitize_line(&format!("{origin}{path}")),
    }
}

/// Why no connection was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectFailure {
    /// The computer is there, nothing listens.
    Refused,
    /// The name has no address.
    NameLookup,
    /// The proxy of the environment did not let it through.
    Proxy,
    /// The proxy wants a user name and a password, or other ones (407).
    ProxyLogin,
    /// Anything else: no route, reset.
    Other,
}

/// Why a TLS connection is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsFailure {
    /// No known authority stands behind the certificate.
    Issuer,
    /// The certificate is not valid at this time, by this computer's clock.
    Time,
    /// The certificate is for somebody else.
    Name,
    /// The server shows the certificate of an authority, as `openssl req -x509` makes it.
    CaAsServer,
    /// Anything else: no common protocol, a server that speaks no TLS.
    Other,
}

/// Where an exchange stood when its time was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeoutPhase {
    /// Nothing was sent yet.
    Connecting,
    /// The request may have arrived.
    Waiting,
    /// A part of the answer had come.
    Reading,
}

impl fmt::Display for TimeoutPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connecting => "connecting",
            Self::Waiting => "waiting for the answer",
            Self::Reading => "reading the answer",
        })
    }
}

/// An exchange without a usable answer. URLs are as [`redact_url`] leaves them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// No connection; nothing was sent.
    #[error("could not connect to {url}: {cause}")]
    Connect {
        /// Where to.
        url: String,
        /// The kind of failure.
        kind: ConnectFailure,
        /// In words.
        cause: String,
    },
    /// No trusted connection; nothing was sent.
    #[error("no secure connection to {url}: {cause}")]
    Tls {
        /// Where to.
        url: String,
        /// The kind of failure.
        kind: TlsFailure,
        /// In words.
        cause: String,
    },
    /// The time was over.
    #[error("timed out {stage} ({url})")]
    Timeout {
        /// Where to.
        url: String,
        /// How far it had come.
        stage: TimeoutPhase,
    },
    /// The connection broke after the request was sent: the server may have acted on it.
    #[error("the answer of {url} was lost after the request was sent: {cause}")]
    Interrupted {
        /// Where to.
        url: String,
        /// In words.
        cause: String,
    },
    /// The answer is longer than [`BODY_LIMIT`].
    #[error("the answer of {url} is larger than {} KiB", BODY_LIMIT / 1024)]
    TooLarge {
        /// Where to.
        url: String,
    },
    /// The server points elsewhere, and the request may not follow.
    #[error("{url} redirects to {to}, which is not followed")]
    Redirected {
        /// Where to.
        url: String,
        /// Where it points.
        to: String,
    },
    /// A credential was about to leave the place it belongs to.
    #[error("the credential belongs to {origin} and is not sent to {url}")]
    ForeignOrigin {
        /// Where the request would have gone.
        url: String,
        /// Where the credential belongs.
        origin: String,
    },
    /// A URL that is never talked to: plain http off loopback, another scheme, user info inside.
    #[error("{url} is not talked to: only https, or http on loopback, without a user name")]
    NotPermitted {
        /// The URL.
        url: String,
    },
    /// The value is not shown: it may be the credential.
    #[error("the value for the header `{name}` has characters that no header may have")]
    Header {
        /// The header's name.
        name: String,
    },
    /// A variable names a proxy that there cannot be. Its value is not shown: it may hold a password.
    #[error("the proxy in {variable} cannot be used: {cause}")]
    Proxy {
        /// The variable.
        variable: String,
        /// In words.
        cause: String,
    },
    /// The file of certificates that the user named.
    #[error("the certificates in `{path}` ({named_by}) cannot be used: {cause}")]
    CaCert {
        /// The option or the variable.
        named_by: &'static str,
        /// The file.
        path: String,
        /// In words.
        cause: String,
    },
    /// The client could not be built: no trusted certificates, for example.
    #[error("the HTTP client could not be set up: {cause}")]
    Setup {
        /// In words.
        cause: String,
    },
}

impl HttpError {
    /// Whether trying later may help.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Connect { .. } | Self::Timeout { .. } | Self::Interrupted { .. }
        )
    }

    /// Whether the server may have done what it was asked.
    pub fn may_have_been_processed(&self) -> bool {
        match self {
            Self::Timeout { stage, .. } => *stage != TimeoutPhase::Connecting,
            Self::Interrupted { .. } | Self::TooLarge { .. } => true,
            Self::Connect { .. }
            | Self::Tls { .. }
            | Self::Redirected { .. }
            | Self::ForeignOrigin { .. }
            | Self::NotPermitted { .. }
            | Self::Header { .. }
            | Self::Proxy { .. }
            | Self::CaCert { .. }
            | Self::Setup { .. } => false,
        }
    }

    /// Whether a server did answer, with something unusable.
    pub fn is_response(&self) -> bool {
        matches!(self, Self::Redirected { .. } | Self::TooLarge { .. })
    }

    /// What the user can do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Connect { kind, .. } => connect_hint(*kind)?,
            Self::Tls { kind, .. } => tls_hint(*kind)?,
            Self::Redirected { url, to } if differs_only_by_final_slash(url, to) => {
                "the final slash of that address matters; use it as the server spells it"
            }
            Self::Redirected { .. } => "use the address that it redirects to, if you trust it",
            Self::Timeout { .. } => "the server or the network is slow; try again later",
            Self::Setup { .. } => {
                "--ca-cert and SSL_CERT_FILE can name a file of trusted certificates"
            }
            Self::Proxy { .. } => {
                "write http://HOST:PORT or http://USER:PASSWORD@HOST:PORT (or socks5h://), with %-escapes in user and \
                 password; NO_PROXY names hosts that need no proxy"
            }
            Self::CaCert { .. } => {
                "--ca-cert, or BRAINMAPS_CA_CERT, names a PEM file with the certificates of authorities"
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

fn connect_hint(kind: ConnectFailure) -> Option<&'static str> {
    match kind {
        ConnectFailure::Refused => Some("is the server running, and is the port right?"),
        ConnectFailure::NameLookup => Some("check the host name and the network"),
        ConnectFailure::Proxy => {
            Some("check HTTPS_PROXY (or ALL_PROXY); NO_PROXY names hosts that need no proxy")
        }
        ConnectFailure::ProxyLogin => Some(
            "put both into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT, with %-escapes; it is not tried again by itself",
        ),
        ConnectFailure::Other => None,
    }
}

fn tls_hint(kind: TlsFailure) -> Option<&'static str> {
    match kind {
        TlsFailure::Issuer => Some(
            "if you trust that authority, as one of your organisation's own, name the file of its certificate: --ca-cert \
             FILE (or BRAINMAPS_CA_CERT; SSL_CERT_FILE replaces the system's)",
        ),
        TlsFailure::Time => Some(
            "check the clock of this computer; if it is right, the server needs a new certificate",
        ),
        TlsFailure::Name => Some("check the host name; somebody else may be answering for it"),
        TlsFailure::CaAsServer => Some(
            "the server needs a certificate that this authority signed, or one that signed itself and is no authority: \
             `openssl req -x509 … -addext basicConstraints=critical,CA:FALSE`",
        ),
        TlsFailure::Other => None,
    }
}

/// Whether two addresses differ by a final slash alone.
fn differs_only_by_final_slash(one: &str, other: &str) -> bool {
    one != other && one.trim_end_matches('/') == other.trim_end_matches('/')
}
