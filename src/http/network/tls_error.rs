//! Describes why a TLS connection is not trusted.

use jiff::Timestamp;
use rustls::CertificateError as Bad;
use rustls::pki_types::{ServerName, UnixTime};

use super::super::TlsFailure;
use crate::domain::{sanitize_line, sanitize_line_to};

/// How many names of a certificate for another host are shown.
const MAX_NAMES: usize = 3;

/// Returns the kind of `error` and a description.
pub(super) fn classify_tls_error(error: &rustls::Error) -> (TlsFailure, String) {
    match error {
        rustls::Error::InvalidCertificate(bad) => {
            let (kind, text) = certificate_failure(bad);
            (kind, format!("its certificate {text}"))
        }
        rustls::Error::InvalidMessage(_) => {
            let text = "the server does not use TLS on this port";
            (TlsFailure::Other, text.to_owned())
        }
        other => (TlsFailure::Other, sanitize_line(&other.to_string())),
    }
}

fn certificate_failure(bad: &Bad) -> (TlsFailure, String) {
    match bad {
        Bad::UnknownIssuer => (
            TlsFailure::Issuer,
            "is self-signed or was issued by an untrusted authority".to_owned(),
        ),
        Bad::ExpiredContext { time, not_after } => {
            let text = format!(
                "expired on {}{}",
                format_day(*not_after),
                format_local_date(*time)
            );
            (TlsFailure::Time, text)
        }
        Bad::NotValidYetContext { time, not_before } => {
            let begins = format_day(*not_before);
            let text = format!("is not valid before {begins}{}", format_local_date(*time));
            (TlsFailure::Time, text)
        }
        Bad::Expired => (TlsFailure::Time, "has expired".to_owned()),
        Bad::NotValidYet => (TlsFailure::Time, "is not valid yet".to_owned()),
        Bad::NotValidForNameContext {
            expected,
            presented,
        } => (TlsFailure::Name, wrong_name_message(expected, presented)),
        Bad::NotValidForName => (TlsFailure::Name, "is for another host name".to_owned()),
        // The type behind this name is private to rustls' verifier.
        Bad::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            let text = "is a CA certificate, which a server must not use as its own".to_owned();
            (TlsFailure::CaAsServer, text)
        }
        other => (
            TlsFailure::Other,
            format!("was rejected ({})", sanitize_line(&other.to_string())),
        ),
    }
}

fn wrong_name_message(expected: &ServerName<'_>, presented: &[String]) -> String {
    let names: Vec<String> = presented
        .iter()
        .take(MAX_NAMES)
        .map(|name| plain_name(name))
        .collect();
    let others = match names.as_slice() {
        [] => "no host name".to_owned(),
        names => names.join(", "),
    };
    format!("is for {others}, not for {}", expected.to_str())
}

/// Removes the wrapper that rustls adds to a name, `DnsName("a.b")`, and sanitizes it, since it comes from the server.
fn plain_name(name: &str) -> String {
    let inner = name
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    let inner = inner.unwrap_or(name).trim_matches('"');
    sanitize_line_to(100, inner)
}

fn format_local_date(time: UnixTime) -> String {
    format!("; this computer's clock says {}", format_day(time))
}

fn format_day(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).ok();
    let moment = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
    moment.map_or_else(
        || "an impossible date".to_owned(),
        |moment| moment.to_string().chars().take(10).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificate_names_are_sanitized_and_limited() {
        let expected = ServerName::try_from("a.test").unwrap();
        let presented = ["DnsName(\"evil\u{1b}[2J.test\")".to_owned()];
        let text = wrong_name_message(&expected, &presented);
        assert_eq!(text, "is for evil[2J.test, not for a.test");
        let many: Vec<String> = (0..100).map(|n| format!("{n}.test")).collect();
        let text = wrong_name_message(&expected, &many);
        assert_eq!(text, "is for 0.test, 1.test, 2.test, not for a.test");
        assert_eq!(
            wrong_name_message(&expected, &[]),
            "is for no host name, not for a.test"
        );
    }

    #[test]
    fn date_beyond_the_calendar_is_reported() {
        let far = UnixTime::since_unix_epoch(std::time::Duration::from_secs(u64::MAX));
        assert_eq!(format_day(far), "an impossible date");
    }
}
