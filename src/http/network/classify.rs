//! Converts errors of reqwest into [`HttpError`], without the URL's query, which reqwest's own messages contain.

use std::error::Error;
use std::io::{self, ErrorKind};

use url::Url;

use super::super::{ConnectFailure, HttpError, TimeoutPhase, TlsFailure, redact_url};
use super::client_builder::NoPublicAddress;
use super::{NetworkOptions, Proxy, tls_error};
use crate::domain::sanitize_line;

/// Converts `error` of a client with these `options`.
pub(super) fn classify_error(
    error: &reqwest::Error,
    url: &Url,
    options: &NetworkOptions,
) -> HttpError {
    let proxy = options.proxy.as_ref();
    let url = redact_url(url);
    let insecure = find_source::<rustls::Error>(error).filter(|_| tunnel_error(error).is_none());
    if let Some((kind, mut cause)) = insecure.map(tls_error::classify_tls_error) {
        if let (TlsFailure::Issuer, Some(file)) = (kind, &options.system.file) {
            cause = format!(
                "{cause} ({} replaces the system's authorities)",
                file.named_by
            );
        }
        return HttpError::Tls { url, kind, cause };
    }
    if find_source::<NoPublicAddress>(error).is_some() {
        return HttpError::PrivateAddress { url };
    }
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => HttpError::Timeout {
            url,
            stage: TimeoutPhase::Connecting,
        },
        (false, true) => HttpError::Timeout {
            url,
            stage: TimeoutPhase::Waiting,
        },
        (false, false) => HttpError::Interrupted {
            url,
            status: None,
            cause: innermost_message(error),
        },
        (true, false) => {
            let (kind, cause) = connect_failure(error, proxy);
            HttpError::Connect { url, kind, cause }
        }
    }
}

fn connect_failure(error: &reqwest::Error, proxy: Option<&Proxy>) -> (ConnectFailure, String) {
    let (Some(why), Some(proxy)) = (tunnel_error(error), proxy) else {
        return direct_failure(error);
    };
    let address = proxy.address().unwrap_or_default();
    let (kind, text) = proxy_failure(&why, error, &address);
    (kind, format!("{text} ({} names it)", proxy.variable()))
}

fn direct_failure(error: &reqwest::Error) -> (ConnectFailure, String) {
    let cause = innermost_message(error);
    let refused =
        find_source::<io::Error>(error).is_some_and(|io| io.kind() == ErrorKind::ConnectionRefused);
    if refused {
        (ConnectFailure::Refused, "connection refused".to_owned())
    } else if error.is_dns() {
        (
            ConnectFailure::NameLookup,
            format!("the host name was not found ({cause})"),
        )
    } else {
        (ConnectFailure::Other, cause)
    }
}

/// Returns why the proxy opened no connection; nothing was sent through it.
fn proxy_failure(why: &str, error: &reqwest::Error, proxy: &str) -> (ConnectFailure, String) {
    let text = match why {
        "proxy authorization required" => {
            let text = format!(
                "the proxy {proxy} requires a user name and password, or rejected them (407)"
            );
            return (ConnectFailure::ProxyLogin, text);
        }
        "credentials not accepted" => {
            let text = format!("the proxy {proxy} rejects the user name and password");
            return (ConnectFailure::ProxyLogin, text);
        }
        "failed to create underlying connection" if proxy.starts_with("socks") => {
            format!("the proxy {proxy} is unreachable")
        }
        why if proxy.starts_with("socks") => {
            format!(
                "the proxy {proxy} did not open the connection: {}",
                sanitize_line(why)
            )
        }
        "unsuccessful" => format!("the proxy {proxy} did not open the connection"),
        "unexpected end of file" => format!("the proxy {proxy} closed the connection"),
        _ => {
            let insecure = find_source::<rustls::Error>(error)
                .map(|error| tls_error::classify_tls_error(error).1);
            let cause = insecure.unwrap_or_else(|| direct_failure(error).1);
            format!("cannot connect to the proxy {proxy}: {cause}")
        }
    };
    (ConnectFailure::Proxy, text)
}

/// Returns the failure of a proxy's `CONNECT`, if `error` is one. It is recognized by its text, since the type is private to
/// hyper-util.
fn tunnel_error(error: &reqwest::Error) -> Option<String> {
    let mut texts = error_chain(error).map(ToString::to_string);
    let prefixes = ["tunnel error: ", "SOCKS error: "];
    texts.find_map(|text| {
        let why = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix));
        why.map(str::to_owned)
    })
}

/// Returns the innermost `E` in the chain.
fn find_source<E: Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    error_chain(error)
        .filter_map(|error| error.downcast_ref::<E>())
        .last()
}

fn innermost_message(error: &reqwest::Error) -> String {
    // The outermost error, reqwest's own, contains the whole URL.
    let last = error_chain(error).skip(1).last();
    last.map_or_else(
        || "unknown cause".to_owned(),
        |error| sanitize_line(&error.to_string()),
    )
}

fn error_chain(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(Some(error as &(dyn Error + 'static)), |error| {
        next_source(*error)
    })
}

/// Returns the next error of a chain. [`io::Error::source`] skips the error that it wraps, so that one comes first.
fn next_source<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}
