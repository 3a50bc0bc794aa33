//! Matches requests against the endpoint of a fault.

/// The properties of a request that an endpoint matches.
#[derive(Debug, Clone, Default)]
pub(super) struct RequestInfo {
    pub(super) method: String,
    /// Without the query string.
    pub(super) path: String,
    /// Read for token requests only, and only if a fault needs it.
    pub(super) grant_type: Option<String>,
}

/// An endpoint with a name, which matches it at every service.
pub struct NamedEndpoint {
    /// The name.
    pub name: &'static str,
    /// The requests that it matches.
    pub meaning: &'static str,
    matches: fn(&RequestInfo) -> bool,
}

const METADATA: [&str; 2] = [
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
];
const TOKEN: &str = "/oauth2/token";

/// All named endpoints.
pub static NAMES: [NamedEndpoint; 14] = [
    NamedEndpoint {
        name: "any",
        meaning: "every request",
        matches: |_| true,
    },
    NamedEndpoint {
        name: "metadata",
        meaning: "the server's metadata (RFC 8414, OpenID Connect Discovery)",
        matches: |request| METADATA.iter().any(|name| request.path.contains(name)),
    },
    NamedEndpoint {
        name: "device",
        meaning: "the device authorization endpoint (RFC 8628 §3.1)",
        matches: |request| request.path.ends_with("/oauth2/device_authorization"),
    },
    NamedEndpoint {
        name: "authorize",
        meaning: "the authorization endpoint, which responds with a redirect (RFC 6749 §3.1)",
        matches: |request| request.path.ends_with("/oauth2/authorize"),
    },
    NamedEndpoint {
        name: "decision",
        meaning: "the page that sends the person's decision to the redirect URI",
        matches: |request| request.method == "POST" && request.path.ends_with("/device/consent"),
    },
    NamedEndpoint {
        name: "par",
        meaning: "the pushed authorization request endpoint (RFC 9126)",
        matches: |request| request.path.ends_with("/oauth2/par"),
    },
    NamedEndpoint {
        name: "token",
        meaning: "the token endpoint, for any grant",
        matches: |request| request.path.ends_with(TOKEN),
    },
    NamedEndpoint {
        name: "poll",
        meaning: "the token endpoint with a device code (RFC 8628 §3.4)",
        matches: |request| request.has_grant_type("urn:ietf:params:oauth:grant-type:device_code"),
    },
    NamedEndpoint {
        name: "code",
        meaning: "the token endpoint with an authorization code (RFC 6749 §4.1.3)",
        matches: |request| request.has_grant_type("authorization_code"),
    },
    NamedEndpoint {
        name: "refresh",
        meaning: "the token endpoint with a refresh token (RFC 6749 §6)",
        matches: |request| request.has_grant_type("refresh_token"),
    },
    NamedEndpoint {
        name: "revoke",
        meaning: "the revocation endpoint (RFC 7009)",
        matches: |request| request.path.ends_with("/oauth2/revoke"),
    },
    NamedEndpoint {
        name: "introspect",
        meaning: "the introspection endpoint (RFC 7662)",
        matches: |request| request.path.ends_with("/oauth2/introspect"),
    },
    NamedEndpoint {
        name: "jwks",
        meaning: "the keys that sign ID tokens",
        matches: |request| request.path.ends_with("/oauth2/jwks"),
    },
    NamedEndpoint {
        name: "userinfo",
        meaning: "the userinfo endpoint (OpenID Connect Core §5.3)",
        matches: |request| request.path.ends_with("/oauth2/userinfo"),
    },
];

impl RequestInfo {
    fn has_grant_type(&self, grant_type: &str) -> bool {
        self.is_token_request() && self.grant_type.as_deref() == Some(grant_type)
    }

    pub(super) fn is_token_request(&self) -> bool {
        self.method == "POST" && self.path.ends_with(TOKEN)
    }
}

/// The requests that a fault applies to.
#[derive(Clone)]
pub(super) enum Endpoint {
    Named(&'static NamedEndpoint),
    Path {
        /// `None` matches any method.
        method: Option<String>,
        /// `{…}` matches one segment, a trailing `*` the rest.
        path: String,
    },
}

impl Endpoint {
    /// Parses a name, or `[METHOD ]/PATH`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (method, path) = match text.split_once(' ') {
            Some((method, path)) => (Some(method.to_ascii_uppercase()), path.trim_start()),
            None => (None, text),
        };
        if path.starts_with('/') && !path.contains(['?', ' ']) {
            let path = path.to_owned();
            return Some(Self::Path { method, path });
        }
        NAMES.iter().find(|it| it.name == text).map(Self::Named)
    }

    pub(super) fn matches(&self, request: &RequestInfo) -> bool {
        match self {
            Self::Named(name) => (name.matches)(request),
            Self::Path { method, path } => {
                method.as_ref().is_none_or(|it| *it == request.method)
                    && path_matches(path, &request.path)
            }
        }
    }

    /// Returns true if matching needs the request body.
    pub(super) fn needs_grant_type(&self) -> bool {
        matches!(self, Self::Named(name) if ["poll", "code", "refresh"].contains(&name.name))
    }
}

/// Compares a path with a pattern, in which `{…}` matches one segment and a trailing `*` the rest.
fn path_matches(pattern: &str, path: &str) -> bool {
    let (pattern, is_prefix) = match pattern.strip_suffix('*') {
        Some(prefix) => (prefix, true),
        None => (pattern, false),
    };
    let mut segments = path.split('/');
    let mut expected_segments = pattern.split('/').peekable();
    while let Some(expected) = expected_segments.next() {
        let Some(segment) = segments.next() else {
            return false;
        };
        let is_last = expected_segments.peek().is_none();
        if is_prefix && is_last {
            return segment.starts_with(expected);
        }
        let is_wildcard =
            expected.starts_with('{') && expected.ends_with('}') && !segment.is_empty();
        if !is_wildcard && expected != segment {
            return false;
        }
    }
    segments.next().is_none()
}
