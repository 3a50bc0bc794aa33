//! OAuth 2.0 scopes (RFC 6749 §3.3): case-sensitive words without duplicates, in the order of the request.

use std::fmt;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// Splits `text` at white space and at commas, which some servers use.
    pub fn parse(text: &str) -> Self {
        let is_separator = |c: char| c.is_whitespace() || c == ',';
        text.split(is_separator).collect()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns these scopes and then the `others`.
    #[must_use]
    pub fn union(&self, others: &Self) -> Self {
        self.iter().chain(others.iter()).collect()
    }

    /// Returns the scopes that `granted` lacks.
    #[must_use]
    pub fn missing_from(&self, granted: &Self) -> Self {
        self.iter()
            .filter(|scope| !granted.0.iter().any(|have| have == scope))
            .collect()
    }
}

impl<S: AsRef<str>> FromIterator<S> for Scopes {
    fn from_iter<I: IntoIterator<Item = S>>(words: I) -> Self {
        let mut scopes = Self::default();
        for word in words {
            let word = word.as_ref();
            if !word.is_empty() && !scopes.0.iter().any(|have| have == word) {
                scopes.0.push(word.to_owned());
            }
        }
        scopes
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}
