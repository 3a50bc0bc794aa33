//! What went wrong below, in words and without the URL's query, which the library's own messages would show.

use std::error::Error;
use std::io::{self, ErrorKind};

use rustls::CertificateError as Bad;
use url::Url;

use super::super::{Distrust, HttpError, NotConnected, Stage, shown};
use crate::domain::one_line;

/// `error` in our terms.
pub(super) fn told(error: &reqwest::Error, url: &Url) -> HttpError {
    let url = shown(url);
    if let Some((kind, cause)) = find::<rustls::Error>(error).map(untrusted) {
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
            let (kind, cause) = unconnected(error);
            HttpError::Connect { url, kind, cause }
        }
    }
}

fn unconnected(error: &reqwest::Error) -> (NotConnected, String) {
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
    } else if let Some(why) = cause.strip_prefix("tunnel error: ") {
        // The type behind this text is private to hyper-util.
        (
            NotConnected::Proxy,
            format!("the proxy did not let it through ({why})"),
        )
    } else {
        (NotConnected::Other, cause)
    }
}

fn untrusted(error: &rustls::Error) -> (Distrust, String) {
    let rustls::Error::InvalidCertificate(certificate) = error else {
        return (Distrust::Other, one_line(&error.to_string()));
    };
    let (kind, cause) = match certificate {
        Bad::UnknownIssuer => (
            Distrust::Issuer,
            "is signed by an authority that this system does not trust",
        ),
        Bad::Expired | Bad::ExpiredContext { .. } => (
            Distrust::Time,
            "has expired, or this computer's clock is wrong",
        ),
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => (
            Distrust::Time,
            "is not valid yet, or this computer's clock is wrong",
        ),
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
            (Distrust::Name, "is for another host name")
        }
        other => {
            return (
                Distrust::Other,
                one_line(&format!("its certificate was rejected ({other})")),
            );
        }
    };
    (kind, format!("its certificate {cause}"))
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
