//! A table of each rule: the facts, and what an audit makes of them.

mod profile;
mod usage;

use std::collections::HashMap;

use jiff::Timestamp;

use super::{Audit, AuditFacts, AuditPolicy, Remedy, ServiceFacts, audit};
use crate::domain::{
    ApiToken, AuditRule, AuditSettings, IgnoredFinding, Severity, TokenFact, TokenId,
};
use crate::vault::{RememberedTargets, RememberedToken, SecretDestination, TargetCommand};

const NOW: i64 = 1_800_000_000;

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

/// The time `days` days ago; a negative number is in the future.
fn ago(days: i64) -> Timestamp {
    Timestamp::from_second(NOW - days * 86_400).unwrap()
}

/// A token that no rule finds.
fn good() -> ApiToken {
    ApiToken {
        id: Some(TokenId::new("12")),
        name: Some("ci".to_owned()),
        created_at: Some(ago(10)),
        expires_at: Some(ago(-60)),
        reports_expiry: true,
        active: Some(true),
        last_used_at: Some(ago(1)),
        scopes: Some(words(&["articles"])),
        permissions: Some(words(&["read"])),
        ..ApiToken::default()
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn service() -> ServiceFacts {
    ServiceFacts {
        can_list: true,
        can_rotate: true,
        can_narrow: true,
        can_revoke: true,
        expiry_option: Some("--temporary"),
        offers_scopes: true,
        offers_permissions: true,
        reports_last_use: true,
        reports_scopes: true,
        reports_permissions: true,
        quota: None,
        needs: Vec::new(),
    }
}

fn facts(tokens: Vec<ApiToken>) -> AuditFacts {
    AuditFacts {
        profile: "work".parse().unwrap(),
        service: service(),
        usage: Vec::new(),
        tokens,
        interrupted: Vec::new(),
        own: None,
        local_use: HashMap::new(),
        targets: Vec::new(),
        rejected_env_key: None,
    }
}

fn default_policy() -> AuditPolicy {
    AuditSettings::default().into()
}

fn run(facts: AuditFacts) -> Audit {
    audit(&[facts], &default_policy(), now())
}

/// Each finding as `RULE SEVERITY VALUE/LIMIT`.
fn summaries(audit: &Audit) -> Vec<String> {
    let number = |number: Option<i64>| number.map_or("-".to_owned(), |number| number.to_string());
    let findings = audit.findings.iter();
    findings
        .map(|it| {
            let (value, limit) = (number(it.value), number(it.limit));
            let (rule, severity) = (it.rule.name(), it.severity.name());
            format!("{rule} {severity} {value}/{limit}")
        })
        .collect()
}

fn commands(audit: &Audit) -> Vec<String> {
    let commands = audit.findings.iter();
    commands.filter_map(|it| it.fix.clone()).collect()
}

#[test]
fn recent_use_on_this_computer_answers_whether_a_token_is_unused_and_an_old_one_does_not() {
    let audited = |used: Option<i64>| {
        let mut facts = facts(vec![good()]);
        facts.service.reports_last_use = false;
        facts
            .local_use
            .extend(used.map(|days| (TokenId::new("12"), ago(days))));
        run(facts)
    };
    for (used, unknown, listed) in [(None, 1, 0), (Some(30), 0, 1), (Some(31), 1, 1)] {
        let audit = audited(used);
        let counts = (audit.unknown.len(), audit.local_use.len());
        assert_eq!(counts, (unknown, listed), "{used:?}");
        assert!(audit.findings.is_empty());
    }
}

#[test]
fn each_rule_about_a_token_finds_its_fact_and_the_number() {
    type Change = fn(&mut ApiToken);
    #[rustfmt::skip]
    let rows: [(Change, &[&str]); 21] = [
        (|_| {}, &[]),
        (|it| it.created_at = Some(ago(90)), &[]),
        (|it| it.created_at = Some(ago(91)), &["old warning 91/90"]),
        (|it| it.last_used_at = Some(ago(30)), &[]),
        (|it| it.last_used_at = Some(ago(31)), &["unused warning 31/30"]),
        (|it| { it.last_used_at = None; it.created_at = Some(ago(7)); }, &[]),
        (|it| { it.last_used_at = None; it.created_at = Some(ago(8)); }, &["unused warning 8/7"]),
        (|it| it.expires_at = None, &["never-expires warning -/-"]),
        (|it| it.expires_at = Some(ago(-15)), &[]),
        (|it| it.expires_at = Some(ago(-14)), &["expires-soon warning 14/14"]),
        (|it| it.expires_at = Some(ago(3)), &["expired-but-listed info 3/-"]),
        (|it| it.active = Some(false), &["inactive info -/-"]),
        (|it| { it.active = Some(false); it.revoked = true; it.created_at = Some(ago(500)); }, &[]),
        (|it| it.scopes = Some(Vec::new()), &["unlimited warning -/-"]),
        (|it| it.scopes = None, &["unlimited warning -/-"]),
        (|it| it.permissions = Some(Vec::new()), &["unlimited warning -/-"]),
        (|it| { it.created_at = Some(ago(500)); it.active = Some(false); }, &["inactive info -/-"]),
        (|it| { it.created_at = Some(ago(100)); it.last_used_at = Some(ago(40)); },
            &["old warning 100/90", "unused warning 40/30"]),
        (|it| it.active = None, &[]),
        (|it| { it.created_at = Some(ago(1)); it.expires_at = Some(ago(-9)); }, &[]),
        (|it| { it.created_at = Some(ago(9)); it.expires_at = Some(ago(-1)); }, &["expires-soon warning 1/1"]),
    ];
    for (change, expected) in rows {
        let mut token = good();
        change(&mut token);
        let audit = run(facts(vec![token.clone()]));
        assert_eq!(summaries(&audit), expected, "{token:?}");
        assert_eq!((audit.checked, &audit.unknown), (1, &Vec::new()));
    }
}

#[test]
fn fact_that_is_not_known_is_counted_and_never_guessed() {
    type Change = fn(&mut AuditFacts);
    #[rustfmt::skip]
    let rows: [(Change, &[(AuditRule, &str)]); 7] = [
        (|it| it.service.reports_last_use = false, &[(AuditRule::Unused, "last_used_at")]),
        (|it| it.tokens[0].created_at = None, &[(AuditRule::Old, "created_at")]),
        (|it| { it.tokens[0].created_at = None; it.tokens[0].last_used_at = None; },
            &[(AuditRule::Old, "created_at"), (AuditRule::Unused, "created_at")]),
        (|it| { it.tokens[0].expires_at = None; it.tokens[0].reports_expiry = false; },
            &[(AuditRule::NeverExpires, "expires_at")]),
        (|it| it.service.reports_scopes = false, &[(AuditRule::Unlimited, "scopes")]),
        (|it| it.tokens[0].unreadable = vec![TokenFact::Permissions], &[(AuditRule::Unlimited, "permissions")]),
        (|it| { it.tokens.clear(); it.service.can_list = false; }, &[(AuditRule::Old, "tokens")]),
    ];
    for (change, expected) in rows {
        let mut facts = facts(vec![good()]);
        change(&mut facts);
        let audit = run(facts);
        assert_eq!(summaries(&audit), [""; 0], "{expected:?}");
        let unknown: Vec<_> = audit.unknown.iter().map(|it| (it.rule, it.fact)).collect();
        assert_eq!(unknown, expected);
    }
    let mut several = facts(vec![good(), good(), good()]);
    several.tokens[1].name = None;
    several.tokens[2].name = None;
    several.service.reports_last_use = false;
    let counts: Vec<_> = run(several).unknown.iter().map(|it| it.count).collect();
    assert_eq!(counts, [3]);
}

#[test]
fn token_with_more_rights_than_the_policy_allows_is_an_error() {
    let policy: AuditPolicy = AuditSettings {
        allow_scope: Some(words(&["articles", "user"])),
        allow_permission: Some(words(&["read"])),
        ..AuditSettings::default()
    }
    .into();
    let mut token = good();
    token.scopes = Some(words(&["articles", "social"]));
    token.permissions = Some(words(&["read", "delete"]));
    let found = audit(&[facts(vec![token, good_named("b")])], &policy, now());
    assert_eq!(summaries(&found), ["wide error 2/-"]);
    let message = &found.findings[0].message;
    assert!(
        message.ends_with("scope social, permission delete"),
        "{message}"
    );
    assert_eq!(
        commands(&found),
        ["token create ci --scope articles --permission read"]
    );

    let mut other = good();
    other.scopes = Some(words(&["social"]));
    let fixes = |token: ApiToken, change: fn(&mut AuditFacts)| {
        let mut facts = facts(vec![token, good_named("b")]);
        change(&mut facts);
        let found = audit(&[facts], &policy, now());
        let findings = found.findings.into_iter();
        let found: Vec<_> = findings.map(|finding| finding.fix).collect();
        found
    };
    let create = "token create ci --scope articles --scope user --permission read";
    assert_eq!(fixes(other.clone(), |_| {}), [Some(create.to_owned())]);
    let no_scopes: fn(&mut AuditFacts) = |facts| facts.service.offers_scopes = false;
    assert_eq!(fixes(other, no_scopes), [None], "it would have all scopes");

    let mut hidden = facts(vec![good()]);
    hidden.service.offers_scopes = false;
    hidden.service.reports_scopes = false;
    let found = audit(&[hidden], &policy, now());
    assert_eq!(summaries(&found), [""; 0]);
    assert_eq!(found.unknown[0].rule, AuditRule::Wide);
}

#[test]
fn id_of_a_service_is_quoted_in_a_command() {
    let hostile = ApiToken {
        id: Some(TokenId::new("1; rm -r $HOME")),
        created_at: Some(ago(100)),
        ..good()
    };
    let found = run(facts(vec![hostile]));
    assert_eq!(commands(&found), ["token rotate '1; rm -r $HOME'"]);
}

fn good_named(name: &str) -> ApiToken {
    ApiToken {
        id: Some(TokenId::new(format!("id-{name}"))),
        name: Some(name.to_owned()),
        ..good()
    }
}

#[test]
fn token_whose_key_was_replaced_where_it_was_written_has_the_same_purpose() {
    let named = |id: &str| ApiToken {
        id: Some(TokenId::new(id)),
        name: Some(id.to_owned()),
        ..good()
    };
    let each_token_elsewhere = SecretDestination::Command(TargetCommand {
        command: "cat > key-$BRAINMAPS_NEW_TOKEN_ID".to_owned(),
        directory: "/a".into(),
    });
    let written = |id: &str, days: i64, targets: &[&str]| RememberedTargets {
        token: RememberedToken {
            profile: "work".parse().unwrap(),
            provider: "brainmaps".parse().unwrap(),
            kind: None,
            origin: "https://a.example".parse().unwrap(),
            id: TokenId::new(id),
        },
        name: None,
        since: ago(days),
        targets: targets
            .iter()
            .map(|path| SecretDestination::EnvFile(path.into()))
            .chain([each_token_elsewhere.clone()])
            .collect(),
    };
    let mut facts = facts(vec![named("1"), named("2"), named("3")]);
    facts.targets = vec![
        written("1", 5, &["/a/.env", "/b/.env"]),
        written("2", 1, &["/b/.env"]),
        written("3", 1, &["/c/.env"]),
        // Revoked: the key is not in the list.
        written("4", 0, &["/c/.env"]),
    ];
    let found = run(facts);
    assert_eq!(summaries(&found), ["same-purpose warning -/-"]);
    let finding = &found.findings[0];
    assert_eq!(finding.token, Some(TokenId::new("1")));
    let message = &finding.message;
    assert!(message.contains("token 2 in"), "{message}");
    assert!(message.contains("/b/.env"), "{message}");
}

#[test]
fn every_token_but_the_newest_of_a_name_is_a_duplicate() {
    let token = |id: &str, name: &str, created| ApiToken {
        id: Some(TokenId::new(id)),
        name: Some(name.to_owned()),
        created_at: Some(ago(created)),
        ..good()
    };
    let mut revoked = token("4", "a", 0);
    revoked.active = Some(false);
    revoked.revoked = true;
    let tokens = vec![
        token("1", "a", 9),
        token("2", "a", 2),
        token("3", "a", 5),
        revoked,
        token("5", "b", 1),
    ];
    let found = run(facts(tokens));
    let ids: Vec<_> = found.findings.iter().map(|it| it.token.clone()).collect();
    assert_eq!(ids, [Some(TokenId::new("1")), Some(TokenId::new("3"))]);
    assert_eq!(summaries(&found), ["duplicate-name warning 2/-"; 2]);
    assert!(found.findings[0].message.ends_with("token 2"));
    assert_eq!(found.findings[0].remedy, Some(Remedy::Revoke));
}

#[test]
fn fix_is_what_the_service_offers() {
    let old = ApiToken {
        created_at: Some(ago(100)),
        ..good()
    };
    for (can_rotate, can_revoke, remedy) in [
        (true, true, Some(Remedy::Rotate)),
        (false, true, Some(Remedy::Revoke)),
        (false, false, None),
    ] {
        let mut facts = facts(vec![old.clone()]);
        facts.service.can_rotate = can_rotate;
        facts.service.can_revoke = can_revoke;
        assert_eq!(run(facts).findings[0].remedy, remedy);
    }
    let permanent = ApiToken {
        expires_at: None,
        ..good()
    };
    let mut facts = facts(vec![permanent]);
    facts.service.expiry_option = None;
    assert_eq!(summaries(&run(facts)), ["never-expires info -/-"]);
}

#[test]
fn finding_is_ignored_until_the_day_that_the_policy_names() {
    let entry = |rule, token: Option<&str>, until: &str| IgnoredFinding {
        rule,
        token: token.map(str::to_owned),
        profile: None,
        until: until.parse().unwrap(),
        reason: Some("a reason".to_owned()),
    };
    let today = "2027-01-15";
    let other_profile = IgnoredFinding {
        profile: Some("other".parse().unwrap()),
        ..entry(AuditRule::Old, Some("12"), today)
    };
    for (entry, expected, ignored) in [
        (entry(AuditRule::Old, Some("12"), today), &[][..], 1),
        (entry(AuditRule::Old, Some("13"), today), &["old"], 0),
        (entry(AuditRule::Old, None, today), &["old"], 0),
        (entry(AuditRule::Unused, Some("12"), today), &["old"], 0),
        (other_profile, &["old"], 0),
        (
            entry(AuditRule::Old, Some("12"), "2027-01-14"),
            &["old", "ignore-expired"],
            0,
        ),
    ] {
        let mut policy = default_policy();
        policy.ignore = vec![entry];
        let old = ApiToken {
            created_at: Some(ago(100)),
            ..good()
        };
        let found = audit(&[facts(vec![old])], &policy, now());
        let rules: Vec<_> = found.findings.iter().map(|it| it.rule.name()).collect();
        assert_eq!((rules.as_slice(), found.ignored), (expected, ignored));
        assert!(
            found
                .findings
                .iter()
                .all(|it| it.severity == Severity::Warning)
        );
    }
}
