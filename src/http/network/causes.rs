//! What went wrong below, in words and without the URL's query, which the library's own messages would show.

use std::error::Error;
use std::io::{self, ErrorKind};

use rustls::CertificateError;
use url::Url;

use super::super::{HttpError, NotConnected, Stage, shown};
use crate::domain::one_line;

/// `error` in our terms.
pub(super) fn told(error: &reqwest::Error, url: &Url) -> HttpError {
    let url = shown(url);
    if let Some(cause) = find::<rustls::Error>(error).map(untrusted) {
        return HttpError::Tls { url, cause };
    }
    if error.is_timeout() {
        let stage = if error.is_connect() {
            Stage::Connecting
        } else {
            Stage::Waiting
        };
        return HttpError::Timeout { url, stage };
    }
    if !error.is_connect() {
        return HttpError::Interrupted {
            url,
            cause: innermost(error),
        };
    }
    let refused =
        find::<io::Error>(error).is_some_and(|io| io.kind() == ErrorKind::ConnectionRefused);
    let (kind, cause) = match (refused, error.is_dns()) {
        (true, _) => (NotConnected::Refused, "connection refused".to_owned()),
        (_, true) => (
            NotConnected::NameLookup,
            format!("the host name was not found ({})", innermost(error)),
        ),
        _ => (NotConnected::Other, innermost(error)),
    };
    HttpError::Connect { url, kind, cause }
}

/// The innermost `E` in the chain. An [`io::Error`] hides what it wraps from `source`, so that is looked into too.
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

fn below<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

fn untrusted(error: &rustls::Error) -> String {
    let rustls::Error::InvalidCertificate(certificate) = error else {
        return one_line(&error.to_string());
    };
    match certificate {
        CertificateError::UnknownIssuer => {
            "its certificate is signed by an authority that this system does not trust".to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired, or this computer's clock is wrong".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet, or this computer's clock is wrong".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another host name".to_owned()
        }
        other => one_line(&format!("its certificate was rejected ({other})")),
    }
}
