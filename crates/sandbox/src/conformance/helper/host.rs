//! A server that helpers are asked about.

use url::Url;

/// A host with its scheme and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelperHost {
    pub(super) scheme: String,
    pub(super) name: String,
    pub(super) port: Option<u16>,
}

impl std::str::FromStr for HelperHost {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let url = Url::parse(&text).ok().filter(|url| {
            let is_origin = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
            is_origin && url.username().is_empty() && ["https", "http"].contains(&url.scheme())
        });
        let url = url.ok_or("expected a host with an optional port, or a URL without a path")?;
        Ok(Self {
            scheme: url.scheme().to_owned(),
            name: url.host_str().unwrap_or_default().to_owned(),
            port: url.port(),
        })
    }
}

impl HelperHost {
    /// Returns the host, with the port unless it is the default.
    pub(super) fn authority(&self) -> String {
        let port = self.port.map(|port| format!(":{port}"));
        format!("{}{}", self.name, port.unwrap_or_default())
    }

    pub(super) fn is_https(&self) -> bool {
        self.scheme == "https"
    }
}
