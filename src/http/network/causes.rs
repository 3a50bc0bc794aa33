//! What went wrong below, in words and without the URL's query, which the library's own messages would show.

use std::error::Error;
use std::io::{self, ErrorKind};

use url::Url;

use super::super::{HttpError, NotConnected, Stage, shown};
use super::distrust;
use crate::domain::one_line;

/// `error` in our terms; `proxy` is the one of the environment.
pub(super) fn told(error: &reqwest::Error, url: &Url, proxy: Option<&str>) -> HttpError {
    let url = shown(url);
    let insecure = find::<rustls::Error>(error).filter(|_| tunnel(error).is_none());
    if let Some((kind, cause)) = insecure.map(distrust::told) {
        return HttpError::Tls { url, kind, cause };
    }
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => HttpError::Timeout {
            url,
            stage: Stage::Connecting,
        },
        (false, true) => HttpError::Timeout {
            url,
            stage: Stage::Waiting,
        },
        (false, false) => HttpError::Interrupted {
            url,
            cause: innermost(error),
        },
        (true, false) => {
            let (kind, cause) = unconnected(error, proxy);
            HttpError::Connect { url, kind, cause }
        }
    }
}

fn unconnected(error: &reqwest::Error, proxy: Option<&str>) -> (NotConnected, String) {
    match tunnel(error) {
        Some(why) => at_proxy(&why, error, proxy.unwrap_or("of the environment")),
        None => direct(error),
    }
}

fn direct(error: &reqwest::Error) -> (NotConnected, String) {
    let cause = innermost(error);
    let refused =
        find::<io::Error>(error).is_some_and(|io| io.kind() == ErrorKind::ConnectionRefused);
    if refused {
        (NotConnected::Refused, "connection refused".to_owned())
    } else if error.is_dns() {
        (
            NotConnected::NameLookup,
            format!("the host name was not found ({cause})"),
        )
    } else {
        (NotConnected::Other, cause)
    }
}

/// What a proxy did not do; nothing was sent through it.
fn at_proxy(why: &str, error: &reqwest::Error, proxy: &str) -> (NotConnected, String) {
    let text = match why {
        "proxy authorization required" => {
            let text = format!(
                "the proxy {proxy} wants a user name and a password, or does not take those that it got (407)"
            );
            return (NotConnected::ProxyLogin, text);
        }
        "unsuccessful" => format!("the proxy {proxy} did not let it through"),
        "unexpected end of file" => format!("the proxy {proxy} hung up"),
        _ => {
            let insecure = find::<rustls::Error>(error).map(|error| distrust::told(error).1);
            let cause = insecure.unwrap_or_else(|| direct(error).1);
            format!("the proxy {proxy} could not be asked: {cause}")
        }
    };
    (NotConnected::Proxy, text)
}

/// What went wrong between here and the proxy, when that is where it was. The type behind the text is private to
/// hyper-util.
fn tunnel(error: &reqwest::Error) -> Option<String> {
    let mut texts = chain(error).map(ToString::to_string);
    texts.find_map(|text| Some(text.strip_prefix("tunnel error: ")?.to_owned()))
}

/// The innermost `E` in the chain.
fn find<E: Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    chain(error)
        .filter_map(|error| error.downcast_ref::<E>())
        .last()
}

fn innermost(error: &reqwest::Error) -> String {
    // The outermost, reqwest's own, would show the whole URL.
    let last = chain(error).skip(1).last();
    last.map_or_else(
        || "no cause is known".to_owned(),
        |error| one_line(&error.to_string()),
    )
}

fn chain(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(Some(error as &(dyn Error + 'static)), |error| below(*error))
}

/// The next error of a chain. An [`io::Error`] passes over what it wraps, so that is looked into first.
fn below<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}
