//! The hosts that are reached without the proxy: `NO_PROXY`, in every form that curl or Go accepts.

use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

/// The entries of the list. Those that are no host match nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct NoProxy(Vec<Entry>);

#[derive(Debug, Clone)]
struct Entry {
    hosts: Hosts,
    /// Any, if none is given.
    port: Option<u16>,
}

#[derive(Debug, Clone)]
enum Hosts {
    /// `*`
    All,
    /// `example.com` and, as curl reads it, `.example.com`: the domain and those below it.
    Domain(String),
    /// `*.example.com`: only the domains below it.
    Subdomains(String),
    /// An address, with or without brackets, or a network such as `10.0.0.0/8`.
    Network(IpNet),
}

impl NoProxy {
    /// Entries are separated by commas or white space.
    pub(super) fn parse(list: &str) -> Self {
        let entries = list.split(|c: char| c == ',' || c.is_whitespace());
        // With user info, it is the URL of the proxy, pasted into the wrong variable.
        let entries = entries.filter(|entry| !entry.is_empty() && !entry.contains('@'));
        Self(entries.map(Entry::parse).collect())
    }

    pub(super) fn matches(&self, url: &Url) -> bool {
        self.0.iter().any(|entry| entry.matches(url))
    }
}

impl Entry {
    fn parse(text: &str) -> Self {
        if let Some(network) = parse_network(text) {
            return Self {
                hosts: Hosts::Network(network),
                port: None,
            };
        }
        let with_port = text.rsplit_once(':');
        let with_port = with_port.and_then(|(host, port)| Some((host, port.parse().ok()?)));
        match with_port {
            Some((host, port)) => Self {
                hosts: Hosts::parse(host),
                port: Some(port),
            },
            None => Self {
                hosts: Hosts::parse(text),
                port: None,
            },
        }
    }

    fn matches(&self, url: &Url) -> bool {
        let has_port = self.port.is_none() || self.port == url.port_or_known_default();
        has_port && url.host().is_some_and(|host| self.hosts.contain(&host))
    }
}

impl Hosts {
    fn parse(text: &str) -> Self {
        if text == "*" {
            return Self::All;
        }
        if let Some(network) = parse_network(text) {
            return Self::Network(network);
        }
        match text.strip_prefix("*.") {
            Some(domain) => Self::Subdomains(normalize(domain)),
            None => Self::Domain(normalize(text.strip_prefix('.').unwrap_or(text))),
        }
    }

    fn contain(&self, host: &Host<&str>) -> bool {
        let address = match host {
            Host::Ipv4(address) => Some(IpAddr::V4(*address)),
            Host::Ipv6(address) => Some(IpAddr::V6(*address)),
            Host::Domain(_) => None,
        };
        match (self, host, address) {
            (Self::All, ..) => true,
            (Self::Network(network), _, Some(address)) => network.contains(&address),
            (Self::Domain(domain), Host::Domain(host), _) => {
                let host = normalize(host);
                host == *domain || is_below(&host, domain)
            }
            (Self::Subdomains(domain), Host::Domain(host), _) => is_below(&normalize(host), domain),
            _ => false,
        }
    }
}

fn is_below(host: &str, domain: &str) -> bool {
    let above = host.strip_suffix(domain);
    !domain.is_empty() && above.is_some_and(|above| above.ends_with('.'))
}

/// Returns the domain in lower case, as a URL has it, without the dot of the root.
fn normalize(domain: &str) -> String {
    let domain = domain.trim_end_matches('.');
    Host::parse(domain).map_or_else(|_| domain.to_ascii_lowercase(), |host| host.to_string())
}

fn parse_network(text: &str) -> Option<IpNet> {
    let inside = text.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let text = inside.unwrap_or(text);
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(list: &str, url: &str) -> bool {
        NoProxy::parse(list).matches(&Url::parse(url).unwrap())
    }

    const API: &str = "https://api.example.com/";

    const CASES: &[(&str, &str, bool)] = &[
        ("*", API, true),
        ("example.com", API, true),
        ("example.com", "https://example.com/", true),
        ("example.com", "https://notexample.com/", false),
        ("EXAMPLE.com.", "https://API.example.COM./", true),
        (".example.com", API, true),
        (".example.com", "https://example.com/", true),
        ("*.example.com", API, true),
        ("*.example.com", "https://a.b.example.com/", true),
        ("*.example.com", "https://example.com/", false),
        ("*example.com", API, false),
        ("api.example.com:443", API, true),
        ("api.example.com:8443", API, false),
        (".example.com:8443", "https://api.example.com:8443/", true),
        (
            "b\u{fc}cher.example",
            "https://xn--bcher-kva.example/",
            true,
        ),
        ("10.1.2.3", "https://10.1.2.3/", true),
        ("10.1.2.3", "https://10.1.2.30/", false),
        ("10.1.2.3:443", "https://10.1.2.3/", true),
        ("10.1.2.3:80", "https://10.1.2.3/", false),
        ("10.0.0.0/8", "https://10.255.0.1/", true),
        ("10.0.0.0/8", "https://11.0.0.1/", false),
        ("10.0.0.0/8", "https://10.example/", false),
        ("fd00::/8", "https://[fd12::1]/", true),
        ("fd00::/8", "https://[fe80::1]/", false),
        ("2001:db8::1", "https://[2001:db8::1]/", true),
        ("[2001:db8::1]", "https://[2001:db8::1]/", true),
        ("[2001:DB8:0::1]:443", "https://[2001:db8::1]/", true),
        ("[2001:db8::1]:444", "https://[2001:db8::1]/", false),
        ("a.test, b.test", "https://b.test/", true),
        ("a.test b.test\tc.test", "https://c.test/", true),
        (",, a.test ,", "https://a.test/", true),
        ("", API, false),
        (" , .", API, false),
        ("10.0.0.0/99 :443 [", API, false),
    ];

    #[test]
    fn every_form_of_an_entry_matches_its_hosts_only() {
        for (list, url, expected) in CASES {
            assert_eq!(matches(list, url), *expected, "{list:?} {url}");
        }
    }
}
