//! Which endpoints belong to an issuer. A session's secrets go to endpoints of one origin: a server that names another
//! server's device endpoint and a token endpoint of its own would receive that server's device code (mix-up, RFC 9700 §4.4).

use url::Url;

use super::OauthError;
use crate::domain::{OAuthServer, Origin, sanitize_line};

/// An authorization server whose endpoints were checked: all are at one origin, which is the issuer's or one that the
/// service's description names. Requests with secrets take this type and no bare URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedServer {
    server: OAuthServer,
    device_endpoint: Option<Url>,
}

impl VerifiedServer {
    /// Checks the endpoints of `authority` and the `device` endpoint. `named` are the origins that the service's description
    /// names for this issuer.
    ///
    /// # Errors
    /// [`OauthError::ForeignEndpoint`] for an endpoint at another origin, or at plain http where the issuer is https;
    /// [`OauthError::NotAnIssuer`] for an issuer that is not a URL that may be connected to.
    pub fn verify(
        server: OAuthServer,
        device_endpoint: Option<Url>,
        allowed_origins: &[Origin],
    ) -> Result<Self, OauthError> {
        let issuer = parse_issuer_origin(&server.issuer)?;
        let token = &server.token_endpoint;
        let expected = allowed_origins
            .iter()
            .find(|origin| origin.contains(token) && issuer.may_link_to(token))
            .unwrap_or(&issuer);
        let endpoints = [
            ("token", Some(token)),
            ("device authorization", device_endpoint.as_ref()),
            ("revocation", server.revocation_endpoint.as_ref()),
        ];
        for (what, endpoint) in endpoints {
            if let Some(endpoint) = endpoint.filter(|endpoint| !expected.contains(endpoint)) {
                return Err(OauthError::ForeignEndpoint {
                    issuer: sanitize_line(&server.issuer),
                    what,
                    found: endpoint.origin().ascii_serialization(),
                    expected: expected.to_string(),
                });
            }
        }
        Ok(Self {
            server,
            device_endpoint,
        })
    }

    /// The issuer, the client, and where tokens are used and revoked.
    pub fn details(&self) -> &OAuthServer {
        &self.server
    }

    /// Returns what a session at this server is bound to.
    pub fn into_details(self) -> OAuthServer {
        self.server
    }

    /// Returns the device authorization endpoint.
    ///
    /// # Errors
    /// [`OauthError::NoDeviceFlow`] when the server has none.
    pub fn device_endpoint(&self) -> Result<&Url, OauthError> {
        let endpoint = self.device_endpoint.as_ref();
        endpoint.ok_or_else(|| OauthError::NoDeviceFlow {
            issuer: sanitize_line(&self.server.issuer),
        })
    }
}

/// Returns the origin of `issuer`, which must be a URL that may be connected to.
pub(super) fn parse_issuer_origin(issuer: &str) -> Result<Origin, OauthError> {
    issuer.parse().map_err(|_| OauthError::NotAnIssuer {
        issuer: sanitize_line(issuer),
    })
}

/// The server that tests talk to.
#[cfg(test)]
pub(super) fn example() -> VerifiedServer {
    let at = |path: &str| Url::parse(&format!("https://auth.example.com{path}")).ok();
    VerifiedServer {
        device_endpoint: at("/device_authorization"),
        server: OAuthServer {
            issuer: "https://auth.example.com".to_owned(),
            client_id: "brainmaps-cli".to_owned(),
            token_endpoint: at("/token").unwrap(),
            revocation_endpoint: at("/revoke"),
        },
    }
}

/// The same without a revocation endpoint.
#[cfg(test)]
pub(super) fn without_revocation() -> VerifiedServer {
    let mut server = example();
    server.server.revocation_endpoint = None;
    server
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::testing::url;

    fn check(
        (issuer, token, device): (&str, &str, &str),
        revocation: Option<&str>,
        named: &[&str],
    ) -> Result<VerifiedServer, OauthError> {
        let authority = OAuthServer {
            issuer: issuer.to_owned(),
            client_id: "native".to_owned(),
            token_endpoint: url(token),
            revocation_endpoint: revocation.map(url),
        };
        let named: Vec<Origin> = named.iter().map(|it| it.parse().unwrap()).collect();
        VerifiedServer::verify(authority, Some(url(device)), &named)
    }

    #[test]
    fn endpoints_share_the_origin_of_the_issuer() {
        let own = ("https://a.test/x", "https://a.test/t", "https://a.test/d");
        assert!(check(own, Some("https://a.test/r"), &[]).is_ok());
        assert!(check(own, None, &["https://b.test"]).is_ok());
        for (token, device, revocation, what) in [
            ("https://evil.test/t", "https://a.test/d", None, "token"),
            (
                "https://a.test/t",
                "https://evil.test/d",
                None,
                "device authorization",
            ),
            (
                "https://a.test/t",
                "https://a.test/d",
                Some("https://evil.test/r"),
                "revocation",
            ),
            (
                "https://evil.test/t",
                "https://evil.test/d",
                Some("https://evil.test/r"),
                "token",
            ),
            ("https://a.test:444/t", "https://a.test/d", None, "token"),
            ("http://localhost:1/t", "https://a.test/d", None, "token"),
            ("https://sub.a.test/t", "https://a.test/d", None, "token"),
        ] {
            let error = check(("https://a.test", token, device), revocation, &[]).unwrap_err();
            let OauthError::ForeignEndpoint { what: found, .. } = &error else {
                panic!("{error}")
            };
            assert_eq!(*found, what, "{error}");
        }
    }

    #[test]
    fn a_described_origin_counts_when_all_endpoints_are_there() {
        let sibling = ("https://a.test", "https://b.test/t", "https://b.test/d");
        let revocation = Some("https://b.test/r");
        assert!(check(sibling, revocation, &["https://b.test"]).is_ok());
        assert!(check(sibling, revocation, &["https://c.test"]).is_err());
        assert!(check(sibling, Some("https://a.test/r"), &["https://b.test"]).is_err());
        let mixed = ("https://a.test", "https://b.test/t", "https://a.test/d");
        assert!(check(mixed, None, &["https://b.test"]).is_err());
        let two = ("https://a.test", "https://b.test/t", "https://c.test/d");
        assert!(check(two, None, &["https://b.test", "https://c.test"]).is_err());
    }

    #[test]
    fn an_https_issuer_has_no_plain_http_endpoint_even_where_it_is_described() {
        let plain = (
            "https://a.test",
            "http://localhost:1/t",
            "http://localhost:1/d",
        );
        assert!(check(plain, None, &["http://localhost:1"]).is_err());
        let local = (
            "http://localhost:1",
            "http://localhost:1/t",
            "http://localhost:1/d",
        );
        assert!(check(local, None, &[]).is_ok());
    }
}
