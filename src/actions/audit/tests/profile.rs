//! The rules about a profile.

use jiff::SignedDuration;

use super::{ago, commands, facts, good, good_named, run, summaries};
use crate::actions::OwnCredential;
use crate::actions::token::revoked_env_key::RejectedEnvKey;
use crate::domain::{ApiToken, AuditRule, TokenId};
use crate::provider::{Quota, QuotaScope};
use crate::vault::JournaledOperation;

#[test]
fn interrupted_operations_are_errors_and_come_first() {
    let mut facts = facts(vec![ApiToken {
        created_at: Some(ago(100)),
        ..good()
    }]);
    facts.interrupted = vec![
        JournaledOperation::Rotation {
            old: TokenId::new("12"),
            began_at: ago(2),
            is_by_service: false,
        },
        JournaledOperation::Creation {
            name: Some("new".to_owned()),
            began_at: ago(1),
        },
    ];
    let found = run(facts);
    assert_eq!(
        summaries(&found),
        [
            "rotation-open error 2/-",
            "rotation-open error 1/-",
            "old warning 100/90"
        ]
    );
    let names: Vec<_> = found.findings.iter().map(|it| it.name.as_deref()).collect();
    assert_eq!(names, [Some("ci"), Some("new"), Some("ci")]);
    assert_eq!(
        commands(&found),
        ["token rotate 12", "token list", "token rotate 12"]
    );
}

#[test]
fn number_of_tokens_is_compared_with_the_limit_of_the_service() {
    for (of, permanent, temporary, expected) in [
        (QuotaScope::Permanent, 3, 2, &[][..]),
        (QuotaScope::Permanent, 4, 0, &["near-limit info 4/5"]),
        (QuotaScope::Permanent, 5, 0, &["near-limit warning 5/5"]),
        (QuotaScope::Active, 2, 1, &[]),
        (QuotaScope::Active, 2, 2, &["near-limit info 4/5"]),
    ] {
        let mut tokens: Vec<_> = (0..permanent + temporary)
            .map(|number| good_named(&number.to_string()))
            .collect();
        for token in &mut tokens[..permanent] {
            token.expires_at = None;
        }
        let mut facts = facts(tokens);
        facts.service.quota = Some(Quota {
            count: 5,
            of,
            per: "account".to_owned(),
        });
        let mut found = run(facts);
        found.findings.retain(|it| it.rule == AuditRule::NearLimit);
        assert_eq!(summaries(&found), expected, "{of:?}");
    }
}

#[test]
fn credential_in_use_has_an_age_and_an_end_of_its_own() {
    let hours = |hours| Some(SignedDuration::from_hours(hours));
    for (is_refreshable, since, remaining, expected) in [
        (false, Some(ago(10)), hours(500), &[][..]),
        (
            false,
            Some(ago(91)),
            hours(500),
            &["own-credential warning 91/90"],
        ),
        (
            false,
            Some(ago(10)),
            hours(48),
            &["own-credential warning 2/14"],
        ),
        (true, Some(ago(91)), hours(1), &[]),
    ] {
        let mut facts = facts(Vec::new());
        facts.own = Some(OwnCredential {
            label: "API key",
            is_refreshable,
            since,
            remaining,
            lifetime: None,
        });
        let found = run(facts);
        assert_eq!(summaries(&found), expected);
        assert_eq!(found.unknown, []);
    }
    let mut facts = facts(Vec::new());
    facts.own = Some(OwnCredential {
        label: "API key",
        is_refreshable: false,
        since: None,
        remaining: None,
        lifetime: None,
    });
    let unknown: Vec<_> = run(facts).unknown.iter().map(|it| it.fact).collect();
    assert_eq!(unknown, ["created_at", "expires_at"]);
}

#[test]
fn rejected_key_in_an_env_file_is_found() {
    let mut facts = facts(Vec::new());
    facts.rejected_env_key = Some(RejectedEnvKey {
        variable: "A_KEY".to_owned(),
        path: "/p/.env".into(),
    });
    let found = run(facts);
    assert_eq!(summaries(&found), ["local-copy warning -/-"]);
    assert!(found.findings[0].message.contains("A_KEY in `/p/.env`"));
}
