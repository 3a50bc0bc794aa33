//! A service's API token as its owner sees it: everything but the secret.

use jiff::Timestamp;
use serde::Serialize;

use super::{Secret, TokenFact, TokenId};

/// How long a token is meant to live, where the service tells the two apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// Until it is revoked.
    Permanent,
    /// For a fixed time.
    Temporary,
}

impl TokenKind {
    /// The kind as services filter by it: `permanent=true`.
    pub fn as_filter(self) -> &'static str {
        match self {
            Self::Permanent => "true",
            Self::Temporary => "false",
        }
    }

    /// The name that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Permanent => "permanent",
            Self::Temporary => "temporary",
        }
    }
}

/// One API token. What a service does not tell is `None`, and `null` in JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ApiToken {
    /// What `token revoke` takes. Basic Memory's documented answer to a new key has none; every list has.
    pub id: Option<TokenId>,
    /// The name given at creation.
    pub name: Option<String>,
    /// Permanent or temporary.
    pub kind: Option<TokenKind>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// Whether it works; `false` once revoked.
    pub active: Option<bool>,
    /// Whether the service says that it was revoked, which is more than that it does not work.
    #[serde(skip)]
    pub revoked: bool,
    /// What it may do.
    pub permissions: Option<Vec<String>>,
    /// On what it may do it.
    pub scopes: Option<Vec<String>>,
    /// The beginning of the secret, where the service shows it.
    pub prefix: Option<String>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// Restrictions that the service reports in a form or at a place that its description does not cover.
    #[serde(skip)]
    pub unreadable: Vec<TokenFact>,
}

impl ApiToken {
    /// The same facts without `secret`, in case that the service repeats it in one of them.
    #[must_use]
    pub fn redact(mut self, secret: &Secret) -> Self {
        let secret = secret.expose();
        let clean = |text: &mut String| {
            if text.contains(secret) {
                *text = text.replace(secret, "[secret]");
            }
        };
        self.id = self.id.filter(|id| !id.as_str().contains(secret));
        let texts = [&mut self.name, &mut self.prefix].into_iter().flatten();
        texts.for_each(clean);
        let lists = [&mut self.permissions, &mut self.scopes].into_iter();
        lists.flatten().flatten().for_each(clean);
        self
    }
}

/// A token just made, with the secret that is shown this once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedToken {
    /// The facts.
    pub token: ApiToken,
    /// The secret.
    pub secret: Secret,
}
