//! Token expiries, counted per period.

use jiff::Timestamp;

use super::tokens::{TokenList, display_name};
use crate::domain::{TokenExpiry, TokenState, token_state};

/// Upper limits in days.
const PERIODS: [(&str, i64); 6] = [
    ("within a day", 1),
    ("within a week", 7),
    ("within a month", 30),
    ("within 3 months", 91),
    ("within a year", 366),
    ("later", i64::MAX),
];

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) label: &'static str,
    pub(crate) count: usize,
    /// The token that expires first.
    pub(crate) first: Option<(Timestamp, String)>,
}

impl Period {
    fn named(label: &'static str) -> Self {
        Self {
            label,
            ..Self::default()
        }
    }
}

impl TokenList {
    /// Counts the tokens that are neither disabled nor revoked: expired ones, then by period, then those without or with unknown expiry.
    pub(crate) fn timeline(&self, now: Timestamp) -> Vec<Period> {
        let mut expired = Period::named("expired");
        let mut periods = PERIODS.map(|(label, _)| Period::named(label));
        let mut never = Period::named("never");
        let mut unknown = Period::named("unknown");
        for token in self.all() {
            let period = match (token_state(now, token), token.expiry()) {
                (TokenState::Inactive | TokenState::Revoked, _) => continue,
                (TokenState::Expired, _) => &mut expired,
                (_, TokenExpiry::Never) => &mut never,
                (_, TokenExpiry::Unknown) => &mut unknown,
                (_, TokenExpiry::At(expiry)) => {
                    let days = expiry.duration_since(now).as_hours() / 24;
                    let index = PERIODS.iter().position(|(_, limit)| days < *limit);
                    &mut periods[index.unwrap_or(PERIODS.len() - 1)]
                }
            };
            period.count += 1;
            let Some(expiry) = token.expires_at else {
                continue;
            };
            if period
                .first
                .as_ref()
                .is_none_or(|(first, _)| expiry < *first)
            {
                period.first = Some((expiry, display_name(token)));
            }
        }
        std::iter::once(expired)
            .chain(periods)
            .chain([never])
            .chain((unknown.count > 0).then_some(unknown))
            .collect()
    }
}
