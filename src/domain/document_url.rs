//! The URL of a document that other servers fetch.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

use super::Origin;

const EXPECTED: &str =
    "expected an https URL with a path, for example https://example.com/brainmaps.json";

/// A permitted URL with a path, as the id of a client must be (Client ID Metadata Documents §3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentUrl(Url);

impl DocumentUrl {
    pub fn as_url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for DocumentUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for DocumentUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|_| EXPECTED)?;
        // The id is compared character by character, so that the text must be in the form that is sent.
        let is_plain = url.path() != "/" && url.fragment().is_none() && url.as_str() == text;
        match Origin::of(&url) {
            Ok(_) if is_plain => Ok(Self(url)),
            _ => Err(EXPECTED),
        }
    }
}

impl TryFrom<String> for DocumentUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DocumentUrl> for String {
    fn from(url: DocumentUrl) -> Self {
        url.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cimd_client_id_is_an_https_url_with_a_path() {
        for fine in ["https://a.b/c.json", "http://localhost:1/c"] {
            assert!(fine.parse::<DocumentUrl>().is_ok(), "{fine}");
        }
        for bad in [
            "https://a.b",
            "https://a.b/",
            "http://a.b/c",
            "https://a.b/c#x",
            "https://A.b/c",
            "https://a.b/../c",
            "https://u@a.b/c",
            "c.json",
        ] {
            assert!(bad.parse::<DocumentUrl>().is_err(), "{bad}");
        }
    }
}
