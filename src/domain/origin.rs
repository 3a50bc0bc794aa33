//! Origins (RFC 6454 §4), to which credentials are bound, and the base URLs of services. The only place that decides which
//! URLs may be connected to: https, or http on loopback (RFC 8252 §8.3, RFC 6749 §3.1.2.1).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::sanitize_line;

const EXPECTED_URL: &str = "expected a URL of the form https://host/path";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    /// The text is not quoted: it may be a key that was passed by mistake.
    #[error("{EXPECTED_URL}")]
    Malformed,
    /// Others on the network path could read the credential.
    #[error("`{0}` uses plain http, which is allowed only on loopback (use https)")]
    Insecure(String),
    #[error("`{0}` uses an unsupported scheme (only https, and http on loopback)")]
    Scheme(String),
    /// `localhost:8000`
    #[error("`{address}` has no scheme (put {scheme}:// before it)")]
    NoScheme {
        address: String,
        scheme: &'static str,
    },
    /// Both would appear in logs and process lists.
    #[error("the URL for `{0}` contains a user name or password; remove them")]
    UserInfo(String),
}

impl InvalidUrl {
    /// Returns what was expected, without the URL: a file that holds it may also hold a secret by mistake.
    pub fn expectation(&self) -> &'static str {
        match self {
            Self::Malformed => EXPECTED_URL,
            Self::Insecure(_) | Self::Scheme(_) | Self::NoScheme { .. } => {
                "expected an https URL (http only on loopback)"
            }
            Self::UserInfo(_) => "expected a URL without a user name and password",
        }
    }
}

/// Scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

impl Origin {
    /// Returns the origin of `url`.
    ///
    /// # Errors
    /// [`InvalidUrl`] if the program may not connect to `url`.
    pub fn of(url: &Url) -> Result<Self, InvalidUrl> {
        check_url(url)?;
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// Returns `true` if the program may connect to `url`, or open it in a browser, because a server at this origin
    /// said so: an https server may not lead to plain http.
    pub fn may_link_to(&self, url: &Url) -> bool {
        let is_plain = self.0.starts_with("http://");
        check_url(url).is_ok() && (is_plain || url.scheme() == "https")
    }

    /// Returns host and port.
    pub fn host(&self) -> &str {
        self.0.split_once("://").map_or(&*self.0, |(_, host)| host)
    }

    pub fn contains(&self, url: &Url) -> bool {
        url.origin().ascii_serialization() == self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Origin {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Self, InvalidUrl> {
        Self::of(&parse_url(text)?)
    }
}

impl TryFrom<String> for Origin {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
            .map_err(|error: InvalidUrl| error.expectation())
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

/// The URL that a service's paths are appended to: an [`Origin`], perhaps with a path, never with a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Appends `path`, which starts with a slash and may have a query.
    ///
    /// # Errors
    /// [`InvalidUrl`] if the result is not a URL, or has another origin.
    pub fn join(&self, path: &str) -> Result<Url, InvalidUrl> {
        let url = parse_url(&format!("{}{path}", self.0))?;
        if self.origin().contains(&url) {
            return Ok(url);
        }
        Err(InvalidUrl::Malformed)
    }

    pub fn origin(&self) -> Origin {
        Origin(self.0[..self.host_end()].to_owned())
    }

    /// Returns the path, which is empty or starts with a slash.
    pub fn path(&self) -> &str {
        &self.0[self.host_end()..]
    }

    /// Returns the base URL of a permitted URL, without its query and fragment.
    pub(super) fn without_query(url: &Url) -> Self {
        let origin = url.origin().ascii_serialization();
        Self(format!("{origin}{}", url.path().trim_end_matches('/')))
    }

    fn host_end(&self) -> usize {
        let start = self.0.find("://").map_or(0, |at| at + 3);
        let length = self.0[start..].find('/');
        length.map_or(self.0.len(), |length| start + length)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for BaseUrl {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Self, InvalidUrl> {
        let url = parse_url(text)?;
        Origin::of(&url)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidUrl::Malformed);
        }
        Ok(Self::without_query(&url))
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
            .map_err(|error: InvalidUrl| error.expectation())
    }
}

impl From<BaseUrl> for String {
    fn from(base: BaseUrl) -> Self {
        base.0
    }
}

/// Returns the hosts of a verification URL and of the issuer that named it, if they differ.
pub fn differing_hosts(verification_url: &Url, issuer: &str) -> Option<(String, String)> {
    let issuer = issuer.parse::<Origin>().ok()?;
    let origin = Origin::of(verification_url).ok()?;
    (origin != issuer).then(|| (origin.host().to_owned(), issuer.host().to_owned()))
}

fn parse_url(text: &str) -> Result<Url, InvalidUrl> {
    Url::parse(text).map_err(|_| InvalidUrl::Malformed)
}

fn check_url(url: &Url) -> Result<(), InvalidUrl> {
    let host = url.host_str().unwrap_or_default().to_owned();
    if !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidUrl::UserInfo(host));
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => Err(InvalidUrl::Insecure(sanitize_line(url.as_str()))),
        _ if url.cannot_be_a_base() && begins_with_port(url.path()) => Err(to_no_scheme_error(url)),
        _ => Err(InvalidUrl::Scheme(sanitize_line(url.as_str()))),
    }
}

fn begins_with_port(path: &str) -> bool {
    let port = path.split('/').next().unwrap_or_default();
    port.parse::<u16>().is_ok()
}

/// Returns the error for `host:port`, which parses as a URL with the scheme `host`.
fn to_no_scheme_error(url: &Url) -> InvalidUrl {
    let as_http = Url::parse(&format!("http://{url}"));
    let is_local = as_http.is_ok_and(|url| is_loopback(&url));
    InvalidUrl::NoScheme {
        address: sanitize_line(url.as_str()),
        scheme: if is_local { "http" } else { "https" },
    }
}

/// Returns `true` for 127.0.0.0/8, `::1`, `localhost` and the names below it (RFC 6761 §6.3).
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_consists_of_scheme_host_and_port() {
        let origin: Origin = "https://API.example.com:443/v1".parse().unwrap();
        assert_eq!(origin.to_string(), "https://api.example.com");
        assert!(origin.contains(&Url::parse("https://api.example.com/x").unwrap()));
        assert!(!origin.contains(&Url::parse("https://api.example.com:444/x").unwrap()));
        assert!(!origin.contains(&Url::parse("http://api.example.com/x").unwrap()));
    }

    #[test]
    fn https_server_may_link_only_to_https() {
        let may_link_to = |origin: &str, url: &str| {
            let origin: Origin = origin.parse().unwrap();
            origin.may_link_to(&Url::parse(url).unwrap())
        };
        assert!(may_link_to("https://a.b", "https://c.d/x"));
        assert!(!may_link_to("https://a.b", "http://localhost:1/x"));
        assert!(may_link_to("http://localhost", "http://127.0.0.1:1/x"));
        assert!(may_link_to("http://localhost", "https://c.d/x"));
        for bad in ["http://c.d", "javascript:x", "https://u:p@c.d", "data:x"] {
            assert!(!may_link_to("http://localhost", bad), "{bad}");
        }
        let origin: Origin = "https://a.b:444".parse().unwrap();
        assert_eq!(origin.host(), "a.b:444");
    }

    #[test]
    fn plain_http_is_accepted_only_on_loopback() {
        for fine in [
            "http://127.0.0.1:1",
            "http://[::1]:1",
            "http://localhost",
            "https://a.b",
        ] {
            assert!(fine.parse::<Origin>().is_ok(), "{fine}");
        }
        for bad in [
            "http://a.b",
            "ftp://a.b",
            "javascript:alert(1)",
            "https://u:p@a.b",
            "http://127.0.0.1.evil.net",
        ] {
            assert!(bad.parse::<Origin>().is_err(), "{bad}");
        }
    }

    #[test]
    fn base_url_keeps_its_path_and_origin() {
        let base: BaseUrl = "http://localhost:8000/basic-memory/".parse().unwrap();
        assert_eq!(
            base.join("/api/keys").unwrap().as_str(),
            "http://localhost:8000/basic-memory/api/keys"
        );
        assert_eq!(base.origin().to_string(), "http://localhost:8000");
        let without_path: BaseUrl = "https://a.b".parse().unwrap();
        assert!(without_path.join(".evil.net/x").is_err());
        assert!(without_path.join("@evil.net/x").is_err());
    }
}
