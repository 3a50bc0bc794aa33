//! Protected resources (RFC 9728), and the URLs that a credential for one of them may be sent to.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{BaseUrl, InvalidUrl, Origin, check_path};

/// The identifier of a protected resource: a URL without a fragment (RFC 8707 §2), with a lower-case scheme and host, and
/// without a slash alone as its path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResourceUrl(Url);

impl ResourceUrl {
    /// Returns the URL that requests are sent to.
    pub fn url(&self) -> &Url {
        &self.0
    }

    pub fn origin(&self) -> Origin {
        self.base().origin()
    }

    /// Returns the URL that credentials for the resource are bound to: without the query.
    pub fn base(&self) -> BaseUrl {
        BaseUrl::without_query(&self.0)
    }

    /// Returns `true` if `text` is this identifier, character by character (RFC 9728 §3.3). Without a path, a final slash
    /// makes no difference: both are the same URL (RFC 3986 §6.2.3).
    pub fn is_named_by(&self, text: &str) -> bool {
        text == self.to_string() || text == self.0.as_str()
    }
}

impl fmt::Display for ResourceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_root = self.0.path() == "/" && self.0.query().is_none();
        let text = self.0.as_str();
        f.write_str(if is_root {
            text.trim_end_matches('/')
        } else {
            text
        })
    }
}

impl FromStr for ResourceUrl {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Self, InvalidUrl> {
        let url = Url::parse(text).map_err(|_| InvalidUrl::Malformed)?;
        Origin::of(&url)?;
        if url.fragment().is_some() {
            return Err(InvalidUrl::Malformed);
        }
        Ok(Self(url))
    }
}

impl TryFrom<String> for ResourceUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
            .map_err(|error: InvalidUrl| error.expectation())
    }
}

impl From<ResourceUrl> for String {
    fn from(resource: ResourceUrl) -> Self {
        resource.to_string()
    }
}

impl BaseUrl {
    /// Returns `true` if it is more than an origin.
    pub fn has_path(&self) -> bool {
        !self.path().is_empty()
    }

    /// Returns `true` if `url` is this URL or below it, at a segment's boundary: `/mcp` covers `/mcp` and `/mcp/x`, but not
    /// `/mcpx`. A path that leads above it for a server that decodes segments is not covered.
    pub fn covers(&self, url: &Url) -> bool {
        if !self.origin().contains(url) {
            return false;
        }
        let own = self.path();
        let below = url.path().strip_prefix(own);
        own.is_empty()
            || below.is_some_and(|rest| {
                (rest.is_empty() || rest.starts_with('/')) && check_path(rest).is_ok()
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(text: &str) -> ResourceUrl {
        text.parse().unwrap()
    }

    #[test]
    fn rfc8707_2_resource_is_an_absolute_url_without_fragment_in_canonical_form() {
        for (text, expected) in [
            ("https://mcp.example.com", "https://mcp.example.com"),
            ("https://mcp.example.com/", "https://mcp.example.com"),
            (
                "HTTPS://MCP.Example.com:443/mcp",
                "https://mcp.example.com/mcp",
            ),
            (
                "https://mcp.example.com/mcp/",
                "https://mcp.example.com/mcp/",
            ),
            (
                "https://mcp.example.com/?a=b",
                "https://mcp.example.com/?a=b",
            ),
            ("http://localhost:1/a/../mcp", "http://localhost:1/mcp"),
        ] {
            assert_eq!(resource(text).to_string(), expected);
        }
        for bad in [
            "mcp.example.com",
            "/mcp",
            "https://a.b/#x",
            "http://a.b/mcp",
            "https://u:p@a.b/",
            "urn:x:y",
        ] {
            assert!(bad.parse::<ResourceUrl>().is_err(), "{bad}");
        }
        let base = resource("https://a.b/mcp/?q=1").base();
        assert_eq!(base.to_string(), "https://a.b/mcp");
    }

    #[test]
    fn rfc9728_3_3_identifiers_are_compared_character_by_character() {
        let asked = resource("https://a.b/mcp");
        assert!(asked.is_named_by("https://a.b/mcp"));
        for other in [
            "https://a.b/mcp/",
            "https://A.b/mcp",
            "https://a.b:443/mcp",
            "https://a.b/MCP",
            "https://a.b/m%63p",
            "https://a.b",
            "https://a.b/mcp?",
            " https://a.b/mcp",
        ] {
            assert!(!asked.is_named_by(other), "{other}");
        }
        for root in ["https://a.b", "https://a.b/"] {
            assert!(resource("https://a.b").is_named_by(root));
            assert!(resource("https://a.b/").is_named_by(root));
        }
    }

    fn covers(base: &str, url: &str) -> bool {
        let base: BaseUrl = base.parse().unwrap();
        base.covers(&Url::parse(url).unwrap())
    }

    #[test]
    fn base_covers_itself_and_what_is_below_it() {
        for url in [
            "https://a.b/mcp",
            "https://a.b/mcp/",
            "https://a.b/mcp/x/..y",
            "https://a.b/mcp?x=/../",
            "https://a.b:443/x/../mcp/a%20b",
        ] {
            assert!(covers("https://a.b/mcp", url), "{url}");
        }
        assert!(covers("https://a.b", "https://a.b/x/..%2fy"));
    }

    #[test]
    fn base_does_not_cover_what_a_server_may_read_as_another_path() {
        for url in [
            "https://a.b/mcpx",
            "https://a.b/",
            "https://a.b/MCP",
            "https://a.b/x/mcp",
            "https://a.b/mcp/../x",
            "https://a.b/mcp/%2e%2E/x",
            "https://a.b/mcp/..%2fx",
            "https://a.b/mcp/x%2f..%2f..%2fy",
            "https://a.b/mcp/%252e%252e%252fx",
            "https://a.b/mcp/..%5cx",
            "https://a.b/mcp/..;/x",
            "https://a.b/mcp/%25252525252e",
            "https://a.b/mcp/%c0%ae%c0%ae/x",
            "https://a.b/mcp/..%c0%af..",
            "https://a.b/mcp/..%00/x",
            "https://a.b/mcp/.%00./x",
            "https://a.b/mcp/..%20/x",
            "https://a.b/mcp/..%09/x",
            "https://a.b/mcp/.%0a./x",
            "https://a.b/mcp/%u002e%u002e/x",
            "https://a.b/mcp/%25u002e%25u002e/x",
            "https://a.b/mcp/%EF%BC%8E%EF%BC%8E/x",
            "https://a.b/mcp/%E2%80%A5/x",
            "https://a.b/mcp/x%EF%BC%8F..%EF%BC%8Fx",
            "https://a.b:444/mcp",
            "http://a.b/mcp",
            "https://a.b.evil.net/mcp",
        ] {
            assert!(!covers("https://a.b/mcp", url), "{url}");
        }
    }
}
