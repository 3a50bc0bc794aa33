//! The proxy that the environment names for requests off loopback.

use url::Url;

use super::super::{HttpError, redact_url};
use crate::domain::Secret;

/// Where a proxy may be named, in the order in which they are looked at.
const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Where the hosts are listed that are reached without it.
const NO_PROXY_VARIABLES: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// A proxy as a variable names it. Its URL may hold a password: only [`Proxy::address`] is for people.
#[derive(Debug, Clone)]
pub struct Proxy {
    variable: &'static str,
    value: Secret,
    exceptions: String,
}

impl Proxy {
    /// The proxy that the environment names; `lookup` knows no blank values.
    pub fn from_environment<'a>(lookup: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let named = |variable: &'static str| Some((variable, lookup(variable)?));
        let (variable, value) = PROXY_VARIABLES.into_iter().find_map(named)?;
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

    /// The variable that names it.
    pub fn variable(&self) -> &'static str {
        self.variable
    }

    /// The hosts that are reached without it, as `NO_PROXY` lists them.
    pub fn exceptions(&self) -> &str {
        &self.exceptions
    }

    /// Where it is, without the user name and the password for it.
    ///
    /// # Errors
    /// [`HttpError::Proxy`] when the variable holds something else.
    pub fn address(&self) -> Result<String, HttpError> {
        let url = self.url()?;
        Ok(redact_url(&url).trim_end_matches('/').to_owned())
    }

    /// What the HTTP client is told.
    pub(super) fn to_reqwest(&self) -> Result<reqwest::Proxy, HttpError> {
        let rule = reqwest::Proxy::https(self.url()?);
        let exceptions = reqwest::NoProxy::from_string(&self.exceptions);
        let rule = rule.map_err(|_| self.invalid("it is no URL of the form http://host:port"))?;
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
        let url = url.ok_or_else(|| self.invalid("it is no URL of the form http://host:port"))?;
        match url.scheme() {
            "http" | "https" => Ok(url),
            _ => Err(self.invalid("only http and https proxies are spoken to")),
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
