//! Builds the reqwest client for each kind of address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::ClientConfig;

use super::super::{CONNECT_TIMEOUT, HttpError, Request};
use super::{NetworkOptions, Proxy, root_store};
use crate::domain::{is_loopback, is_private_address, sanitize_line};

/// An idle connection is kept for the next page of a list, but is closed before the server closes it: a request on a
/// closing connection is lost, and a refresh token with it. Servers close after 5 s at the earliest.
const IDLE_TIMEOUT: Duration = Duration::from_secs(2);

/// As many idle connections as there are concurrent requests when many tokens are revoked. With fewer, most of those
/// requests would need a new connection and TLS handshake.
const MAX_IDLE_CONNECTIONS: usize = 8;

/// The maximum number of header lines; hyper's default of 100 is less than some gateways add.
const MAX_HEADERS: usize = 512;

/// The kinds of address; each needs its own client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClientKind {
    /// Plain http, always on loopback: no certificates, no proxy.
    Plain,
    /// https on loopback: no proxy.
    SecureLoopback,
    /// https on other hosts, without a proxy.
    Secure,
    /// https on other hosts whose addresses are public, without a proxy.
    SecurePublic,
    /// Any host, through the proxy of the environment, which looks up names.
    Proxied,
}

impl ClientKind {
    pub(super) const COUNT: usize = 5;

    pub(super) fn for_request(request: &Request, proxy: Option<&Proxy>) -> Self {
        let url = request.url();
        if proxy.is_some_and(|proxy| proxy.applies_to(url)) {
            return Self::Proxied;
        }
        match (url.scheme(), is_loopback(url)) {
            ("https", false) if request.requires_public_address() => Self::SecurePublic,
            ("https", false) => Self::Secure,
            ("https", true) => Self::SecureLoopback,
            _ => Self::Plain,
        }
    }
}

/// Builds the client.
///
/// # Errors
/// An unusable option, or no trusted certificates.
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
        // A header that is not needed must not cost a response whose tokens were already rotated (RFC 9112 §5).
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_max_headers(MAX_HEADERS)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_max_idle_per_host(MAX_IDLE_CONNECTIONS)
        .pool_idle_timeout(IDLE_TIMEOUT)
        // reqwest must not read proxies from the environment: `NetworkOptions` already did.
        .no_proxy();
    let builder = match (kind, &options.proxy) {
        (ClientKind::Plain | ClientKind::SecureLoopback, _) => {
            builder.dns_resolver(LoopbackResolver)
        }
        (ClientKind::Proxied, Some(proxy)) => builder.proxy(proxy.to_reqwest()?),
        (ClientKind::SecurePublic, _) => builder.dns_resolver(PublicResolver),
        (ClientKind::Secure | ClientKind::Proxied, _) => builder,
    };
    builder.build().map_err(|error| setup_error(&error))
}

fn tls_config(kind: ClientKind, options: &NetworkOptions) -> Result<ClientConfig, HttpError> {
    let roots = match kind {
        // A named file is read even for plain http, so that a mistyped path is noticed before the first https URL.
        ClientKind::Plain => root_store::named(options)?,
        ClientKind::Secure
        | ClientKind::SecurePublic
        | ClientKind::SecureLoopback
        | ClientKind::Proxied => root_store::load_roots(options)?,
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

/// Resolves `localhost` and names below it to loopback (RFC 6761 §6.3) without asking a name server, which also saves
/// the thread of a lookup. Both address families are tried.
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

/// A name of a host without a public address.
#[derive(Debug, thiserror::Error)]
#[error("the host has no public address")]
pub(super) struct NoPublicAddress;

/// Looks up public addresses only. A second lookup cannot return another one: the connection uses this result.
struct PublicResolver;

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let addresses: Vec<SocketAddr> = found
                .filter(|address| !is_private_address(address.ip()))
                .collect();
            if addresses.is_empty() {
                return Err(NoPublicAddress.into());
            }
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}
