//! Describes a token for people, in the same words in every table and screen.

use jiff::Timestamp;

use super::{KeyValues, Span};
use crate::domain::{
    ApiToken, TokenExpiry, TokenFact, TokenKind, TokenState, time_format, token_state,
};

/// Returns the text for a state, with its style.
pub fn token_state_label(state: TokenState) -> Span {
    match state {
        TokenState::Active => Span::good("active"),
        TokenState::ExpiresSoon => Span::warn("expires soon"),
        TokenState::Expired => Span::dim("expired"),
        TokenState::Inactive => Span::dim("inactive"),
        TokenState::Revoked => Span::dim("revoked"),
        TokenState::Unknown => Span::plain("unknown"),
    }
}

/// Returns the known facts of `token`. Times are relative for people, RFC 3339 for programs.
pub fn token_key_values(now: Timestamp, token: &ApiToken, for_people: bool) -> KeyValues {
    let format_time = |time: Timestamp| {
        if for_people {
            return time_format::format_relative(now, time);
        }
        time.to_string()
    };
    let time = |time: Option<Timestamp>| time.map(format_time);
    let joined = |words: &Option<Vec<String>>| words.as_ref().map(|words| words.join(" "));
    KeyValues::default()
        .with_some("id", token.id.as_ref().map(ToString::to_string))
        .with_some("name", token.name.clone())
        .with_some("kind", token.kind.map(TokenKind::label))
        .with("state", token_state_label(token_state(now, token)))
        .with_some("created", time(token.created_at))
        .with_some("expires", format_expiry(token, format_time))
        .with_some("permissions", joined(&token.permissions))
        .with_some("scopes", joined(&token.scopes))
        .with_some("begins", token.prefix.clone())
        .with_some("last used", time(token.last_used_at))
}

/// Formats the expiry by `format_time`; `None` if it is unknown because the service does not report it.
pub fn format_expiry(
    token: &ApiToken,
    format_time: impl Fn(Timestamp) -> String,
) -> Option<String> {
    match token.expiry() {
        TokenExpiry::At(time) => Some(format_time(time)),
        TokenExpiry::Never => Some("never".to_owned()),
        TokenExpiry::Unknown => token
            .unreadable
            .contains(&TokenFact::Expiry)
            .then(|| "unknown".to_owned()),
    }
}
