//! Reads the origin that a program asks about.

use crate::domain::Origin;

/// Returns the origin of a scheme, and a host with an optional port; `None` for anything that parsers could read in two
/// ways. Only the characters of ASCII host names and IP addresses are accepted: no `@`, `%`, white space or other scripts.
pub fn parse_origin(scheme: &str, host: &str) -> Option<Origin> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
    if host.is_empty() || !host.chars().all(is_plain) {
        return None;
    }
    format!("{scheme}://{host}").parse().ok()
}

/// Returns the origin of `url`, whose host must satisfy [`parse_origin`].
pub fn parse_url_origin(url: &str) -> Option<Origin> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    parse_origin(scheme, host)
}

/// Returns `true` if `text`, a URL or a host without a scheme, names a server at `origin`.
pub fn is_server(text: &str, origin: &Origin) -> bool {
    let (named, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, text),
    };
    let host = rest.split('/').next().unwrap_or_default();
    let mut schemes = ["https", "http"]
        .into_iter()
        .filter(|scheme| named.is_none_or(|named| named == *scheme));
    schemes.any(|scheme| parse_origin(scheme, host).as_ref() == Some(origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ambiguous_urls_have_no_origin() {
        let origin = |url| parse_url_origin(url).map(|origin| origin.to_string());
        for url in [
            "https://a.example",
            "https://a.example/x?y@b.example",
            "https://A.example#x",
        ] {
            assert_eq!(origin(url).as_deref(), Some("https://a.example"), "{url}");
        }
        for url in [
            "https:\\\\a.example",
            "https:a.example",
            "https://a.example\\@b.example",
            "https://b.example@a.example",
            "https://a.example:4\t43",
            "https://a.example:\u{ff14}43",
            "a.example",
        ] {
            assert_eq!(origin(url), None, "{url}");
        }
    }

    #[test]
    fn ambiguous_hosts_have_no_origin() {
        let origin = |scheme, host| parse_origin(scheme, host).map(|origin| origin.to_string());
        for (scheme, host, expected) in [
            ("https", "API.example.com", "https://api.example.com"),
            ("https", "api.example.com:443", "https://api.example.com"),
            (
                "https",
                "api.example.com:8443",
                "https://api.example.com:8443",
            ),
            ("https", "api.example.com.", "https://api.example.com."),
            ("http", "127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("https", "[::1]:8000", "https://[::1]:8000"),
        ] {
            assert_eq!(origin(scheme, host).as_deref(), Some(expected), "{host}");
        }
        for (scheme, host) in [
            ("http", "api.example.com"),
            ("ftp", "api.example.com"),
            ("", "api.example.com"),
            ("https", ""),
            ("https", "x@api.example.com"),
            ("https", "api.example.com/x"),
            ("https", "api.example.com\\x"),
            ("https", "api.example.com?x"),
            ("https", "api.example.com#x"),
            ("https", "api%2eexample.com"),
            ("https", "api.exam\tple.com"),
            ("https", " api.example.com"),
            ("https", "ａpi.example.com"),
            ("https", "аpi.example.com"),
            ("https", "api.example.com:99999"),
        ] {
            assert_eq!(origin(scheme, host), None, "{scheme} {host}");
        }
    }
}
