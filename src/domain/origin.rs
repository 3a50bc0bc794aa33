//! Where a credential belongs: scheme, host and port (RFC 6454 §4), and the base URL a service is spoken to at.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// A URL that this program will not talk to, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    /// The text is no URL of this kind. It is not repeated: it may be a key that was put in the wrong place.
    #[error("it is no URL of the form https://host/path")]
    Malformed,
    /// Plain http off loopback: anybody on the way could read the credential.
    #[error("`{0}` is plain http; only loopback addresses may be (use https)")]
    Insecure(String),
    /// A scheme other than http and https.
    #[error("`{0}` is neither http nor https")]
    Scheme(String),
    /// User name or password inside the URL: it would end in logs and process lists.
    #[error("the URL for `{0}` carries a user name or password; remove them")]
    UserInfo(String),
}

/// Scheme, host and port: the place a credential is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

impl Origin {
    /// The origin of `url`, which must be https, or http on loopback.
    ///
    /// # Errors
    /// [`InvalidUrl`] when the URL may not be talked to at all.
    pub fn of(url: &Url) -> Result<Self, InvalidUrl> {
        check_url(url)?;
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// Whether a server at this origin may name `url` as an address to connect to or to open: https, or http on loopback
    /// where the server itself is plain http.
    pub fn may_link_to(&self, url: &Url) -> bool {
        let is_plain = self.0.starts_with("http://");
        check_url(url).is_ok() && (is_plain || url.scheme() == "https")
    }

    /// Host and port, as in a URL.
    pub fn host(&self) -> &str {
        self.0.split_once("://").map_or(&*self.0, |(_, host)| host)
    }

    /// Whether `url` lies inside this origin.
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
    type Error = InvalidUrl;

    fn try_from(text: String) -> Result<Self, InvalidUrl> {
        text.parse()
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

/// The URL a service's paths are appended to: an [`Origin`], perhaps with a path, never with a final slash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BaseUrl(String);

impl BaseUrl {
    /// `path` (which begins with a slash, and may hold a query) below this base.
    ///
    /// # Errors
    /// [`InvalidUrl`] when the two together are no URL, or one of another origin.
    pub fn join(&self, path: &str) -> Result<Url, InvalidUrl> {
        let url = parse_url(&format!("{}{path}", self.0))?;
        if self.origin().contains(&url) {
            return Ok(url);
        }
        Err(InvalidUrl::Malformed)
    }

    /// Where it is.
    pub fn origin(&self) -> Origin {
        let end = self.0.find("://").map_or(0, |at| at + 3);
        let host_end = self.0[end..].find('/').map_or(self.0.len(), |at| end + at);
        Origin(self.0[..host_end].to_owned())
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
        let origin = Origin::of(&url)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidUrl::Malformed);
        }
        Ok(Self(format!(
            "{origin}{}",
            url.path().trim_end_matches('/')
        )))
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = InvalidUrl;

    fn try_from(text: String) -> Result<Self, InvalidUrl> {
        text.parse()
    }
}

impl From<BaseUrl> for String {
    fn from(base: BaseUrl) -> Self {
        base.0
    }
}

/// The hosts of a verification page and of the issuer that named it, where they differ.
pub fn differing_hosts(page: &Url, issuer: &str) -> Option<(String, String)> {
    let issuer = issuer.parse::<Origin>().ok()?;
    let page = Origin::of(page).ok().filter(|page| *page != issuer)?;
    Some((page.host().to_owned(), issuer.host().to_owned()))
}

fn parse_url(text: &str) -> Result<Url, InvalidUrl> {
    Url::parse(text).map_err(|_| InvalidUrl::Malformed)
}

/// https anywhere, http on loopback only, nothing else (RFC 8252 §8.3, RFC 6749 §3.1.2.1).
fn check_url(url: &Url) -> Result<(), InvalidUrl> {
    let host = url.host_str().unwrap_or_default().to_owned();
    if !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidUrl::UserInfo(host));
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => Err(InvalidUrl::Insecure(super::sanitize_line(url.as_str()))),
        _ => Err(InvalidUrl::Scheme(super::sanitize_line(url.as_str()))),
    }
}

/// Whether `url` stays on this machine: 127.0.0.0/8, `::1`, `localhost` and the names below it (RFC 6761 §6.3).
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
        let may_name = |origin: &str, url: &str| {
            let origin: Origin = origin.parse().unwrap();
            origin.may_link_to(&Url::parse(url).unwrap())
        };
        assert!(may_name("https://a.b", "https://c.d/x"));
        assert!(!may_name("https://a.b", "http://localhost:1/x"));
        assert!(may_name("http://localhost", "http://127.0.0.1:1/x"));
        assert!(may_name("http://localhost", "https://c.d/x"));
        for bad in ["http://c.d", "javascript:x", "https://u:p@c.d", "data:x"] {
            assert!(!may_name("http://localhost", bad), "{bad}");
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
