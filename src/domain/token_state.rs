//! The state of an API token, from the facts that its service reports.

use jiff::{SignedDuration, Timestamp};

use super::ApiToken;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenState {
    Active,
    /// Active, and in the last tenth of its lifetime.
    ExpiresSoon,
    /// The service does not report it.
    Unknown,
    /// Disabled; it can be enabled again.
    Inactive,
    Expired,
    Revoked,
}

impl TokenState {
    /// Returns true unless the token is known not to work.
    pub fn can_work(self) -> bool {
        matches!(self, Self::Active | Self::ExpiresSoon | Self::Unknown)
    }
}

/// Returns the state of `token`. An expired token is `Expired` even if the service reports it as active.
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

/// Returns how long before its expiry a token counts as [`TokenState::ExpiresSoon`]: a tenth of its lifetime, at most 14
/// days.
fn expiry_warning_window(token: &ApiToken, end: Timestamp) -> SignedDuration {
    let max_window = SignedDuration::from_hours(14 * 24);
    let tenth = token
        .created_at
        .map(|created| end.duration_since(created) / 10);
    tenth.map_or(max_window, |tenth| tenth.min(max_window))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_expires_soon_in_its_last_tenth_and_at_most_14_days_before_its_expiry() {
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
