//! Errors of keys and of token ids. No variant contains the key itself.

use super::ActionError;
use crate::domain::Hint;

/// No variant contains the text itself.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("cannot store the key: {0}")]
    NotAKey(KeyFault),
    #[error("invalid token id: {0}")]
    NotAnId(IdFault),
    #[error("invalid token name: {0}, not a name")]
    NotAName(SecretKind),
    /// The service rejected a key or cookie, or could not be asked.
    #[error("cannot store the {what}: {}", if *is_rejected { format!("{service} rejected it") } else { format!("{service} did not confirm it") })]
    NotVerified {
        what: &'static str,
        service: String,
        /// Whether the service rejected it; otherwise the service did not confirm it.
        is_rejected: bool,
        #[source]
        source: Box<ActionError>,
    },
    /// A key is set and cannot be used.
    #[error(transparent)]
    Unusable(#[from] Box<UnusableKey>),
}

/// Never contains the text itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    #[error("it is not UTF-8 text or contains control characters")]
    NotText,
    #[error("it begins with a scheme or a header name, such as \"Bearer\" or \"Authorization:\"")]
    Scheme,
    /// `"key`, `'key'`
    #[error("it begins or ends with a quotation mark")]
    Quoted,
    /// `${{ secrets.X }}`, `$KEY`, `<your key>`, `***`
    #[error("it is a placeholder that was not replaced by a key")]
    Placeholder,
    /// `op://vault/item/key`
    #[error("it is a reference to a secret or a URL, not the key itself")]
    Reference,
    /// `/run/secrets/key`
    #[error("it is the path of a file, not the key in the file")]
    Path,
    /// `{"key": "…"}`
    #[error("it is a document such as JSON or PEM, not the key in it")]
    Document,
    /// `NAME=key`
    #[error("it begins with the name of a variable and an equals sign")]
    Assignment,
    #[error("a key is one word of visible ASCII characters")]
    NotOneWord,
    #[error("it is not a key of {service}, whose keys begin with \"{prefix}\"")]
    Foreign { service: String, prefix: String },
    #[error("it is a key of {owner}, not of {service}")]
    OfOtherService {
        service: String,
        owner: String,
        profile: String,
    },
}

impl KeyFault {
    pub(crate) fn into_login_error(self) -> ActionError {
        match self {
            Self::Foreign { service, prefix } => ActionError::ForeignKey { service, prefix },
            Self::OfOtherService {
                service,
                owner,
                profile,
            } => ActionError::KeyOfOtherService {
                service,
                owner,
                profile,
            },
            other => KeyError::NotAKey(other).into(),
        }
    }
}

/// A key that is set and cannot be used. No other source replaces it and nothing is sent, because a mistyped key must
/// not make a command use another identity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot use {label}: {reason}")]
pub struct UnusableKey {
    /// The variable, and the file that contains it.
    pub label: String,
    /// As in the status: `environment:NAME`, `file:PATH`, `dotenv:PATH`.
    pub source_id: String,
    /// Contains nothing of the value.
    pub reason: String,
    pub hint: Hint,
}

/// Why a text is a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretKind {
    /// Matches the key format of a service.
    #[error("it is a key of {service}")]
    ServiceKey { service: String },
    #[error("it is an access token (JWT)")]
    Jwt,
    #[error("it contains a credential that is in use")]
    InUse,
    #[error("it is the key of a token that was created here")]
    CreatedHere,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdFault {
    #[error("{0}, not an id")]
    Secret(SecretKind),
    #[error("it matches several tokens: {}", candidates.join(", "))]
    Ambiguous { candidates: Vec<String> },
    #[error(
        "it names a kind of token, and is also the id or the name of a token of the default kind"
    )]
    OtherKind,
    #[error("the token ids of {service} are {form}")]
    WrongFormat { service: String, form: &'static str },
}
