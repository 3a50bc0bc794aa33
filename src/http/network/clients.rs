//! How a client is built for each kind of address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::ClientConfig;
use url::Url;

use super::super::{CONNECT_LIMIT, HttpError};
use super::{NetworkOptions, trust};
use crate::domain::{is_loopback, one_line};

/// An idle connection is kept for the next page of a list, but not until the server has closed its end: a request
/// that meets a closing connection is lost, and a refresh token with it. Servers close after 5 s at the earliest.
const IDLE_LIMIT: Duration = Duration::from_secs(2);

/// How many idle connections are kept: as many as the requests that are under way at once at the most, when many tokens
/// are revoked. With fewer, most of those would open a connection each, and pay for its TLS.
const IDLE_MOST: usize = 8;

/// The kinds of address that need differently built clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Plain http, which is loopback: no certificates, no proxy.
    Plain,
    /// https on this computer: no proxy.
    SecureLoopback,
    /// https elsewhere: the proxies of the environment apply.
    Secure,
}

impl Kind {
    /// How many there are.
    pub(super) const COUNT: usize = 3;

    pub(super) fn of(url: &Url) -> Self {
        match (url.scheme(), is_loopback(url)) {
            ("https", false) => Self::Secure,
            ("https", true) => Self::SecureLoopback,
            _ => Self::Plain,
        }
    }
}

/// Builds the client.
///
/// # Errors
/// What the options say that cannot be followed, and when there is nobody to trust.
pub(super) fn build(kind: Kind, options: &NetworkOptions) -> Result<reqwest::Client, HttpError> {
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls(kind, options)?)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .http1_only()
        .connect_timeout(CONNECT_LIMIT)
        .pool_max_idle_per_host(IDLE_MOST)
        .pool_idle_timeout(IDLE_LIMIT)
        // The environment is not asked behind our back.
        .no_proxy();
    let builder = match (kind, &options.proxy) {
        (Kind::Plain | Kind::SecureLoopback, _) => builder.dns_resolver(Loopback),
        (Kind::Secure, Some(proxy)) => builder.proxy(proxy.rule()?),
        (Kind::Secure, None) => builder,
    };
    builder.build().map_err(|error| setup(&error))
}

fn tls(kind: Kind, options: &NetworkOptions) -> Result<ClientConfig, HttpError> {
    let roots = match kind {
        // A file that was named is read all the same: a mistyped path must not go unnoticed until the first https URL.
        Kind::Plain => trust::named(options.ca_cert.as_deref())?,
        Kind::Secure | Kind::SecureLoopback => trust::roots(options.ca_cert.as_deref())?,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| setup(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn setup(error: &dyn std::error::Error) -> HttpError {
    HttpError::Setup {
        cause: one_line(&error.to_string()),
    }
}

/// `localhost` and names below it are this computer (RFC 6761 §6.3), whatever a name server would say; it also saves
/// the thread that a lookup needs. Both families are tried.
struct Loopback;

impl Resolve for Loopback {
    fn resolve(&self, _: Name) -> Resolving {
        let families = [
            IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(Ipv6Addr::LOCALHOST),
        ];
        let addresses: Addrs = Box::new(
            families
                .into_iter()
                .map(|address| SocketAddr::new(address, 0)),
        );
        Box::pin(std::future::ready(Ok(addresses)))
    }
}
