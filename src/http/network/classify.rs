//! Converts errors of reqwest into [`HttpError`], without the URL's query, which reqwest's own messages contain.

use std::error::Error;
use std::io::{self, ErrorKind};

use url::Url;

use super::super::{ConnectFailure, HttpError, TimeoutPhase, redact_url};
use super::tls_error;
use crate::domain::sanitize_line;

/// Converts `error`; `proxy` is the address of the configured proxy.
pub(super) fn classify_error(error: &reqwest::Error, url: &Url, proxy: Option<&str>) -> HttpError {
    let url = redact_url(url);
    let insecure = find_source::<rustls::Error>(error).filter(|_| tunnel_error(error).is_none());
    if let Some((kind, cause)) = insecure.map(tls_error::classify_tls_error) {
        return HttpError::Tls { url, kind, cause };
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

fn connect_failure(error: &reqwest::Error, proxy: Option<&str>) -> (ConnectFailure, String) {
    match tunnel_error(error) {
        Some(why) => proxy_failure(&why, error, proxy.unwrap_or("from the environment")),
        None => direct_failure(error),
    }
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
    texts.find_map(|text| Some(text.strip_prefix("tunnel error: ")?.to_owned()))
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
