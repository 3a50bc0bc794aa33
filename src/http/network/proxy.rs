//! The proxy for requests off loopback, read from environment variables.

use url::Url;

use super::super::{HttpError, redact_url};
use crate::domain::Secret;

/// The variables that may hold the proxy, in order of precedence.
const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The variables that list the hosts reached without the proxy.
const NO_PROXY_VARIABLES: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// A proxy from an environment variable. Its URL may hold a password; [`Proxy::address`] is the part that may be shown.
#[derive(Debug, Clone)]
pub struct Proxy {
    variable: &'static str,
    value: Secret,
    exceptions: String,
}

impl Proxy {
    /// Returns the configured proxy. `lookup` must return `None` for empty variables.
    pub fn from_environment<'a>(lookup: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let read = |variable: &'static str| Some((variable, lookup(variable)?));
        let (variable, value) = PROXY_VARIABLES.into_iter().find_map(read)?;
        Some(Self {
            variable,
            value: Secret::new(value),
            exceptions: NO_PROXY_VARIABLES
                .into_iter()
                .find_map(&lookup)
                .unwrap_or_default()
                .to_owned(),
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

    /// Returns the URL without user name and password.
    ///
    /// # Errors
    /// [`HttpError::Proxy`] if the value is not a proxy URL.
    pub fn address(&self) -> Result<String, HttpError> {
        let url = self.url()?;
        Ok(redact_url(&url).trim_end_matches('/').to_owned())
    }

    /// Returns the proxy rule for reqwest.
    pub(super) fn to_reqwest(&self) -> Result<reqwest::Proxy, HttpError> {
        let rule = reqwest::Proxy::https(self.url()?);
        let exceptions = reqwest::NoProxy::from_string(&self.exceptions);
        let rule = rule.map_err(|_| self.invalid("not a URL of the form http://host:port"))?;
        Ok(rule.no_proxy(exceptions))
    }

    fn url(&self) -> Result<Url, HttpError> {
        let text = self.value.expose();
        let url = if text.contains("://") {
            Url::parse(text)
        } else {
            Url::parse(&format!("http://{text}"))
        };
        let url = url.ok().filter(Url::has_host);
        let url = url.ok_or_else(|| self.invalid("not a URL of the form http://host:port"))?;
        match url.scheme() {
            "http" | "https" => Ok(url),
            _ => Err(self.invalid("unsupported proxy scheme (only http and https)")),
        }
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
        ] {
            assert_eq!(address(value).as_deref(), Ok(shown), "{value}");
        }
    }

    #[test]
    fn invalid_proxy_is_an_error_that_does_not_quote_the_value() {
        for value in [
            "socks5://user:hunter2@proxy.corp:1080",
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
