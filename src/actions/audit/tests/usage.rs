//! The rule about rights that a token did not use.

use jiff::civil::Date;

use super::*;
use crate::actions::audit::TokenUsage;
use crate::domain::{CredentialUsage, RequestPattern, UsedRequest};
use crate::provider::RequestNeed;

/// The day of [`NOW`], and `days` days before.
fn day(days: i32) -> Date {
    let today = jiff::tz::TimeZone::UTC.to_datetime(now()).date();
    today - jiff::Span::new().days(days)
}

fn reads() -> RequestNeed {
    RequestNeed {
        requests: vec![RequestPattern::try_from("GET /**".to_owned()).unwrap()],
        permission: Some("read".to_owned()),
        scope: None,
    }
}

/// A token that may write, and was used to read since 20 days.
fn observed() -> AuditFacts {
    let mut token = good();
    token.permissions = Some(words(&["read", "write"]));
    token.last_used_at = Some(ago(1));
    let mut usage = CredentialUsage::default();
    for days in [20, 1] {
        usage.add_request(UsedRequest::new("GET", "/api/items", day(days)));
    }
    let id = TokenId::new("12");
    let mut facts = facts(vec![token]);
    facts.service.needs = vec![reads()];
    facts.usage = vec![TokenUsage { id, usage }];
    facts
}

#[test]
fn right_that_was_not_used_is_found_with_the_command_that_removes_it() {
    let audit = run(observed());
    assert_eq!(summaries(&audit), ["wider-than-used warning 1/-"]);
    let finding = &audit.findings[0];
    assert_eq!(
        finding.message,
        "has rights that it did not use: permission write; it needs permissions read"
    );
    assert_eq!(commands(&audit), ["token rotate 12 --narrow"]);
    assert_eq!(finding.remedy, Some(Remedy::Narrow));
    let mut own_call = observed();
    own_call.service.can_narrow = false;
    assert_eq!(commands(&run(own_call)), [""; 0]);
}

#[test]
fn token_that_uses_its_rights_or_is_not_described_has_no_finding() {
    type Change = fn(&mut AuditFacts);
    let rows: [(Change, &[&str]); 6] = [
        (|it| it.tokens[0].permissions = Some(words(&["read"])), &[]),
        (|it| it.service.needs.clear(), &[]),
        (|it| it.usage.clear(), &["usage"]),
        (|it| it.usage[0].id = TokenId::new("13"), &["usage"]),
        (
            |it| it.tokens[0].last_used_at = Some(ago(0)),
            &["used_elsewhere"],
        ),
        (
            |it| it.usage[0].usage.requests[0].first = day(13),
            &["observed"],
        ),
    ];
    for (change, expected) in rows {
        let mut facts = observed();
        change(&mut facts);
        let audit = run(facts);
        assert_eq!(summaries(&audit), [""; 0], "{expected:?}");
        let unknown: Vec<_> = audit.unknown.iter().map(|it| it.fact).collect();
        assert_eq!(unknown, expected);
    }
    let policy: AuditPolicy = AuditSettings {
        observed: Some("21d".to_owned().try_into().unwrap()),
        ..AuditSettings::default()
    }
    .into();
    let longer = audit(&[observed()], &policy, now());
    assert_eq!(longer.unknown[0].fact, "observed");
}
