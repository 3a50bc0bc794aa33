//! The proxy for requests off loopback, read from environment variables.

use url::Url;

use super::super::HttpError;
use super::no_proxy::NoProxy;
use crate::domain::{Secret, is_loopback, sanitize_line};

/// The variables that may hold the proxy, in order of precedence.
const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// With `socks5`, this computer resolves the name of the server; with `socks5h`, the proxy does.
const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];

/// The variables that list the hosts reached without the proxy.
const NO_PROXY_VARIABLES: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// A password may contain the characters that end the user info of a URL.
const PLAIN_URL: &str = "it must be scheme://host:port, without a path; in a user name or password, write / as %2F, ? as %3F, \
                         # as %23 and \\ as %5C";

/// A proxy from an environment variable. Its URL may hold a password; [`Proxy::address`] is the part that may be shown.
#[derive(Debug, Clone)]
pub struct Proxy {
    variable: &'static str,
    value: Secret,
    exceptions: String,
    direct: NoProxy,
}

impl Proxy {
    /// Returns the configured proxy. `lookup` must return `None` for empty variables.
    pub fn from_environment<'a>(lookup: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let read = |variable: &'static str| Some((variable, lookup(variable)?));
        let (variable, value) = PROXY_VARIABLES.into_iter().find_map(read)?;
        let exceptions = NO_PROXY_VARIABLES.into_iter().find_map(&lookup);
        let exceptions = exceptions.unwrap_or_default();
        Some(Self {
            variable,
            value: Secret::new(value),
            direct: NoProxy::parse(exceptions),
            // A pasted URL may hold a password.
            exceptions: if exceptions.contains('@') {
                "(not shown)".to_owned()
            } else {
                exceptions.to_owned()
            },
        })
    }

    /// Returns the variable that holds the proxy.
    pub fn variable(&self) -> &'static str {
        self.variable
    }

    /// Returns the value of `NO_PROXY`.
    pub fn exceptions(&self) -> &str {
        &self.exceptions
    }

    /// Returns `true` if `url` is reached through the proxy.
    pub fn applies_to(&self, url: &Url) -> bool {
        url.scheme() == "https" && !is_loopback(url) && !self.direct.matches(url)
    }

    /// Returns the URL without user name and password.
    ///
    /// # Errors
    /// [`HttpError::Proxy`] if the value is not a proxy URL.
    pub fn address(&self) -> Result<String, HttpError> {
        let url = self.url()?;
        let host = url.host_str().unwrap_or_default();
        let port = url.port().map(|port| format!(":{port}"));
        let address = format!("{}://{host}{}", url.scheme(), port.unwrap_or_default());
        Ok(sanitize_line(&address))
    }

    pub(super) fn to_reqwest(&self) -> Result<reqwest::Proxy, HttpError> {
        let rule = reqwest::Proxy::https(self.url()?);
        rule.map_err(|_| self.invalid(PLAIN_URL))
    }

    /// The parser is more lenient than a proxy's URL may be: a backslash is a slash to it, so that
    /// `http://DOMAIN\user:password@host` has the password in its path.
    fn url(&self) -> Result<Url, HttpError> {
        let text = self.value.expose();
        if text.contains(|c: char| c == '\\' || c.is_whitespace() || c.is_control()) {
            return Err(self.invalid(PLAIN_URL));
        }
        let url = if text.contains("://") {
            Url::parse(text)
        } else {
            Url::parse(&format!("http://{text}"))
        };
        let is_plain = |url: &Url| {
            let is_bare = matches!(url.path(), "" | "/");
            is_bare && url.query().is_none() && url.fragment().is_none()
        };
        let url = url.ok().filter(Url::has_host).filter(is_plain);
        let url = url.ok_or_else(|| self.invalid(PLAIN_URL))?;
        if SCHEMES.contains(&url.scheme()) {
            return Ok(url);
        }
        Err(self.invalid("only http, https, socks5 and socks5h proxies are supported"))
    }

    fn invalid(&self, cause: &str) -> HttpError {
        HttpError::Proxy {
            variable: self.variable.to_owned(),
            cause: cause.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(variables: &[(&str, &'static str)]) -> Option<Proxy> {
        Proxy::from_environment(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| *value)
        })
    }

    fn address(value: &'static str) -> Result<String, HttpError> {
        found(&[("HTTPS_PROXY", value)]).unwrap().address()
    }

    #[test]
    fn https_proxy_takes_precedence_over_all_proxy() {
        let all = ("ALL_PROXY", "http://all:1");
        let https = ("https_proxy", "http://https:1");
        let variable = |variables: &[_]| found(variables).map(|proxy| proxy.variable());
        assert_eq!(variable(&[all]), Some("ALL_PROXY"));
        assert_eq!(variable(&[all, https]), Some("https_proxy"));
        assert_eq!(variable(&[("HTTP_PROXY", "http://plain:1")]), None);
    }

    #[test]
    fn address_omits_the_password() {
        for (value, shown) in [
            (
                "http://user:hunter2@proxy.corp:3128/",
                "http://proxy.corp:3128",
            ),
            ("user:hunter2@proxy.corp:3128", "http://proxy.corp:3128"),
            ("proxy.corp:3128", "http://proxy.corp:3128"),
            ("https://proxy.corp", "https://proxy.corp"),
            ("10.0.0.1:8080", "http://10.0.0.1:8080"),
            ("http://user:p@ss@[::1]:3128", "http://[::1]:3128"),
            (
                "socks5h://user:hunter2@proxy.corp:1080",
                "socks5h://proxy.corp:1080",
            ),
            ("socks5://proxy.corp", "socks5://proxy.corp"),
        ] {
            assert_eq!(address(value).as_deref(), Ok(shown), "{value}");
        }
    }

    #[test]
    fn invalid_proxy_is_an_error_that_does_not_quote_the_value() {
        for value in [
            "socks4://user:hunter2@proxy.corp:1080",
            "http://CORP\\user:hunter2@proxy.corp:3128",
            "http:\\\\user:hunter2@proxy.corp:3128",
            "user:hun/hunter2@proxy.corp:3128",
            "http://user:80/hunter2@proxy.corp:3128",
            "http://user:hunter2?x@proxy.corp:3128",
            "http://user:hunter2#x@proxy.corp:3128",
            "http://user:hunter2@proxy.corp:3128/path",
            "socks5://user\\:hunter2@proxy.corp",
            "http:/user:hunter2@proxy.corp",
            "http://user:\thunter2@proxy.corp",
            "http://user:hunter2@",
            "http://user:hunter2@proxy.corp:port",
            "hunter2 hunter2",
        ] {
            let error = address(value).unwrap_err();
            let text = format!("{error} {error:?} {:?}", found(&[("ALL_PROXY", value)]));
            assert!(text.contains("HTTPS_PROXY"), "{text}");
            assert!(!text.contains("hunter2"), "{text}");
        }
    }
}
