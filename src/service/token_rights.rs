//! Compares the rights and the lifetime of a token with the expected ones.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::domain::{ApiToken, TokenFact, TokenKind, format_duration};
use crate::provider::TokenFields;

/// Services stamp creation and expiry one after the other.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// The lifetime of a token from its creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// Until it is revoked.
    Unlimited,
    Limited(SignedDuration),
}

/// The rights and the lifetime of a token; `None` if unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenRights {
    pub kind: Option<TokenKind>,
    pub lifetime: Option<Lifetime>,
    pub permissions: Option<BTreeSet<String>>,
    pub scopes: Option<BTreeSet<String>>,
    /// Restrictions that exist and cannot be read.
    pub unreadable: Vec<TokenFact>,
}

/// A fact in which one token differs from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RightsChange {
    pub fact: TokenFact,
    /// The expected value.
    pub old: String,
    /// The actual value.
    pub new: String,
    /// Whether the new token has more rights or a longer lifetime; unknown counts as wider.
    pub is_wider: bool,
}

impl fmt::Display for RightsChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} -> {})", self.fact.name(), self.old, self.new)
    }
}

impl TokenRights {
    /// Returns the rights of `token`. The lifetime counts from its creation, or from `now` if that is not reported, which is
    /// shorter. A described expiry that is null means that the token does not expire.
    pub fn from_token(token: &ApiToken, fields: &TokenFields, now: Timestamp) -> Self {
        let start = token.created_at.unwrap_or(now);
        let is_readable = !token.unreadable.contains(&TokenFact::Expiry);
        let lifetime = match token.expires_at {
            Some(end) => Some(Lifetime::Limited(end.duration_since(start))),
            None if fields.expires_at.is_some() && is_readable => Some(Lifetime::Unlimited),
            None => None,
        };
        let set = |words: &Option<Vec<String>>| words.clone().map(BTreeSet::from_iter);
        Self {
            kind: token.kind,
            lifetime,
            permissions: set(&token.permissions),
            scopes: set(&token.scopes),
            unreadable: token.unreadable.clone(),
        }
    }

    pub fn known_facts(&self) -> Vec<TokenFact> {
        let is_known = |fact: &TokenFact| {
            let has_value = match fact {
                TokenFact::Expiry => self.lifetime.is_some(),
                TokenFact::Scopes => self.scopes.is_some(),
                TokenFact::Permissions => self.permissions.is_some(),
                TokenFact::Kind => self.kind.is_some(),
            };
            has_value && !self.unreadable.contains(fact)
        };
        TokenFact::ALL.into_iter().filter(is_known).collect()
    }

    /// Returns the value of a fact, for people.
    pub(super) fn describe(&self, fact: TokenFact) -> String {
        let words = |words: &Option<BTreeSet<String>>| {
            let words = words.as_ref()?;
            let joined: Vec<&str> = words.iter().map(String::as_str).collect();
            Some(if joined.is_empty() {
                "none listed".to_owned()
            } else {
                joined.join(" ")
            })
        };
        let text = match fact {
            _ if self.unreadable.contains(&fact) => Some("restricted in an unknown way".to_owned()),
            TokenFact::Expiry => self.lifetime.map(|lifetime| lifetime.to_string()),
            TokenFact::Scopes => words(&self.scopes),
            TokenFact::Permissions => words(&self.permissions),
            TokenFact::Kind => self.kind.map(|kind| kind.label().to_owned()),
        };
        text.unwrap_or_else(|| "unknown".to_owned())
    }
}

impl fmt::Display for Lifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Limited(lifetime) = self else {
            return f.write_str("never expires");
        };
        let seconds = u64::try_from(lifetime.as_secs()).unwrap_or_default();
        if seconds < 600 {
            return f.write_str(&format_duration(Duration::from_secs(seconds)));
        }
        // Creation and expiry have slightly different times: 29 days 23:59:59 is 30 days.
        let minutes = u64::try_from((lifetime.as_secs() + 30) / 60).unwrap_or_default();
        f.write_str(&format_duration(Duration::from_mins(minutes)))
    }
}

/// Returns the facts in which `got` differs from `wanted`. Facts that `wanted` does not have are not compared.
pub fn compare_rights(wanted: &TokenRights, got: &TokenRights) -> Vec<RightsChange> {
    let mut differences = Vec::new();
    let lifetime = compare_lifetimes(wanted.lifetime, got.lifetime);
    let kind = match (wanted.kind, got.kind) {
        // The lifetime already differs.
        _ if lifetime.is_some() => None,
        (Some(TokenKind::Temporary), Some(TokenKind::Permanent)) => Some(true),
        (Some(TokenKind::Temporary), None) if got.lifetime.is_none() => Some(true),
        (Some(TokenKind::Permanent), Some(TokenKind::Temporary)) => Some(false),
        _ => None,
    };
    let found = [
        (TokenFact::Expiry, lifetime),
        (
            TokenFact::Scopes,
            compare_sets(wanted.scopes.as_ref(), got.scopes.as_ref()),
        ),
        (
            TokenFact::Permissions,
            compare_sets(wanted.permissions.as_ref(), got.permissions.as_ref()),
        ),
        (TokenFact::Kind, kind),
    ];
    for (fact, is_wider) in found {
        let cannot_be_read = wanted.unreadable.contains(&fact) || got.unreadable.contains(&fact);
        let is_wider = if cannot_be_read { Some(true) } else { is_wider };
        if let Some(is_wider) = is_wider {
            differences.push(RightsChange {
                fact,
                old: wanted.describe(fact),
                new: got.describe(fact),
                is_wider,
            });
        }
    }
    differences
}

/// Returns true if `got` is longer than `wanted`, false if it is shorter, `None` if they are equal.
fn compare_lifetimes(wanted: Option<Lifetime>, got: Option<Lifetime>) -> Option<bool> {
    match (wanted?, got) {
        (Lifetime::Unlimited, Some(Lifetime::Limited(_))) => Some(false),
        (Lifetime::Unlimited, _) => None,
        (Lifetime::Limited(old), Some(Lifetime::Limited(new))) => {
            let is_longer = new > old.saturating_add(TOLERANCE);
            let is_shorter = new < old.saturating_sub(TOLERANCE);
            (is_longer || is_shorter).then_some(is_longer)
        }
        (Lifetime::Limited(_), _) => Some(true),
    }
}

/// Returns true if `got` has more words than `wanted`, false if it has fewer, `None` if they are equal. An empty list may
/// mean no restriction, so it counts as wider than one with words, and vice versa.
pub(super) fn compare_sets(
    wanted: Option<&BTreeSet<String>>,
    got: Option<&BTreeSet<String>>,
) -> Option<bool> {
    let wanted = wanted?;
    match got {
        Some(got) if got == wanted => None,
        Some(got) => Some(got.is_empty() || !got.is_subset(wanted)),
        None => Some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn limited(seconds: i64) -> TokenRights {
        TokenRights {
            lifetime: Some(Lifetime::Limited(SignedDuration::from_secs(seconds))),
            ..TokenRights::default()
        }
    }

    fn scopes(words: &[&str]) -> TokenRights {
        TokenRights {
            scopes: Some(words.iter().map(|word| (*word).to_owned()).collect()),
            ..TokenRights::default()
        }
    }

    fn difference(wanted: &TokenRights, got: &TokenRights) -> Option<(TokenFact, bool)> {
        let mut found = compare_rights(wanted, got);
        assert!(found.len() < 2, "{found:?}");
        found.pop().map(|change| (change.fact, change.is_wider))
    }

    #[test]
    fn longer_or_unknown_lifetime_is_wider() {
        let unlimited = TokenRights {
            lifetime: Some(Lifetime::Unlimited),
            ..TokenRights::default()
        };
        let unknown = TokenRights::default();
        let wider = Some((TokenFact::Expiry, true));
        let narrower = Some((TokenFact::Expiry, false));
        for (wanted, got, expected) in [
            (&limited(30 * DAY), &limited(30 * DAY + 59), None),
            (&limited(30 * DAY), &limited(31 * DAY), wider),
            (&limited(30 * DAY), &limited(29 * DAY), narrower),
            (&limited(30 * DAY), &unlimited, wider),
            (&limited(30 * DAY), &unknown, wider),
            (&unlimited, &limited(DAY), narrower),
            (&unlimited, &unlimited, None),
            (&unlimited, &unknown, None),
            (&unknown, &unlimited, None),
        ] {
            assert_eq!(difference(wanted, got), expected, "{wanted:?} {got:?}");
        }
    }

    #[test]
    fn more_unknown_or_unlisted_scopes_are_wider() {
        let wider = Some((TokenFact::Scopes, true));
        let narrower = Some((TokenFact::Scopes, false));
        for (wanted, got, expected) in [
            (&["a", "b"][..], &["b", "a"][..], None),
            (&["a", "b"], &["a"], narrower),
            (&["a"], &["a", "b"], wider),
            (&["*"], &["a"], wider),
            (&["a"], &[], wider),
            (&[], &["a"], wider),
            (&[], &[], None),
        ] {
            assert_eq!(difference(&scopes(wanted), &scopes(got)), expected);
        }
        assert_eq!(difference(&scopes(&["a"]), &TokenRights::default()), wider);
        assert_eq!(difference(&TokenRights::default(), &scopes(&["a"])), None);
    }

    #[test]
    fn unreadable_restriction_is_wider() {
        let unreadable = TokenRights {
            unreadable: vec![TokenFact::Permissions],
            ..TokenRights::default()
        };
        let wider = Some((TokenFact::Permissions, true));
        assert_eq!(difference(&unreadable, &TokenRights::default()), wider);
        assert_eq!(difference(&TokenRights::default(), &unreadable), wider);
    }

    #[test]
    fn permanent_instead_of_temporary_is_wider() {
        let kind = |kind| TokenRights {
            kind: Some(kind),
            ..TokenRights::default()
        };
        let (temporary, permanent) = (kind(TokenKind::Temporary), kind(TokenKind::Permanent));
        assert_eq!(
            difference(&temporary, &permanent),
            Some((TokenFact::Kind, true))
        );
        assert_eq!(
            difference(&permanent, &temporary),
            Some((TokenFact::Kind, false))
        );
        assert_eq!(difference(&temporary, &temporary), None);
    }

    #[test]
    fn lifetimes_are_formatted_in_one_unit() {
        for (seconds, expected) in [
            (30 * DAY, "30 days"),
            (DAY, "1 day"),
            (36 * 3600, "36 hours"),
            (3600, "1 hour"),
            (90, "90 seconds"),
        ] {
            let lifetime = Lifetime::Limited(SignedDuration::from_secs(seconds));
            assert_eq!(lifetime.to_string(), expected);
        }
        assert_eq!(Lifetime::Unlimited.to_string(), "never expires");
    }
}
