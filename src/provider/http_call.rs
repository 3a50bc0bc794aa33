//! A call of a description: a method and a path below the service's base URL, with placeholders.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::{Placeholder, TextTemplate, Values};

/// All but the unreserved characters (RFC 3986 §2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// A method and a path below the service's base URL, such as `DELETE /api/keys/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String")]
pub struct HttpCall {
    pub method: Method,
    path: TextTemplate,
    /// The parts between `?` and `&`.
    query: Vec<TextTemplate>,
}

/// A placeholder of a path without a value, or with one that a path cannot have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusablePath {
    pub placeholder: Placeholder,
    pub value: Option<String>,
}

impl HttpCall {
    /// Returns `true` if `value` can be one segment of a path. URL parsers resolve `.` and `..` even if they are escaped
    /// (WHATWG URL, "double-dot path segment"), and an empty segment disappears: each would turn a call on one token into
    /// a call on all of them.
    pub fn is_valid_segment(value: &str) -> bool {
        !matches!(value.trim(), "" | "." | "..")
    }

    pub fn needs_id(&self) -> bool {
        self.path.placeholders().any(|it| *it == Placeholder::Id)
    }

    pub fn placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        let query = self.query.iter().flat_map(TextTemplate::placeholders);
        self.path.placeholders().chain(query)
    }

    /// Returns the path and query with the escaped values. A parameter whose placeholder has no value is omitted.
    ///
    /// # Errors
    /// [`UnusablePath`] if a placeholder of the path has no value for which [`HttpCall::is_valid_segment`] is `true`.
    pub fn path(&self, values: Values<'_>) -> Result<String, UnusablePath> {
        let escape = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
        let mut path = self.path.text(values, escape);
        for placeholder in self.path.placeholders() {
            let text = TextTemplate::from(placeholder.clone()).text(values, str::to_owned);
            let is_usable = text.as_ref().is_ok_and(|text| Self::is_valid_segment(text));
            if !is_usable {
                return Err(UnusablePath {
                    placeholder: placeholder.clone(),
                    value: text.ok(),
                });
            }
        }
        let query = self
            .query
            .iter()
            .filter_map(|part| part.text(values, escape).ok());
        let query: Vec<String> = query.collect();
        if let Ok(path) = &mut path
            && !query.is_empty()
        {
            path.push('?');
            path.push_str(&query.join("&"));
        }
        path.map_err(|placeholder| UnusablePath {
            placeholder,
            value: None,
        })
    }
}

impl TryFrom<String> for HttpCall {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const EXPECTED: &str = "expected a method and a path, such as `GET /api/keys`";
        let (method, path) = text.split_once(' ').ok_or(EXPECTED)?;
        let method = match method {
            "GET" => Method::Get,
            "POST" => Method::Post,
            "PUT" => Method::Put,
            "PATCH" => Method::Patch,
            "DELETE" => Method::Delete,
            _ => return Err(EXPECTED),
        };
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let parse = |text: &str| TextTemplate::try_from(text.to_owned());
        let call = Self {
            method,
            path: parse(path)?,
            query: query
                .split('&')
                .filter(|part| !part.is_empty())
                .map(parse)
                .collect::<Result<_, _>>()?,
        };
        let is_forbidden = |part: &TextTemplate| part.has_literal(&[' ', '#', '{', '}']);
        let has_forbidden = is_forbidden(&call.path) || call.query.iter().any(is_forbidden);
        if !path.starts_with('/') || has_forbidden {
            return Err(EXPECTED);
        }
        if call.placeholders().any(Placeholder::is_secret) {
            return Err("expected no secret in a URL, which servers log");
        }
        Ok(call)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::{Value, json};
    use url::Url;

    fn call(text: &str) -> HttpCall {
        HttpCall::try_from(text.to_owned()).unwrap()
    }

    fn path_for(call: &HttpCall, id: &str) -> Result<String, UnusablePath> {
        call.path(&|placeholder| (*placeholder == Placeholder::Id).then(|| json!(id)))
    }

    #[test]
    fn id_is_escaped_to_one_path_segment() {
        let call = call("DELETE /api/keys/{id}");
        let path = |id: &str| path_for(&call, id).unwrap();
        assert_eq!(path("12"), "/api/keys/12");
        assert_eq!(path("../../x?y=1#z"), "/api/keys/..%2F..%2Fx%3Fy%3D1%23z");
        assert_eq!(path("é"), "/api/keys/%C3%A9");
        for climbing in ["", " ", ".", ".."] {
            assert!(path_for(&call, climbing).is_err(), "{climbing}");
        }
        assert!(call.path(&|_| None).is_err());
        for id in ["...", "%2e%2e", ".%2e", "a/..", "..;", "\\..\\", "?#", "é"] {
            let path = path(id);
            let url = Url::parse(&format!("https://a.b{path}")).unwrap();
            assert_eq!(url.path(), path, "a URL keeps it as it is");
            assert_eq!(path.matches('/').count(), 3);
        }
    }

    #[test]
    fn parameters_without_a_value_are_omitted() {
        let call = call("POST /keys?kind=user&name={name}&scope={scopes}&permanent={permanent}");
        let value = |placeholder: &Placeholder| match placeholder {
            Placeholder::Name => Some(json!("a&b=c d")),
            Placeholder::Scopes => Some(json!(["x", "y"])),
            _ => None::<Value>,
        };
        assert_eq!(
            call.path(&value).unwrap(),
            "/keys?kind=user&name=a%26b%3Dc%20d&scope=x%20y"
        );
        assert_eq!(call.path(&|_| None).unwrap(), "/keys?kind=user");
    }

    #[test]
    fn call_requires_a_method_and_an_absolute_path() {
        for bad in [
            "GET",
            "FETCH /x",
            "GET x",
            "GET /x/{nmae}",
            "GET /a b",
            "GET /a#b",
            "GET {id}",
            "POST /login?p={password}",
            "POST /refresh/{refresh_token}",
        ] {
            assert!(HttpCall::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
