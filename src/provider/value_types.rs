//! The small words of a description: a call (`POST /api/keys`), a JSON pointer (RFC 6901), an endpoint.

use std::fmt;

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

use crate::domain::{InvalidUrl, Origin};

/// The methods that the services use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are HTTP's own")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// A method and a path below the service's base URL, such as `DELETE /api/keys/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HttpCall {
    /// The method.
    pub method: Method,
    path: String,
}

impl HttpCall {
    /// Whether `id` can be a segment of a path. URL parsers resolve `.` and `..` even when they are escaped (WHATWG URL,
    /// "double-dot path segment"), and an empty segment is none: each would turn a call on one token into one on all.
    pub fn is_valid_segment(id: &str) -> bool {
        !matches!(id.trim(), "" | "." | "..")
    }

    /// Whether it is about one thing, named by its id.
    pub fn needs_id(&self) -> bool {
        self.path.contains("{id}")
    }

    /// The path, with `{id}` replaced by `id`, escaped so that it stays one segment; see [`HttpCall::is_valid_segment`].
    pub fn path(&self, id: Option<&str>) -> String {
        self.path
            .replace("{id}", &encode_segment(id.unwrap_or_default()))
    }
}

impl TryFrom<String> for HttpCall {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is no call: write a method and a path, such as `GET /api/keys`");
        let (method, path) = text.split_once(' ').ok_or_else(wrong)?;
        let method = match method {
            "GET" => Method::Get,
            "POST" => Method::Post,
            "PUT" => Method::Put,
            "PATCH" => Method::Patch,
            "DELETE" => Method::Delete,
            _ => return Err(wrong()),
        };
        let plain = path.replace("{id}", "");
        if !path.starts_with('/') || plain.contains(['{', '}', ' ', '#']) {
            return Err(wrong());
        }
        Ok(Self {
            method,
            path: path.to_owned(),
        })
    }
}

/// Percent-encodes all but the unreserved characters (RFC 3986 §2.3).
fn encode_segment(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~.".contains(&byte);
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if keep(byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped.push(hex_digit(byte >> 4));
            escaped.push(hex_digit(byte & 0xf));
        }
    }
    escaped
}

fn hex_digit(nibble: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(nibble)])
}

/// Where something stands in a JSON answer (RFC 6901); empty for the whole of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pointer(String);

impl Pointer {
    /// What stands there, unless it is missing or null.
    pub fn find_in<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        value.pointer(&self.0).filter(|found| !found.is_null())
    }

    /// The pointer as RFC 6901 writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text or number that stands there, as text.
    pub fn text_in(&self, value: &Value) -> Option<String> {
        match self.find_in(value)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

impl TryFrom<String> for Pointer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.is_empty() || text.starts_with('/') {
            return Ok(Self(text));
        }
        Err(format!(
            "`{text}` is no JSON pointer: it begins with a slash, such as `/data/id`"
        ))
    }
}

/// Where something may stand, in order: one pointer or a list of them. Nothing at all stands for the whole answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pointers(Vec<Pointer>);

impl Pointers {
    /// What stands at the first place that holds anything.
    pub fn find_in<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        if self.0.is_empty() {
            return Some(value);
        }
        self.0.iter().find_map(|place| place.find_in(value))
    }

    /// The pointers as RFC 6901 writes them.
    pub fn to_strings(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|place| place.0.clone())
    }

    /// The first object that stands at one of them.
    pub fn object_in<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        if self.0.is_empty() {
            return Some(value);
        }
        let found = self.0.iter().filter_map(|place| place.find_in(value));
        found.into_iter().find(|found| found.is_object())
    }

    /// The first text or number that stands at one of them.
    pub fn text_in(&self, value: &Value) -> Option<String> {
        self.0.iter().find_map(|place| place.text_in(value))
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
        Ok(Pointers(vec![pointer]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Pointers, A::Error> {
        let mut places = Vec::new();
        while let Some(place) = list.next_element()? {
            places.push(place);
        }
        Ok(Pointers(places))
    }
}

/// An OAuth2 endpoint: a URL, or a path below the issuer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Endpoint(String);

impl Endpoint {
    /// Whether it is a path below the issuer.
    pub fn is_relative(&self) -> bool {
        self.0.starts_with('/')
    }

    /// The endpoint of the server at `issuer`.
    ///
    /// # Errors
    /// [`InvalidUrl`] when the two together are no URL that may be talked to.
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
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let endpoint = Self(text);
        endpoint
            .resolve("https://issuer.invalid")
            .map_err(|wrong| wrong.to_string())?;
        Ok(endpoint)
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
    fn id_is_escaped_to_one_path_segment() {
        let call = HttpCall::try_from("DELETE /api/keys/{id}".to_owned()).unwrap();
        assert_eq!(call.path(Some("12")), "/api/keys/12");
        assert_eq!(
            call.path(Some("../../x?y=1#z")),
            "/api/keys/..%2F..%2Fx%3Fy%3D1%23z"
        );
        assert_eq!(call.path(Some("é")), "/api/keys/%C3%A9");
        for climbing in ["", " ", ".", ".."] {
            assert!(!HttpCall::is_valid_segment(climbing), "{climbing}");
        }
        for id in ["...", "%2e%2e", ".%2e", "a/..", "..;", "\\..\\", "?#", "é"] {
            let path = call.path(Some(id));
            let url = Url::parse(&format!("https://a.b{path}")).unwrap();
            assert_eq!(url.path(), path, "a URL keeps it as it is");
            assert_eq!(path.matches('/').count(), 3);
        }
    }

    #[test]
    fn call_requires_a_method_and_an_absolute_path() {
        for bad in ["GET", "FETCH /x", "GET x", "GET /x/{name}", "GET /a b"] {
            assert!(HttpCall::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

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
