//! Why a browser login ended without a code.

use std::time::Duration;

use crate::domain::format_duration;

/// The reason why a browser login ended without a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationError {
    /// `state` is missing, repeated or different: the response was not sent for this sign-in (RFC 6749 §10.12).
    #[error("the response does not belong to this sign-in: its `state` is missing or different")]
    WrongState,
    #[error("the response of the browser has the parameter `{name}` more than once")]
    Repeated { name: &'static str },
    /// The metadata announces `iss`, but it is missing (RFC 9207 §2.4).
    #[error("the response of the browser has no `iss`, which {expected} announces in its metadata")]
    MissingIssuer { expected: String },
    /// Another server sent the response (RFC 9207 §2.4). Its error texts are not shown.
    #[error("the response of the browser is from `{found}`, not from `{expected}`")]
    ForeignIssuer { expected: String, found: String },
    #[error("the response of the browser has neither `code` nor `error`")]
    NoCode,
    #[error("the authorization code contains invalid characters")]
    InvalidCode,
    /// `access_denied`.
    #[error("the sign-in was declined{}", format_description(description.as_deref()))]
    Denied { description: Option<String> },
    /// Another error (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6).
    #[error(
        "the server rejected the sign-in ({error}){}",
        format_description(description.as_deref())
    )]
    Refused {
        error: String,
        description: Option<String>,
    },
    /// The pasted text is another URL.
    #[error("the pasted URL is not the one that the browser was redirected to")]
    NotTheRedirect { expected: String },
    /// The pasted text ends within the parameters that this sign-in expects.
    #[error("the pasted URL looks cut: its end is missing")]
    Cut,
    #[error("the sign-in was not completed within {}", format_duration(*after))]
    TimedOut { after: Duration },
}

impl AuthorizationError {
    /// Returns `true` if the user probably copied something else, and may paste again.
    pub fn is_wrong_text(&self) -> bool {
        matches!(
            self,
            Self::WrongState
                | Self::Cut
                | Self::NotTheRedirect { .. }
                | Self::InvalidCode
                | Self::NoCode
        )
    }
}

fn format_description(description: Option<&str>) -> String {
    description.map_or_else(String::new, |text| format!(": {text}"))
}
