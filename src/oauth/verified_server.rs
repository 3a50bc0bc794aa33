//! Verifies that an issuer's endpoints share one origin. Otherwise a server could name another server's device endpoint
//! and its own token endpoint, and would receive that server's device code (mix-up, RFC 9700 §4.4).

use url::Url;

use super::OauthError;
use crate::domain::{ClientAuthentication, OAuthServer, Origin, sanitize_line};

/// An authorization server whose endpoints all have one origin, the issuer's or one in the provider's description.
/// Requests with secrets require this type instead of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedServer {
    server: OAuthServer,
    login: LoginEndpoints,
}

/// The endpoints that only a login uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoginEndpoints {
    /// RFC 8628 §3.1.
    pub device: Option<Url>,
    pub authorization: Option<AuthorizationEndpoint>,
    /// RFC 9126 §2.
    pub pushed_authorization: Option<Url>,
    pub policy: AuthorizationPolicy,
}

/// The page of a browser login (RFC 6749 §3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationEndpoint {
    pub url: Url,
    /// Whether the provider's description contains the whole URL. Such a page may have an origin of its own, because it
    /// receives no secret.
    pub is_described: bool,
}

/// What the metadata of a server says about authorization requests and responses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuthorizationPolicy {
    /// `require_pushed_authorization_requests` (RFC 9126 §5).
    pub requires_pushed_requests: bool,
    /// `authorization_response_iss_parameter_supported` (RFC 9207 §3).
    pub sends_issuer: bool,
    /// Whether `code_challenge_methods_supported` is a list without S256 (RFC 8414 §2).
    pub lacks_pkce: bool,
}

impl VerifiedServer {
    /// Verifies the endpoints of `server` and those of a login. `allowed_origins` are those in the provider's description
    /// for this issuer. Leaves out a userinfo endpoint of another origin, which no login needs.
    ///
    /// # Errors
    /// [`OauthError::ForeignEndpoint`] for an endpoint with another origin, or with plain http if the issuer is https;
    /// [`OauthError::NotAnIssuer`] if the issuer is not a permitted URL.
    pub fn verify(
        server: OAuthServer,
        login: LoginEndpoints,
        allowed_origins: &[Origin],
    ) -> Result<Self, OauthError> {
        let issuer = parse_issuer_origin(&server.issuer)?;
        let token = &server.token_endpoint;
        let expected = allowed_origins
            .iter()
            .find(|origin| origin.contains(token) && issuer.may_link_to(token))
            .unwrap_or(&issuer);
        check_origins(&server, &login, &issuer, expected)?;
        let server = OAuthServer {
            userinfo_endpoint: server.userinfo_endpoint.filter(|endpoint| {
                let is_known = |origin: &Origin| origin.contains(endpoint);
                issuer.may_link_to(endpoint)
                    && (is_known(&issuer) || allowed_origins.iter().any(is_known))
            }),
            ..server
        };
        Ok(Self { server, login })
    }

    /// Returns this server with the userinfo endpoint of the provider's description, which may have an origin of its own.
    ///
    /// # Errors
    /// [`OauthError::ForeignEndpoint`] for plain http if the issuer is https.
    pub fn with_described_userinfo(mut self, endpoint: Url) -> Result<Self, OauthError> {
        let issuer = parse_issuer_origin(&self.server.issuer)?;
        if !issuer.may_link_to(&endpoint) {
            return Err(OauthError::ForeignEndpoint {
                issuer: sanitize_line(&self.server.issuer),
                name: "userinfo",
                found: endpoint.origin().ascii_serialization(),
                expected: issuer.to_string(),
            });
        }
        self.server.userinfo_endpoint = Some(endpoint);
        Ok(self)
    }

    #[must_use]
    pub fn with_client(mut self, id: String, authentication: ClientAuthentication) -> Self {
        self.server.client_id = id;
        self.server.client.authentication = authentication;
        self
    }

    /// Returns the issuer, the client and the endpoints.
    pub fn details(&self) -> &OAuthServer {
        &self.server
    }

    /// Converts this into the server that a session is bound to.
    pub fn into_details(self) -> OAuthServer {
        self.server
    }

    /// Returns the userinfo endpoint.
    ///
    /// # Errors
    /// [`OauthError::NoEndpoint`] if the server lists none that may receive the access token.
    pub fn userinfo_endpoint(&self) -> Result<&Url, OauthError> {
        let endpoint = self.server.userinfo_endpoint.as_ref();
        endpoint.ok_or_else(|| OauthError::NoEndpoint {
            issuer: sanitize_line(&self.server.issuer),
            name: "userinfo",
        })
    }

    /// Returns the device authorization endpoint.
    ///
    /// # Errors
    /// [`OauthError::NoDeviceFlow`] if the server does not list it.
    pub fn device_endpoint(&self) -> Result<&Url, OauthError> {
        let endpoint = self.login.device.as_ref();
        endpoint.ok_or_else(|| OauthError::NoDeviceFlow {
            issuer: sanitize_line(&self.server.issuer),
            has_browser_login: self.login.authorization.is_some(),
        })
    }

    /// Returns the authorization endpoint.
    ///
    /// # Errors
    /// [`OauthError::NoEndpoint`] if the server does not list it.
    pub fn authorization_endpoint(&self) -> Result<&Url, OauthError> {
        let endpoint = self.login.authorization.as_ref();
        let endpoint = endpoint.map(|endpoint| &endpoint.url);
        endpoint.ok_or_else(|| OauthError::NoEndpoint {
            issuer: sanitize_line(&self.server.issuer),
            name: "authorization",
        })
    }

    pub fn login_endpoints(&self) -> &LoginEndpoints {
        &self.login
    }
}

/// Fails for an endpoint of another origin than `expected`, except for an authorization endpoint that the issuer may use.
fn check_origins(
    server: &OAuthServer,
    login: &LoginEndpoints,
    issuer: &Origin,
    expected: &Origin,
) -> Result<(), OauthError> {
    let endpoints = [
        ("token", Some(&server.token_endpoint)),
        ("device authorization", login.device.as_ref()),
        (
            "pushed authorization request",
            login.pushed_authorization.as_ref(),
        ),
        ("revocation", server.revocation_endpoint.as_ref()),
    ];
    let page = login.authorization.as_ref();
    let page = page.filter(|page| !page.may_be_used_by(issuer));
    let page = page.map(|page| ("authorization", Some(&page.url)));
    for (name, endpoint) in endpoints.into_iter().chain(page) {
        if let Some(endpoint) = endpoint.filter(|endpoint| !expected.contains(endpoint)) {
            return Err(OauthError::ForeignEndpoint {
                issuer: sanitize_line(&server.issuer),
                name,
                found: endpoint.origin().ascii_serialization(),
                expected: expected.to_string(),
            });
        }
    }
    Ok(())
}

impl AuthorizationEndpoint {
    /// Returns `true` at the issuer's own origin, and for a URL of the description.
    fn may_be_used_by(&self, issuer: &Origin) -> bool {
        issuer.may_link_to(&self.url) && (self.is_described || issuer.contains(&self.url))
    }
}

/// Returns the origin of `issuer`, which must be a permitted URL.
pub(super) fn parse_issuer_origin(issuer: &str) -> Result<Origin, OauthError> {
    issuer.parse().map_err(|_| OauthError::NotAnIssuer {
        issuer: sanitize_line(issuer),
    })
}

#[cfg(test)]
pub(super) fn example() -> VerifiedServer {
    let at = |path: &str| Url::parse(&format!("https://auth.example.com{path}")).ok();
    VerifiedServer {
        login: LoginEndpoints {
            device: at("/device_authorization"),
            authorization: Some(AuthorizationEndpoint {
                url: at("/authorize").unwrap(),
                is_described: false,
            }),
            ..LoginEndpoints::default()
        },
        server: OAuthServer {
            issuer: "https://auth.example.com".to_owned(),
            client_id: "brainmaps-cli".to_owned(),
            client: crate::domain::ClientParameters::default(),
            protected_resource: None,
            token_endpoint: at("/token").unwrap(),
            revocation_endpoint: at("/revoke"),
            userinfo_endpoint: at("/userinfo"),
        },
    }
}

/// Returns [`example`] for a client that authenticates.
#[cfg(test)]
pub(super) fn authenticated(authentication: crate::domain::ClientAuthentication) -> VerifiedServer {
    let mut server = example();
    server.server.client.authentication = authentication;
    server
}

#[cfg(test)]
pub(super) fn without_revocation() -> VerifiedServer {
    let mut server = example();
    server.server.revocation_endpoint = None;
    server
}

/// Returns [`example`] with a pushed authorization request endpoint and this policy.
#[cfg(test)]
pub(super) fn with_pushed_requests(policy: AuthorizationPolicy) -> VerifiedServer {
    let mut server = example();
    server.login.pushed_authorization = Url::parse("https://auth.example.com/par").ok();
    server.login.policy = policy;
    server
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::testing::url;

    fn verify(
        [issuer, token, device]: [&str; 3],
        revocation: Option<&str>,
        allowed: &[&str],
    ) -> Result<VerifiedServer, OauthError> {
        let authority = OAuthServer {
            issuer: issuer.to_owned(),
            client_id: "native".to_owned(),
            client: crate::domain::ClientParameters::default(),
            protected_resource: None,
            token_endpoint: url(token),
            revocation_endpoint: revocation.map(url),
            userinfo_endpoint: None,
        };
        let allowed: Vec<Origin> = allowed.iter().map(|it| it.parse().unwrap()).collect();
        let login = LoginEndpoints {
            device: Some(url(device)),
            ..LoginEndpoints::default()
        };
        VerifiedServer::verify(authority, login, &allowed)
    }

    /// Verifies a server at `https://a.test` with this authorization and this pushed request endpoint.
    fn verify_browser(
        authorization: &str,
        is_described: bool,
        pushed: Option<&str>,
    ) -> Result<VerifiedServer, OauthError> {
        let mut server = example().server;
        server.issuer = "https://a.test".to_owned();
        server.token_endpoint = url("https://a.test/t");
        server.revocation_endpoint = None;
        let login = LoginEndpoints {
            authorization: Some(AuthorizationEndpoint {
                url: url(authorization),
                is_described,
            }),
            pushed_authorization: pushed.map(url),
            ..LoginEndpoints::default()
        };
        VerifiedServer::verify(server, login, &[])
    }

    #[test]
    fn rfc9700_4_4_authorization_page_of_another_server_is_accepted_only_if_described() {
        assert!(verify_browser("https://a.test/a", false, Some("https://a.test/p")).is_ok());
        assert!(verify_browser("https://b.test/a", true, None).is_ok());
        for (page, is_described, pushed, expected) in [
            ("https://b.test/a", false, None, "authorization"),
            ("http://localhost:1/a", true, None, "authorization"),
            (
                "https://a.test/a",
                true,
                Some("https://b.test/p"),
                "pushed authorization request",
            ),
        ] {
            let error = verify_browser(page, is_described, pushed).unwrap_err();
            let OauthError::ForeignEndpoint { name, .. } = &error else {
                panic!("{error}")
            };
            assert_eq!(*name, expected, "{error}");
        }
    }

    #[test]
    fn endpoints_share_the_origin_of_the_issuer() {
        let own = ["https://a.test/x", "https://a.test/t", "https://a.test/d"];
        assert!(verify(own, Some("https://a.test/r"), &[]).is_ok());
        assert!(verify(own, None, &["https://b.test"]).is_ok());
        for (token, device, revocation, name) in [
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
            let error = verify(["https://a.test", token, device], revocation, &[]).unwrap_err();
            let OauthError::ForeignEndpoint { name: found, .. } = &error else {
                panic!("{error}")
            };
            assert_eq!(*found, name, "{error}");
        }
    }

    #[test]
    fn described_origin_is_accepted_if_all_endpoints_have_it() {
        let sibling = ["https://a.test", "https://b.test/t", "https://b.test/d"];
        let revocation = Some("https://b.test/r");
        assert!(verify(sibling, revocation, &["https://b.test"]).is_ok());
        assert!(verify(sibling, revocation, &["https://c.test"]).is_err());
        assert!(verify(sibling, Some("https://a.test/r"), &["https://b.test"]).is_err());
        let mixed = ["https://a.test", "https://b.test/t", "https://a.test/d"];
        assert!(verify(mixed, None, &["https://b.test"]).is_err());
        let two = ["https://a.test", "https://b.test/t", "https://c.test/d"];
        assert!(verify(two, None, &["https://b.test", "https://c.test"]).is_err());
    }

    #[test]
    fn https_issuer_cannot_have_plain_http_endpoints() {
        let plain = [
            "https://a.test",
            "http://localhost:1/t",
            "http://localhost:1/d",
        ];
        assert!(verify(plain, None, &["http://localhost:1"]).is_err());
        let local = [
            "http://localhost:1",
            "http://localhost:1/t",
            "http://localhost:1/d",
        ];
        assert!(verify(local, None, &[]).is_ok());
    }
}
