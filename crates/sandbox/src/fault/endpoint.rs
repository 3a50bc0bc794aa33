//! Which requests a fault is for.

/// What the endpoint of a fault is compared with.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    pub(super) method: String,
    /// Without the query.
    pub(super) path: String,
    /// The `grant_type`, where the request is one to a token endpoint and somebody needs to know.
    pub(super) grant: Option<String>,
}

/// An endpoint that has a name of its own, at every service that has it.
pub struct Name {
    /// The name.
    pub name: &'static str,
    /// What it stands for.
    pub meaning: &'static str,
    fits: fn(&Asked) -> bool,
}

const METADATA: &str = "/.well-known/oauth-authorization-server";
const TOKEN: &str = "/oauth2/token";

/// All of them.
pub static NAMES: [Name; 8] = [
    Name {
        name: "any",
        meaning: "every request",
        fits: |_| true,
    },
    Name {
        name: "metadata",
        meaning: "the server's metadata (RFC 8414)",
        fits: |asked| asked.path.contains(METADATA),
    },
    Name {
        name: "device",
        meaning: "the device authorization endpoint (RFC 8628 §3.1)",
        fits: |asked| asked.path.ends_with("/oauth2/device_authorization"),
    },
    Name {
        name: "token",
        meaning: "the token endpoint, whatever the grant",
        fits: |asked| asked.path.ends_with(TOKEN),
    },
    Name {
        name: "poll",
        meaning: "the token endpoint, asked with a device code (RFC 8628 §3.4)",
        fits: |asked| asked.is_grant("urn:ietf:params:oauth:grant-type:device_code"),
    },
    Name {
        name: "refresh",
        meaning: "the token endpoint, asked with a refresh token (RFC 6749 §6)",
        fits: |asked| asked.is_grant("refresh_token"),
    },
    Name {
        name: "revoke",
        meaning: "the revocation endpoint (RFC 7009)",
        fits: |asked| asked.path.ends_with("/oauth2/revoke"),
    },
    Name {
        name: "introspect",
        meaning: "the introspection endpoint (RFC 7662)",
        fits: |asked| asked.path.ends_with("/oauth2/introspect"),
    },
];

impl Asked {
    fn is_grant(&self, grant: &str) -> bool {
        self.is_token_request() && self.grant.as_deref() == Some(grant)
    }

    /// Whether this may be one with a `grant_type`.
    pub(super) fn is_token_request(&self) -> bool {
        self.method == "POST" && self.path.ends_with(TOKEN)
    }
}

/// The requests that a fault is for.
#[derive(Clone)]
pub(super) enum Endpoint {
    Named(&'static Name),
    Path {
        /// Any, where there is none.
        method: Option<String>,
        /// `{…}` stands for any one part, a `*` at the end for any rest.
        path: String,
    },
}

impl Endpoint {
    /// Reads a name, or `[METHOD ]/PATH`.
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

    pub(super) fn fits(&self, asked: &Asked) -> bool {
        match self {
            Self::Named(name) => (name.fits)(asked),
            Self::Path { method, path } => {
                method.as_ref().is_none_or(|it| *it == asked.method) && path_fits(path, &asked.path)
            }
        }
    }

    /// Whether it can be told only from a request's body.
    pub(super) fn needs_grant(&self) -> bool {
        matches!(self, Self::Named(name) if ["poll", "refresh"].contains(&name.name))
    }
}

fn path_fits(pattern: &str, path: &str) -> bool {
    let (pattern, open) = match pattern.strip_suffix('*') {
        Some(begin) => (begin, true),
        None => (pattern, false),
    };
    let mut parts = path.split('/');
    let mut wanted = pattern.split('/').peekable();
    while let Some(want) = wanted.next() {
        let Some(part) = parts.next() else {
            return false;
        };
        let last = wanted.peek().is_none();
        if open && last {
            return part.starts_with(want);
        }
        let any = want.starts_with('{') && want.ends_with('}') && !part.is_empty();
        if !any && want != part {
            return false;
        }
    }
    parts.next().is_none()
}
