//! The `keyring` command of Python's keyring package, as pip and uv run it: `keyring get SERVICE [USER]`.

use serde_json::json;

use super::{Grant, is_server};
use crate::domain::{Origin, Secret};

/// The operation that the arguments name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    Get(Query),
    /// `set` or `del` for a service.
    Change(String),
    /// Anything else, which the `keyring` command of Python handles.
    Other,
}

/// A request for the credential of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// A URL, or a host with an optional port.
    pub service: String,
    user: Option<String>,
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Format {
    has_user: bool,
    is_json: bool,
}

impl Format {
    /// Applies an option; `None` if it is unknown.
    fn apply_option(mut self, option: &str, value: &str) -> Option<Self> {
        match (option, value) {
            ("--mode", "password") => self.has_user = false,
            ("--mode", "creds") => self.has_user = true,
            ("--output", "plain") => self.is_json = false,
            ("--output", "json") => self.is_json = true,
            _ => return None,
        }
        Some(self)
    }
}

impl Request {
    /// Reads the arguments. Options may be anywhere, as `--mode creds` or `--mode=creds`.
    pub fn parse(arguments: &[&str]) -> Self {
        Self::parse_known(arguments).unwrap_or(Self::Other)
    }

    fn parse_known(arguments: &[&str]) -> Option<Self> {
        let (mut words, mut format) = (Vec::new(), Format::default());
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if !argument.starts_with('-') {
                words.push(*argument);
                continue;
            }
            let (option, value) = match argument.split_once('=') {
                Some((option, value)) => (option, value),
                None => (*argument, *rest.next()?),
            };
            format = format.apply_option(option, value)?;
        }
        if words.iter().any(|word| word.contains(char::is_control)) {
            return None;
        }
        let (operation, service) = (words.first()?, (*words.get(1)?).to_owned());
        let user = words.get(2).map(|user| (*user).to_owned());
        match (*operation, words.len()) {
            ("get", 2 | 3) => Some(Self::Get(Query {
                service,
                user,
                format,
            })),
            ("set" | "del", 3) => Some(Self::Change(service)),
            _ => None,
        }
    }

    /// Returns `true` if the request is about `origin`.
    pub fn is_about(&self, origin: &Origin) -> bool {
        match self {
            Self::Get(query) => is_server(&query.service, origin),
            Self::Change(service) => is_server(service, origin),
            Self::Other => false,
        }
    }
}

impl Query {
    /// Returns the response: the password, after the user name if the request asks for both. A user name in the request is
    /// returned unchanged.
    pub fn response(&self, grant: &Grant) -> Secret {
        let user = self.user.as_deref().filter(|user| !user.is_empty());
        let (user, password) = (user.unwrap_or(grant.user()), grant.secret().expose());
        Secret::verbatim(match (self.format.has_user, self.format.is_json) {
            (false, false) => format!("{password}\n"),
            (true, false) => format!("{user}\n{password}\n"),
            (false, true) => format!("{}\n", json!({ "password": password })),
            (true, true) => format!("{}\n", json!({ "username": user, "password": password })),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::helper::tests::grant;

    fn response(arguments: &[&str], account: Option<&str>) -> Option<String> {
        match Request::parse(arguments) {
            Request::Get(query) => Some(query.response(&grant(account)).expose().to_owned()),
            _ => None,
        }
    }

    #[test]
    fn response_has_the_asked_form() {
        let url = "https://h.example/simple/";
        let user = Some("me@example.com");
        for (arguments, account, expected) in [
            (&["get", url][..], None, "key\n"),
            (&["get", url, "me"], None, "key\n"),
            (
                &["get", url, "--mode", "creds"],
                None,
                "oauth2accesstoken\nkey\n",
            ),
            (&["--mode=creds", "get", url], user, "me@example.com\nkey\n"),
            (&["get", "--mode", "creds", url, "me"], user, "me\nkey\n"),
            (
                &["get", url, "--output", "json"],
                None,
                "{\"password\":\"key\"}\n",
            ),
            (
                &["--output", "json", "--mode", "creds", "get", url, "me"],
                None,
                "{\"password\":\"key\",\"username\":\"me\"}\n",
            ),
            (
                &["--mode", "creds", "--mode", "password", "get", url],
                None,
                "key\n",
            ),
        ] {
            let response = response(arguments, account);
            assert_eq!(response.as_deref(), Some(expected), "{arguments:?}");
        }
    }

    #[test]
    fn other_requests_are_left_to_another_keyring() {
        for arguments in [
            &[][..],
            &["get"],
            &["get", "s", "u", "x"],
            &["--list-backends"],
            &["--mode", "other", "get", "s"],
            &["get", "s", "--mode"],
            &["-b", "x", "get", "s"],
            &["diagnose"],
            &["set", "s"],
            &["get", "a\nb"],
        ] {
            assert_eq!(Request::parse(arguments), Request::Other, "{arguments:?}");
        }
        let change = Request::Change("s".to_owned());
        for operation in ["set", "del"] {
            assert_eq!(Request::parse(&[operation, "s", "u"]), change);
        }
    }

    #[test]
    fn service_is_a_url_or_a_host() {
        let origin: Origin = "http://127.0.0.1:8080".parse().unwrap();
        for (service, expected) in [
            ("http://127.0.0.1:8080/simple/", true),
            ("127.0.0.1:8080", true),
            ("http://127.0.0.1:8080", true),
            ("127.0.0.1", false),
            ("127.0.0.1:8081", false),
            ("https://127.0.0.1:8080", false),
            ("127.0.0.1:8080.evil.example", false),
            ("http://127.0.0.1:8080@evil.example/", false),
        ] {
            let request = Request::parse(&["get", service, "me"]);
            assert_eq!(request.is_about(&origin), expected, "{service}");
        }
    }
}
