//! The value types of a description: a JSON pointer (RFC 6901), an OAuth 2.0 endpoint. Their error messages do not quote the value, which may be a secret in the wrong member.

use std::fmt;
use std::ops::Deref;

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

use crate::domain::{InvalidUrl, Origin};

/// A JSON pointer (RFC 6901); the empty one leads to the whole document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String")]
pub struct Pointer(String);

impl Pointer {
    /// Returns the value, unless it is missing or null.
    pub fn find_in<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        value.pointer(&self.0).filter(|found| !found.is_null())
    }

    /// Returns the value, unless it is missing or null. A segment `*` matches each member of a list or an object; what
    /// is neither is returned itself.
    pub fn collect_in(&self, value: &Value) -> Option<Value> {
        let Some((list, rest)) = self.0.split_once("/*") else {
            return self.find_in(value).cloned();
        };
        let items: Vec<&Value> = match Self(list.to_owned()).find_in(value)? {
            Value::Array(items) => items.iter().collect(),
            Value::Object(members) => members.values().collect(),
            other => return Some(other.clone()),
        };
        let rest = Self(rest.to_owned());
        let found = items.into_iter().map(|item| rest.collect_in(item));
        Some(found.map(Option::unwrap_or_default).collect())
    }

    /// Returns true if the document has the value, which may be null.
    pub fn exists_in(&self, value: &Value) -> bool {
        value.pointer(&self.0).is_some()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns a string or a number as text.
    pub fn text_in(&self, value: &Value) -> Option<String> {
        match self.find_in(value)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

impl TryFrom<String> for Pointer {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut escapes = text.split('~').skip(1);
        let is_escaped = escapes.all(|rest| rest.starts_with(['0', '1']));
        if (text.is_empty() || text.starts_with('/')) && is_escaped {
            return Ok(Self(text));
        }
        Err(
            "expected a JSON pointer, which starts with a slash, such as `/data/id`, and has ~0 for ~ and ~1 for /",
        )
    }
}

/// One JSON pointer or a list of them, tried in order. An empty list leads to the whole document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pointers(Vec<Pointer>);

impl Pointers {
    pub fn find_in<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        if self.0.is_empty() {
            return Some(value);
        }
        self.0.iter().find_map(|pointer| pointer.find_in(value))
    }

    pub fn to_strings(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|pointer| pointer.0.clone())
    }

    /// Returns the first value that is an object.
    pub fn object_in<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        if self.0.is_empty() {
            return Some(value);
        }
        let mut found = self.0.iter().filter_map(|pointer| pointer.find_in(value));
        found.find(|found| found.is_object())
    }

    /// Returns the first string or number as text.
    pub fn text_in(&self, value: &Value) -> Option<String> {
        self.0.iter().find_map(|pointer| pointer.text_in(value))
    }
}

impl From<Pointer> for Pointers {
    fn from(pointer: Pointer) -> Self {
        Self(vec![pointer])
    }
}

impl Deref for Pointers {
    type Target = [Pointer];

    fn deref(&self) -> &[Pointer] {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Pointers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PointersVisitor)
    }
}

struct PointersVisitor;

impl<'de> Visitor<'de> for PointersVisitor {
    type Value = Pointers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON pointer or a list of them")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Pointers, E> {
        let pointer = Pointer::try_from(text.to_owned()).map_err(E::custom)?;
        Ok(pointer.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Pointers, A::Error> {
        let mut pointers = Vec::new();
        while let Some(pointer) = list.next_element()? {
            pointers.push(pointer);
        }
        Ok(Pointers(pointers))
    }
}

/// An OAuth 2.0 endpoint: a URL, or a path below the issuer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String")]
pub struct Endpoint(String);

impl Endpoint {
    pub fn is_relative(&self) -> bool {
        self.0.starts_with('/')
    }

    /// Returns the URL of the endpoint of the server at `issuer`.
    ///
    /// # Errors
    /// [`InvalidUrl`] if the result may not be connected to.
    pub fn resolve(&self, issuer: &str) -> Result<Url, InvalidUrl> {
        let text = if self.is_relative() {
            format!("{}{}", issuer.trim_end_matches('/'), self.0)
        } else {
            self.0.clone()
        };
        let url = Url::parse(&text).map_err(|_| InvalidUrl::Malformed)?;
        Origin::of(&url)?;
        Ok(url)
    }
}

impl TryFrom<String> for Endpoint {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let endpoint = Self(text);
        match endpoint.resolve("https://issuer.invalid") {
            Ok(_) => Ok(endpoint),
            Err(InvalidUrl::Malformed) => {
                Err("expected a URL, or a path that starts with a slash, such as `/oauth/token`")
            }
            Err(error) => Err(error.expectation()),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoint_is_a_url_or_a_path_below_the_issuer() {
        let relative = Endpoint::try_from("/oauth2/token".to_owned()).unwrap();
        assert_eq!(
            relative.resolve("https://a.b/x/").unwrap().as_str(),
            "https://a.b/x/oauth2/token"
        );
        assert!(Endpoint::try_from("http://a.b/token".to_owned()).is_err());
        assert!(Endpoint::try_from("javascript:alert(1)".to_owned()).is_err());
    }
}
