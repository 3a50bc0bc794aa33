//! The rules about a profile.

use jiff::SignedDuration;

use super::{ago, commands, facts, good, good_named, run, summaries};
use crate::actions::OwnCredential;
use crate::actions::token::revoked_env_key::RejectedEnvKey;
use crate::domain::{ApiToken, AuditRule, TokenId};
use crate::provider::{Quota, QuotaScope};
use crate::vault::{JournaledOperation, SecretDestination, UnfinishedRotation};

#[test]
fn interrupted_operations_are_errors_and_come_first() {
    let mut facts = facts(vec![ApiToken {
        created_at: Some(ago(100)),
        ..good()
    }]);
    facts.interrupted = vec![
        JournaledOperation::Rotation(open_rotation("12")),
        JournaledOperation::Creation {
            id: None,
            name: Some("new".to_owned()),
            began_at: ago(1),
            written_to: Vec::new(),
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
    assert_eq!(commands(&found), ["token rotate 12", "token list"]);
}

fn open_rotation(old: &str) -> UnfinishedRotation {
    UnfinishedRotation {
        old: TokenId::new(old),
        name: None,
        new: None,
        began_at: ago(2),
        is_by_service: false,
        waits_for: Vec::new(),
    }
}

#[test]
fn no_rule_proposes_to_revoke_or_rotate_a_token_of_an_open_rotation() {
    let token = |id: &str, created| ApiToken {
        id: Some(TokenId::new(id)),
        created_at: Some(ago(created)),
        last_used_at: Some(ago(50)),
        expires_at: None,
        ..good()
    };
    let mut facts = facts(vec![token("1", 120), token("2", 100), token("3", 95)]);
    facts.interrupted = vec![JournaledOperation::Rotation(UnfinishedRotation {
        new: Some(TokenId::new("3")),
        waits_for: vec![SecretDestination::EnvFile("/srv/app.env".into())],
        ..open_rotation("2")
    })];
    let found = run(facts);
    let [first, others @ ..] = found.findings.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(
        first.message,
        "its rotation waits for /srv/app.env, without the new key yet: both tokens may be valid"
    );
    assert_eq!(first.fix.as_deref(), Some("token rotate 2"));
    for finding in others {
        let is_open = finding.token != Some(TokenId::new("1"));
        assert_eq!(finding.fix.is_none(), is_open, "{finding:?}");
        assert_eq!(finding.remedy.is_none() && is_open, is_open, "{finding:?}");
    }
    let duplicates = others
        .iter()
        .filter(|it| it.rule == AuditRule::DuplicateName);
    let duplicates: Vec<_> = duplicates.filter_map(|it| it.token.as_ref()).collect();
    assert_eq!(duplicates, [&TokenId::new("1")]);
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
