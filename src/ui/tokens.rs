//! The state of a token and its properties as text, the same in every view.

use jiff::{SignedDuration, Timestamp};

use super::{KeyValues, Span};
use crate::domain::{ApiToken, TokenKind, time_format};

/// The state of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenState {
    Active,
    /// Active and in the last tenth of its lifetime.
    ExpiresSoon,
    Expired,
    /// Disabled; it can be enabled again.
    Inactive,
    Revoked,
    /// The service does not report it.
    Unknown,
}

impl TokenState {
    pub fn label(self) -> Span {
        match self {
            Self::Active => Span::good("active"),
            Self::ExpiresSoon => Span::warn("expires soon"),
            Self::Expired => Span::dim("expired"),
            Self::Inactive => Span::dim("inactive"),
            Self::Revoked => Span::dim("revoked"),
            Self::Unknown => Span::plain("unknown"),
        }
    }
}

/// Returns the state of `token`. An expired token is never shown as active, whatever the service reports.
pub fn token_state(now: Timestamp, token: &ApiToken) -> TokenState {
    match (token.active, token.expires_at) {
        (Some(false), _) if token.revoked => TokenState::Revoked,
        (Some(false), _) => TokenState::Inactive,
        (_, Some(end)) if end <= now => TokenState::Expired,
        (_, Some(end)) if end.duration_since(now) < expiry_warning_window(token, end) => {
            TokenState::ExpiresSoon
        }
        (Some(true), _) => TokenState::Active,
        (None, _) => TokenState::Unknown,
    }
}

/// Returns how long before its expiry a token is marked: a tenth of its lifetime, at most 14 days.
fn expiry_warning_window(token: &ApiToken, end: Timestamp) -> SignedDuration {
    let longest = SignedDuration::from_hours(14 * 24);
    let tenth = token.created_at.map(|made| end.duration_since(made) / 10);
    tenth.map_or(longest, |tenth| tenth.min(longest))
}

/// Returns the known properties of `token`. Times are relative for people, RFC 3339 for programs.
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
        .with("state", token_state(now, token).label())
        .with_some("created", time(token.created_at))
        .with_some("expires", time(token.expires_at))
        .with_some("permissions", joined(&token.permissions))
        .with_some("scopes", joined(&token.scopes))
        .with_some("begins", token.prefix.clone())
        .with_some("last used", time(token.last_used_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_marked_in_the_last_tenth_of_its_lifetime_and_at_most_14_days_before_its_expiry() {
        const DAY: i64 = 24 * 3600;
        let at = |second| Timestamp::from_second(second).unwrap();
        for (made, end, soon_from) in [
            (Some(0), DAY, DAY * 9 / 10),
            (Some(0), 90 * DAY, 81 * DAY),
            (Some(0), 365 * DAY, 351 * DAY),
            (None, 90 * DAY, 76 * DAY),
        ] {
            let token = ApiToken {
                active: Some(true),
                created_at: made.map(at),
                expires_at: Some(at(end)),
                ..ApiToken::default()
            };
            let state = |second| token_state(at(second), &token);
            assert_eq!(state(soon_from), TokenState::Active, "{end}");
            assert_eq!(state(soon_from + 1), TokenState::ExpiresSoon, "{end}");
            assert_eq!(state(end), TokenState::Expired, "{end}");
        }
    }
}
