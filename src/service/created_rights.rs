//! Compares a new token with what was requested. A field of the create call that means something else than the
//! description says, such as seconds instead of days, shows only in the response.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::token_rights::compare_sets;
use super::{Lifetime, NewToken, RightsChange, TokenRights};
use crate::domain::{ApiToken, TokenExpiry, TokenFact};
use crate::provider::CreateCall;

/// Services round an expiry to a whole day.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(24);

/// Returns the facts in which `created` differs from `new_token`: another expiry, or wider rights. Facts that were not
/// requested, or that the response does not report, are not compared.
pub fn compare_with_request(
    call: &CreateCall,
    new_token: &NewToken,
    created: &ApiToken,
    now: Timestamp,
) -> Vec<RightsChange> {
    let requested = new_token.requested_rights(call);
    let reported = reported_rights(created, now);
    let expiry = is_other_lifetime(requested.lifetime, reported.lifetime);
    let is_wider = |requested: &Option<BTreeSet<String>>, reported: &Option<BTreeSet<String>>| {
        reported.is_some() && compare_sets(requested.as_ref(), reported.as_ref()) == Some(true)
    };
    let found = [
        (TokenFact::Expiry, expiry),
        (
            TokenFact::Scopes,
            !call.implied_scopes && is_wider(&requested.scopes, &reported.scopes),
        ),
        (
            TokenFact::Permissions,
            is_wider(&requested.permissions, &reported.permissions),
        ),
    ];
    let differing = found.into_iter().filter(|(_, differs)| *differs);
    differing
        .map(|(fact, _)| RightsChange {
            fact,
            old: requested.describe(fact),
            new: reported.describe(fact),
            is_wider: true,
        })
        .collect()
}

/// Returns what the response reports. A missing expiry does not prove that the token never expires; an expiry of null
/// does.
fn reported_rights(created: &ApiToken, now: Timestamp) -> TokenRights {
    let start = created.created_at.unwrap_or(now);
    let set = |words: &Option<Vec<String>>| words.clone().map(BTreeSet::from_iter);
    TokenRights {
        lifetime: match created.expiry() {
            TokenExpiry::At(end) => Some(Lifetime::Limited(end.duration_since(start))),
            TokenExpiry::Never => Some(Lifetime::Unlimited),
            TokenExpiry::Unknown => None,
        },
        permissions: set(&created.permissions),
        scopes: set(&created.scopes),
        ..TokenRights::default()
    }
}

fn is_other_lifetime(requested: Option<Lifetime>, reported: Option<Lifetime>) -> bool {
    match (requested, reported) {
        (Some(Lifetime::Limited(requested)), Some(Lifetime::Limited(reported))) => {
            (reported - requested).abs() > TOLERANCE.min(requested / 2)
        }
        (Some(requested), Some(reported)) => requested != reported,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn call() -> CreateCall {
        let text = "call = \"POST /t\"\nsecret = \"/key\"\n\
            body = { scopes = \"scopes\", may = \"permissions\", days = \"expires_in_days\", forever = \"permanent\" }";
        toml::from_str(text).unwrap()
    }

    fn created(seconds: Option<i64>) -> ApiToken {
        ApiToken {
            created_at: Some(Timestamp::UNIX_EPOCH),
            expires_at: seconds.map(|seconds| Timestamp::from_second(seconds).unwrap()),
            reports_expiry: true,
            ..ApiToken::default()
        }
    }

    fn facts(new_token: &NewToken, created: &ApiToken) -> Vec<String> {
        let changes = compare_with_request(&call(), new_token, created, Timestamp::UNIX_EPOCH);
        changes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn expiry_that_is_off_by_more_than_a_day_differs() {
        let days = |days: i64| NewToken {
            expires_in: Some(SignedDuration::from_hours(24 * days)),
            ..NewToken::default()
        };
        let silent = ApiToken::default();
        for (new_token, created, expected) in [
            (days(90), created(Some(90 * DAY)), None),
            (days(90), created(Some(91 * DAY)), None),
            (days(90), created(Some(89 * DAY)), None),
            (days(90), created(Some(90)), Some("90 days -> 90 seconds")),
            (
                days(90),
                created(Some(92 * DAY)),
                Some("90 days -> 92 days"),
            ),
            (days(1), created(Some(1)), Some("1 day -> 1 second")),
            (days(90), created(None), Some("90 days -> never expires")),
            (days(90), silent.clone(), None),
            (NewToken::default(), created(Some(90)), None),
        ] {
            let expected = expected.map(|it| format!("expiry ({it})"));
            assert_eq!(facts(&new_token, &created), Vec::from_iter(expected));
        }
    }

    #[test]
    fn only_wider_rights_differ() {
        let words = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        for (requested, reported, expected) in [
            (&["a", "b"][..], Some(&["b", "a"][..]), 0),
            (&["a", "b"], Some(&["a"]), 0),
            (&["a"], Some(&["a", "b"]), 1),
            (&["a"], Some(&[]), 1),
            (&["a"], None, 0),
            (&[], Some(&["a"]), 0),
        ] {
            let new_token = NewToken {
                scopes: words(requested),
                ..NewToken::default()
            };
            let created = ApiToken {
                scopes: reported.map(words),
                ..ApiToken::default()
            };
            assert_eq!(
                facts(&new_token, &created).len(),
                expected,
                "{requested:?} {reported:?}"
            );
        }
    }
    #[test]
    fn implied_scopes_do_not_differ() {
        let mut call = call();
        call.implied_scopes = true;
        let words = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect();
        let new_token = NewToken {
            scopes: words(&["read"]),
            permissions: words(&["a"]),
            ..NewToken::default()
        };
        let created = ApiToken {
            scopes: Some(words(&["read", "read:name"])),
            permissions: Some(words(&["a", "b"])),
            ..ApiToken::default()
        };
        let changes = compare_with_request(&call, &new_token, &created, Timestamp::UNIX_EPOCH);
        let facts: Vec<TokenFact> = changes.iter().map(|it| it.fact).collect();
        assert_eq!(facts, [TokenFact::Permissions]);
    }
}
