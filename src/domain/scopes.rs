//! OAuth2 scopes (RFC 6749 §3.3): a set of case-sensitive words, in the order they were asked for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A list of scopes without repeats.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// The words of `text`, split at white space.
    pub fn parse(text: &str) -> Self {
        text.split_whitespace().collect()
    }

    /// The scopes one by one.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of `self` that `granted` lacks.
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
