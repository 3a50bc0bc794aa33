//! Redirect URIs: the comparison with the registered ones, and the responses that are sent to them (RFC 6749 §4.1.2).

use url::{Host, Url};

use super::authorization_response::{AuthorizationResponse, ResponseMode};
use super::client::Client;

const LOOPBACK: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];

/// Where the response to an authorization request goes.
pub(super) struct ResponseTarget {
    /// A registered redirect URI of the client.
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    /// Sent with every response (RFC 9207).
    pub(super) issuer: String,
    pub(super) mode: ResponseMode,
}

impl ResponseTarget {
    pub(super) fn with_code(&self, code: &str) -> AuthorizationResponse {
        self.with_parameters(vec![("code", code.to_owned())])
    }

    pub(super) fn with_error(&self, error: &str, description: &str) -> AuthorizationResponse {
        let description = ("error_description", description.to_owned());
        self.with_parameters(vec![("error", error.to_owned()), description])
    }

    fn with_parameters(
        &self,
        mut parameters: Vec<(&'static str, String)>,
    ) -> AuthorizationResponse {
        let state = self.state.iter().map(|state| ("state", state.clone()));
        parameters.extend(state);
        parameters.push(("iss", self.issuer.clone()));
        AuthorizationResponse {
            redirect_uri: self.redirect_uri.clone(),
            parameters,
            mode: self.mode,
        }
    }
}

/// Compares character by character (RFC 9700 §2.1), except for the port of a loopback address (RFC 8252 §7.3).
pub(super) fn is_registered(client: &Client, redirect_uri: &str) -> bool {
    if client.allows_any_loopback && Url::parse(redirect_uri).is_ok_and(|url| is_loopback(&url)) {
        return true;
    }
    let requested = without_loopback_port(redirect_uri);
    client.redirect_uris.iter().any(|registered| {
        registered == redirect_uri
            || (requested.is_some() && requested == without_loopback_port(registered))
    })
}

pub(super) fn is_loopback(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    is_loopback && url.scheme() == "http"
}

/// Splits a URI with a loopback address into the origin without a port, and the rest. Returns `None` for any other URI. The name
/// `localhost` is not an address.
fn without_loopback_port(uri: &str) -> Option<(&'static str, &str)> {
    let (origin, rest) = LOOPBACK
        .into_iter()
        .find_map(|origin| Some((origin, uri.strip_prefix(origin)?)))?;
    let Some(after_colon) = rest.strip_prefix(':') else {
        return Some((origin, rest));
    };
    let end = after_colon.find(|c: char| !c.is_ascii_digit());
    let (port, rest) = after_colon.split_at(end.unwrap_or(after_colon.len()));
    port.parse::<u16>().ok()?;
    Some((origin, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_allowed(registered: &str, requested: &str) -> bool {
        let client = Client {
            id: String::new(),
            name: String::new(),
            secret: None,
            redirect_uris: vec![registered.to_owned()],
            allows_any_loopback: false,
        };
        is_registered(&client, requested)
    }

    #[test]
    fn any_port_of_a_loopback_address_is_allowed() {
        for requested in [
            "http://127.0.0.1/callback",
            "http://127.0.0.1:1/callback",
            "http://127.0.0.1:65535/callback",
        ] {
            assert!(
                is_allowed("http://127.0.0.1/callback", requested),
                "{requested}"
            );
        }
        assert!(is_allowed("http://[::1]/", "http://[::1]:8080/"));
        assert!(is_allowed("http://127.0.0.1", "http://127.0.0.1:8080"));
    }

    #[test]
    fn everything_else_is_compared_character_by_character() {
        for requested in [
            "http://127.0.0.1:1/other",
            "http://127.0.0.1:1/callback/",
            "http://127.0.0.1:1/callback?x=1",
            "http://127.0.0.1:1/callback#x",
            "http://127.0.0.1:1/x/../callback",
            "http://127.0.0.1:/callback",
            "http://127.0.0.1:65536/callback",
            "http://127.0.0.1:80@evil.test/callback",
            "http://127.0.0.1@evil.test/callback",
            "http://127.0.0.1.evil.test/callback",
            "http://127.0.0.2/callback",
            "http://127.1/callback",
            "http://localhost/callback",
            "http://[::1]/callback",
            "https://127.0.0.1/callback",
            "HTTP://127.0.0.1/callback",
            " http://127.0.0.1/callback",
            "",
        ] {
            assert!(
                !is_allowed("http://127.0.0.1/callback", requested),
                "{requested}"
            );
        }
        let registered = "http://localhost:3000/callback";
        assert!(is_allowed(registered, registered));
        assert!(!is_allowed(registered, "http://localhost:3001/callback"));
    }

    #[test]
    fn responses_keep_the_query_of_the_redirect_uri() {
        let target = ResponseTarget {
            redirect_uri: "https://app.test/cb?a=1".to_owned(),
            state: Some("x y&z".to_owned()),
            issuer: "http://localhost:8000".to_owned(),
            mode: ResponseMode::Query,
        };
        assert_eq!(
            target.with_code("c").url(),
            "https://app.test/cb?a=1&code=c&state=x+y%26z&iss=http%3A%2F%2Flocalhost%3A8000"
        );
        let response = target.with_error("access_denied", "no").url();
        assert!(response.contains("a=1&error=access_denied&error_description=no&state="));
    }
}
