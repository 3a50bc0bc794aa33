//! What a description was written from.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::Origin;

/// How far a description can be relied on. At least one of `verified` and `documentation` is set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The server and version that every call was tried with, such as `Maps 5.4.0`.
    pub verified: Option<String>,
    /// The page that the calls were taken from.
    pub documentation: Option<PageUrl>,
    /// The day on which that was done.
    pub date: SourceDate,
}

impl Source {
    /// Returns the words for a table: `verified` or `from documentation`.
    pub fn label(&self) -> &'static str {
        match self.verified {
            Some(_) => "verified",
            None => "from documentation",
        }
    }
}

/// A day: `2026-11-30`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String")]
pub struct SourceDate(String);

impl SourceDate {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SourceDate {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        // The parser also accepts a time after the day.
        match text.parse::<jiff::civil::Date>() {
            Ok(date) if date.to_string() == text => Ok(Self(text)),
            _ => Err("expected a day, such as `2026-11-30`"),
        }
    }
}

/// The URL of a page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String")]
pub struct PageUrl(String);

impl PageUrl {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PageUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match Url::parse(&text).map(|url| Origin::of(&url).is_ok()) {
            Ok(true) => Ok(Self(text)),
            _ => Err("expected the https URL of a page"),
        }
    }
}
