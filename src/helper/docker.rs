//! The protocol of docker's credential helpers: docker, podman, skopeo, helm and others run `docker-credential-NAME`
//! with one argument (github.com/docker/docker-credential-helpers).

use serde_json::json;

use super::{Grant, is_server};
use crate::domain::{Origin, Secret};

/// The text on stdout that clients compare with: "no credentials for this server".
pub const NOT_FOUND: &str = "credentials not found in native keychain";

/// The text on stdout after an empty request.
pub const NO_SERVER: &str = "no credentials server URL";

/// The registry that a client asks about: a host, perhaps with a scheme and a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registry {
    text: String,
}

impl Registry {
    /// Returns `None` if the request is not one line of text.
    pub fn parse(input: &[u8]) -> Option<Self> {
        let text = str::from_utf8(input).ok()?.trim();
        let is_line = !text.is_empty() && !text.contains(char::is_control);
        is_line.then(|| Self {
            text: text.to_owned(),
        })
    }

    /// Returns `true` if the registry is at `origin`.
    pub fn is_at(&self, origin: &Origin) -> bool {
        is_server(&self.text, origin)
    }

    /// Returns the response to `get`. The user name must not be `<token>`, which would mark an OAuth 2.0 refresh token.
    pub fn response(&self, grant: &Grant) -> Secret {
        let response = json!({
            "ServerURL": self.text,
            "Username": grant.user(),
            "Secret": grant.secret().expose(),
        });
        Secret::new(response.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::helper::tests::grant;

    #[test]
    fn registry_matches_scheme_host_and_port() {
        let origin: Origin = "https://registry.example.com:5000".parse().unwrap();
        for (text, expected) in [
            ("registry.example.com:5000", true),
            ("registry.example.com:5000\n", true),
            ("https://registry.example.com:5000", true),
            ("https://REGISTRY.example.com:5000/v1/", true),
            ("registry.example.com:5000/team/image", true),
            ("registry.example.com", false),
            ("http://registry.example.com:5000", false),
            ("registry.example.com:5001", false),
            ("registry.example.com:5000@evil.example", false),
            ("evil.example/registry.example.com:5000", false),
            ("registry.example.com.:5000", false),
        ] {
            let registry = Registry::parse(text.as_bytes()).unwrap();
            assert_eq!(registry.is_at(&origin), expected, "{text}");
        }
        let local: Origin = "http://127.0.0.1:5000".parse().unwrap();
        assert!(Registry::parse(b"127.0.0.1:5000").unwrap().is_at(&local));
        for bad in [&b""[..], b" \n", b"a\rb", b"a\0b", b"\xff"] {
            assert_eq!(Registry::parse(bad), None);
        }
    }

    #[test]
    fn user_name_never_marks_a_refresh_token() {
        let registry = Registry::parse(b"registry.example.com").unwrap();
        for (account, user) in [
            (None, "oauth2accesstoken"),
            (Some("me@example.com"), "me@example.com"),
            (Some("<token>"), "oauth2accesstoken"),
        ] {
            let response = registry.response(&grant(account));
            let response: serde_json::Value = serde_json::from_str(response.expose()).unwrap();
            let expected = json!({
                "ServerURL": "registry.example.com", "Username": user, "Secret": "key"
            });
            assert_eq!(response, expected);
        }
    }
}
