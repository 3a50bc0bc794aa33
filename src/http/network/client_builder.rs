//! How a client is built for each kind of address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::ClientConfig;
use url::Url;

use super::super::{CONNECT_TIMEOUT, HttpError};
use super::{NetworkOptions, Proxy, root_store};
use crate::domain::{is_loopback, sanitize_line};

/// An idle connection is kept for the next page of a list, but not until the server has closed its end: a request
/// that meets a closing connection is lost, and a refresh token with it. Servers close after 5 s at the earliest.
const IDLE_TIMEOUT: Duration = Duration::from_secs(2);

/// How many idle connections are kept: as many as the requests that are under way at once at the most, when many tokens
/// are revoked. With fewer, most of those would open a connection each, and pay for its TLS.
const MAX_IDLE_CONNECTIONS: usize = 8;

/// The kinds of address that need differently built clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClientKind {
    /// Plain http, which is loopback: no certificates, no proxy.
    Plain,
    /// https on this computer: no proxy.
    SecureLoopback,
    /// https elsewhere.
    Secure,
    /// The same, through the proxy of the environment.
    Proxied,
}

impl ClientKind {
    /// How many there are.
    pub(super) const COUNT: usize = 4;

    pub(super) fn for_url(url: &Url, proxy: Option<&Proxy>) -> Self {
        if proxy.is_some_and(|proxy| proxy.applies_to(url)) {
            return Self::Proxied;
        }
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
pub(super) fn build_client(
    kind: ClientKind,
    options: &NetworkOptions,
) -> Result<reqwest::Client, HttpError> {
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls_config(kind, options)?)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .http1_only()
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_max_idle_per_host(MAX_IDLE_CONNECTIONS)
        .pool_idle_timeout(IDLE_TIMEOUT)
        // The environment is not asked behind our back.
        .no_proxy();
    let builder = match (kind, &options.proxy) {
        (ClientKind::Plain | ClientKind::SecureLoopback, _) => {
            builder.dns_resolver(LoopbackResolver)
        }
        (ClientKind::Proxied, Some(proxy)) => builder.proxy(proxy.to_reqwest()?),
        (ClientKind::Secure | ClientKind::Proxied, _) => builder,
    };
    builder.build().map_err(|error| setup_error(&error))
}

fn tls_config(kind: ClientKind, options: &NetworkOptions) -> Result<ClientConfig, HttpError> {
    let roots = match kind {
        // A file that was named is read all the same: a mistyped path must not go unnoticed until the first https URL.
        ClientKind::Plain => root_store::named(options)?,
        ClientKind::Secure | ClientKind::SecureLoopback | ClientKind::Proxied => {
            root_store::load_roots(options)?
        }
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| setup_error(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn setup_error(error: &dyn std::error::Error) -> HttpError {
    HttpError::Setup {
        cause: sanitize_line(&error.to_string()),
    }
}

/// `localhost` and names below it are this computer (RFC 6761 §6.3), whatever a name server would say; it also saves
/// the thread that a lookup needs. Both families are tried.
struct LoopbackResolver;

impl Resolve for LoopbackResolver {
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
