//! The protocol of cargo's credential providers, version 1 (doc.rust-lang.org/cargo, "Credential Provider Protocol"):
//! one JSON document on a line, in both directions.

use serde_json::{Value, json};

use super::{Grant, parse_url_origin};
use crate::domain::{Origin, Secret};

/// The first line of a provider.
pub const HELLO: &str = "{\"v\":[1]}\n";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub action: Action,
    /// The server of the index; `None` if this provider never has a credential for it.
    pub registry: Option<Origin>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Get,
    /// `login`, `logout`, and those of later versions.
    Other,
}

/// Why there is no credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// Cargo asks the next provider.
    OtherRegistry,
    NotSupported,
    /// Cargo prints the message, and the hint as its cause.
    Failed {
        message: String,
        hint: Option<String>,
    },
}

impl Request {
    /// Reads a line; `None` if it is not a request of version 1.
    pub fn parse(line: &[u8]) -> Option<Self> {
        let document: Value = serde_json::from_slice(line).ok()?;
        if document.get("v").and_then(Value::as_u64) != Some(1) {
            return None;
        }
        let action = match document.get("kind")?.as_str()? {
            "get" => Action::Get,
            _ => Action::Other,
        };
        let index = document.pointer("/registry/index-url")?.as_str()?;
        Some(Self {
            action,
            registry: index_origin(index),
        })
    }
}

/// Returns the server of the URL of an index.
pub fn index_origin(index: &str) -> Option<Origin> {
    parse_url_origin(index.strip_prefix("sparse+").unwrap_or(index))
}

/// Returns the line with the credential. Cargo sends the value of the header as it is.
pub fn response(grant: &Grant) -> Secret {
    let mut response = json!({
        "kind": "get",
        "token": grant.header.value().expose(),
        "cache": "session",
        "operation_independent": true,
    });
    if let Some(end) = grant.expires_at {
        response["cache"] = "expires".into();
        response["expiration"] = end.as_second().into();
    }
    Secret::verbatim(format!("{}\n", json!({ "Ok": response })))
}

/// Returns the line with an error.
pub fn error_response(kind: ErrorKind) -> Secret {
    let error = match kind {
        ErrorKind::OtherRegistry => json!({ "kind": "url-not-supported" }),
        ErrorKind::NotSupported => json!({ "kind": "operation-not-supported" }),
        ErrorKind::Failed { message, hint } => json!({
            "kind": "other", "message": message, "caused-by": Vec::from_iter(hint),
        }),
    };
    Secret::verbatim(format!("{}\n", json!({ "Err": error })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::helper::tests::grant;

    fn request(kind: &str, index: &str) -> Option<Request> {
        let document = json!({ "v": 1, "kind": kind, "operation": "read",
            "registry": { "index-url": index, "name": "n" }, "args": [] });
        Request::parse(document.to_string().as_bytes())
    }

    #[test]
    fn request_names_the_server_of_the_index() {
        for (index, expected) in [
            (
                "sparse+https://crates.example/index/",
                Some("https://crates.example"),
            ),
            ("https://crates.example/git", Some("https://crates.example")),
            (
                "sparse+http://127.0.0.1:8080/",
                Some("http://127.0.0.1:8080"),
            ),
            ("sparse+http://crates.example/", None),
            ("sparse+https://me@crates.example/", None),
            ("ssh://crates.example/git", None),
        ] {
            let request = request("get", index).unwrap();
            let server = request.registry.map(|origin| origin.to_string());
            assert_eq!(server.as_deref(), expected, "{index}");
            assert_eq!(request.action, Action::Get);
        }
        for kind in ["login", "logout", "later"] {
            assert_eq!(request(kind, "https://a.b").unwrap().action, Action::Other);
        }
        let version = br#"{"v":2,"kind":"get","registry":{"index-url":"https://a.b"}}"#;
        for bad in [&b""[..], b"{}", b"[1", b"\xff", version] {
            assert_eq!(Request::parse(bad), None);
        }
    }

    #[test]
    fn response_is_one_line_with_the_whole_header_value() {
        let expected = json!({ "Ok": { "kind": "get", "token": "Bearer key", "cache": "expires",
            "expiration": 1000, "operation_independent": true } });
        assert_eq!(response(&grant(None)).expose(), format!("{expected}\n"));
        let permanent = Grant {
            expires_at: None,
            ..grant(None)
        };
        assert!(
            response(&permanent)
                .expose()
                .contains("\"cache\":\"session\"")
        );
    }

    #[test]
    fn error_kind_decides_whether_cargo_asks_the_next_provider() {
        let failed = ErrorKind::Failed {
            message: "m".to_owned(),
            hint: Some("h".to_owned()),
        };
        for (reason, expected) in [
            (
                ErrorKind::OtherRegistry,
                json!({ "kind": "url-not-supported" }),
            ),
            (
                ErrorKind::NotSupported,
                json!({ "kind": "operation-not-supported" }),
            ),
            (
                failed,
                json!({ "kind": "other", "message": "m", "caused-by": ["h"] }),
            ),
        ] {
            let line = format!("{}\n", json!({ "Err": expected }));
            assert_eq!(error_response(reason).expose(), line);
        }
    }
}
