//! Scopes (RFC 6749 §3.3): a set of case-sensitive words that keeps the order of the request.

use std::fmt;

#[derive(Debug, Clone)]
pub(crate) struct Scopes(Vec<String>);

impl Scopes {
    /// Splits `text` at white space.
    pub(crate) fn parse(text: &str) -> Self {
        text.split_whitespace().collect()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn contains(&self, scope: &str) -> bool {
        self.iter().any(|own| own == scope)
    }

    pub(crate) fn is_subset_of(&self, other: &Self) -> bool {
        self.iter().all(|scope| other.contains(scope))
    }
}

impl<'a> FromIterator<&'a str> for Scopes {
    fn from_iter<I: IntoIterator<Item = &'a str>>(words: I) -> Self {
        let mut scopes = Self(Vec::new());
        for word in words {
            if !scopes.contains(word) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_scopes_are_kept_once_in_their_order() {
        assert_eq!(Scopes::parse(" b  a b\n").to_string(), "b a");
        assert!(Scopes::parse(" ").is_empty());
    }

    #[test]
    fn subsets_compare_scopes_by_case() {
        let granted = Scopes::parse("read write");
        assert!(Scopes::parse("write").is_subset_of(&granted));
        assert!(!Scopes::parse("Write").is_subset_of(&granted));
    }
}
