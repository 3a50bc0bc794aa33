//! Redirects: the proxy follows none. One below the base URL is rewritten, so that the client sends the next request to the proxy.

use hyper::header::HeaderValue;
use url::Url;

use crate::domain::{BaseUrl, Secret};

/// Returns the `Location` for the client, for a response to the request to `requested`.
///
/// Below the base URL it becomes a path of the proxy. Anything else becomes an absolute URL of the service or of another
/// server, without the secret path: the client has no credential that it could send there. `None` if it is malformed.
pub(super) fn client_location(
    location: &HeaderValue,
    requested: &Url,
    base: &BaseUrl,
    proxy_path: &Secret,
) -> Option<HeaderValue> {
    let target = requested.join(location.to_str().ok()?).ok()?;
    let below = base
        .join("")
        .ok()
        .and_then(|base| path_below(&base, &target));
    let text = match below {
        Some(path) => {
            let fragment = target.fragment().map(|it| format!("#{it}"));
            let query = target.query().map(|it| format!("?{it}"));
            let (query, fragment) = (query.unwrap_or_default(), fragment.unwrap_or_default());
            format!("{}{path}{query}{fragment}", proxy_path.expose())
        }
        None => target.to_string(),
    };
    HeaderValue::from_str(&text).ok()
}

/// Returns the path of `url` below `base`; `None` if it is elsewhere.
fn path_below<'a>(base: &Url, url: &'a Url) -> Option<&'a str> {
    let has_user_info = !url.username().is_empty() || url.password().is_some();
    if base.origin() != url.origin() || has_user_info {
        return None;
    }
    let rest = url.path().strip_prefix(base.path().trim_end_matches('/'))?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_below_the_base_url_lead_through_the_proxy_and_others_do_not_have_its_path() {
        let base: BaseUrl = "https://api.example.com/v1".parse().unwrap();
        let requested: Url = "https://api.example.com/v1/a/b?x".parse().unwrap();
        let secret = Secret::new("/s3cret");
        for (location, expected) in [
            ("/v1/c?y=1#z", "/s3cret/c?y=1#z"),
            ("c", "/s3cret/a/c"),
            ("https://api.example.com/v1", "/s3cret"),
            ("https://api.example.com:443/v1/", "/s3cret/"),
            ("//api.example.com/v1/c", "/s3cret/c"),
            ("/v2/c", "https://api.example.com/v2/c"),
            ("/v10", "https://api.example.com/v10"),
            ("../../c", "https://api.example.com/c"),
            ("/v1/%2e%2e/admin", "https://api.example.com/admin"),
            ("https://evil.example/x", "https://evil.example/x"),
            ("http://api.example.com/v1/c", "http://api.example.com/v1/c"),
            ("//evil.example", "https://evil.example/"),
            (
                "https://api.example.com:444/v1/c",
                "https://api.example.com:444/v1/c",
            ),
        ] {
            let location = HeaderValue::from_static(location);
            let found = client_location(&location, &requested, &base, &secret);
            assert_eq!(found.unwrap(), expected, "{location:?}");
        }
        let malformed = HeaderValue::from_static("https://[");
        assert_eq!(
            client_location(&malformed, &requested, &base, &secret),
            None
        );
    }
}
