//! Why a TLS connection is not trusted, in words.

use jiff::Timestamp;
use rustls::CertificateError as Bad;
use rustls::pki_types::{ServerName, UnixTime};

use super::super::Distrust;
use crate::domain::one_line;

/// More names of a foreign certificate than these help nobody.
const MOST_NAMES: usize = 3;

/// The kind of `error`, and what it is about.
pub(super) fn told(error: &rustls::Error) -> (Distrust, String) {
    match error {
        rustls::Error::InvalidCertificate(bad) => {
            let (kind, text) = certificate(bad);
            (kind, format!("its certificate {text}"))
        }
        rustls::Error::InvalidMessage(_) => {
            let text = "it does not answer in TLS; is the port right?";
            (Distrust::Other, text.to_owned())
        }
        other => (Distrust::Other, one_line(&other.to_string())),
    }
}

fn certificate(bad: &Bad) -> (Distrust, String) {
    match bad {
        Bad::UnknownIssuer => (
            Distrust::Issuer,
            "is signed by an authority that is not trusted here, or by itself".to_owned(),
        ),
        Bad::ExpiredContext { time, not_after } => {
            let text = format!("expired on {}{}", day(*not_after), by_our_clock(*time));
            (Distrust::Time, text)
        }
        Bad::NotValidYetContext { time, not_before } => {
            let begins = day(*not_before);
            let text = format!("is not valid before {begins}{}", by_our_clock(*time));
            (Distrust::Time, text)
        }
        Bad::Expired => (Distrust::Time, "has expired".to_owned()),
        Bad::NotValidYet => (Distrust::Time, "is not valid yet".to_owned()),
        Bad::NotValidForNameContext {
            expected,
            presented,
        } => (Distrust::Name, another_name(expected, presented)),
        Bad::NotValidForName => (Distrust::Name, "is for another host name".to_owned()),
        // The type behind this name is private to rustls' verifier.
        Bad::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            let text = "is that of an authority, which no server may show as its own".to_owned();
            (Distrust::AuthorityItself, text)
        }
        other => (
            Distrust::Other,
            format!("was rejected ({})", one_line(&other.to_string())),
        ),
    }
}

fn another_name(expected: &ServerName<'_>, presented: &[String]) -> String {
    let names: Vec<String> = presented
        .iter()
        .take(MOST_NAMES)
        .map(|name| plain(name))
        .collect();
    let others = match names.as_slice() {
        [] => "no host name".to_owned(),
        names => names.join(", "),
    };
    format!("is for {others}, not for {}", expected.to_str())
}

/// A name as rustls writes it, `DnsName("a.b")`, without the wrapping; it comes from the server.
fn plain(name: &str) -> String {
    let inner = name
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    let inner = inner.unwrap_or(name).trim_matches('"');
    one_line(inner).chars().take(100).collect()
}

fn by_our_clock(time: UnixTime) -> String {
    format!(", and this computer's clock says {}", day(time))
}

fn day(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).ok();
    let moment = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
    moment.map_or_else(
        || "a day that no calendar has".to_owned(),
        |moment| moment.to_string().chars().take(10).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_says_of_itself_is_short_and_safe() {
        let expected = ServerName::try_from("a.test").unwrap();
        let presented = ["DnsName(\"evil\u{1b}[2J.test\")".to_owned()];
        let text = another_name(&expected, &presented);
        assert_eq!(text, "is for evil[2J.test, not for a.test");
        let many: Vec<String> = (0..100).map(|n| format!("{n}.test")).collect();
        let text = another_name(&expected, &many);
        assert_eq!(text, "is for 0.test, 1.test, 2.test, not for a.test");
        assert_eq!(
            another_name(&expected, &[]),
            "is for no host name, not for a.test"
        );
    }

    #[test]
    fn a_day_beyond_the_calendar_does_no_harm() {
        let far = UnixTime::since_unix_epoch(std::time::Duration::from_secs(u64::MAX));
        assert_eq!(day(far), "a day that no calendar has");
    }
}
