//! An API token as its service reports it. It never holds the secret; only [`CreatedToken`] does, once.

use jiff::Timestamp;
use serde::Serialize;

use super::{Secret, TokenFact, TokenId};

/// For services that distinguish the two kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// Valid until it is revoked.
    Permanent,
    /// Valid for a fixed time.
    Temporary,
}

impl TokenKind {
    /// Returns the value of a service's `permanent` parameter.
    pub fn as_filter(self) -> &'static str {
        match self {
            Self::Permanent => "true",
            Self::Temporary => "false",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Permanent => "permanent",
            Self::Temporary => "temporary",
        }
    }
}

/// When a token expires, as far as the service reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenExpiry {
    At(Timestamp),
    Never,
    /// The service does not report it, or in a form that is not known.
    Unknown,
}

/// A fact that the service does not report is `None`, and `null` in JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ApiToken {
    /// Missing in Basic Memory's documented response to a new key; every list has it.
    pub id: Option<TokenId>,
    pub name: Option<String>,
    pub kind: Option<TokenKind>,
    pub created_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    /// Whether the service reports the expiry, so that a missing one means that the token never expires.
    #[serde(skip)]
    pub reports_expiry: bool,
    /// `false` for a revoked token and for one that was deactivated.
    pub active: Option<bool>,
    /// Set if the service reports a revocation: an inactive token can be activated again, a revoked one cannot.
    #[serde(skip)]
    pub revoked: bool,
    pub permissions: Option<Vec<String>>,
    pub scopes: Option<Vec<String>>,
    /// The first characters of the secret, if the service shows them.
    pub prefix: Option<String>,
    pub last_used_at: Option<Timestamp>,
    /// Restrictions that the service reports in a form or a field that its description does not cover.
    #[serde(skip)]
    pub unreadable: Vec<TokenFact>,
}

/// A shorter secret is in ids and names by chance.
const MIN_REDACTED_LENGTH: usize = 8;

impl ApiToken {
    pub fn expiry(&self) -> TokenExpiry {
        match self.expires_at {
            Some(time) => TokenExpiry::At(time),
            None if self.reports_expiry => TokenExpiry::Never,
            None => TokenExpiry::Unknown,
        }
    }

    /// Replaces `secret` in every fact: a service may echo it in one of them.
    #[must_use]
    pub fn redact(mut self, secret: &Secret) -> Self {
        let secret = secret.expose();
        if secret.len() < MIN_REDACTED_LENGTH {
            return self;
        }
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

/// A new token and its secret, which the service returns only in the response to its creation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedToken {
    pub token: ApiToken,
    pub secret: Secret,
}
